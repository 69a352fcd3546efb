import type { Module } from "../../kernel/module.ts";
import { nouns } from "./nouns.ts";
import { routes } from "./routes.ts";

export const crm: Module = { name: "crm", nouns, routes };
