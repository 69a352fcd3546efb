import type { Module } from "../../kernel/module.ts";
import { nouns } from "./nouns.ts";
import { routes } from "./routes.ts";

export const projects: Module = { name: "projects", nouns, routes };
