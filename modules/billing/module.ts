import type { Module } from "../../kernel/module.ts";
import { nouns } from "./nouns.ts";
import { printKind } from "./printing.ts";
import { routes } from "./routes.ts";

export const billing: Module = { name: "billing", nouns, routes, tasks: [printKind] };
