import type { Module } from "../../kernel/module.ts";
import { nouns } from "./nouns.ts";

export const billing: Module = { name: "billing", nouns };
