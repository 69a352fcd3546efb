import type { Module } from "../../kernel/module.ts";
import { nouns } from "./nouns.ts";

export const commerce: Module = { name: "commerce", nouns };
