import type { Module } from "../../kernel/module.ts";
import { nouns } from "./nouns.ts";

export const studio: Module = { name: "studio", nouns };
