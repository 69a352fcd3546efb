import type { Module } from "../../kernel/module.ts";
import { exportKind } from "./exports.ts";
import { nouns } from "./nouns.ts";
import { routes } from "./routes.ts";

export const studio: Module = { name: "studio", nouns, routes, tasks: [exportKind] };
