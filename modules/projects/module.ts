import type { Module } from "../../kernel/module.ts";
import { nouns } from "./nouns.ts";

export const projects: Module = { name: "projects", nouns };
