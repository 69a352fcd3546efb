import type { Module } from "../../kernel/module.ts";
import { forgetKeys } from "./events.ts";
import { nouns } from "./nouns.ts";
import { routes } from "./routes.ts";

export const analytics: Module = { name: "analytics", nouns, routes, work: [forgetKeys] };
