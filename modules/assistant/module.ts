import type { Module } from "../../kernel/module.ts";
import { nouns } from "./nouns.ts";

export const assistant: Module = { name: "assistant", nouns };
