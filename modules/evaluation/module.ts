import type { Module } from "../../kernel/module.ts";
import { nouns } from "./nouns.ts";

export const evaluation: Module = { name: "evaluation", nouns };
