import type { Module } from "../../kernel/module.ts";
import { nouns } from "./nouns.ts";

export const content: Module = { name: "content", nouns };
