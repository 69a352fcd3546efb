import type { Module } from "../../kernel/module.ts";
import { nouns } from "./nouns.ts";

export const analytics: Module = { name: "analytics", nouns };
