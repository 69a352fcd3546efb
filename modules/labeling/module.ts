import type { Module } from "../../kernel/module.ts";
import { exportKind } from "./exports.ts";
import { importKind } from "./imports.ts";
import { nouns } from "./nouns.ts";
import { routes } from "./routes.ts";

export const labeling: Module = { name: "labeling", nouns, routes, tasks: [importKind, exportKind] };
