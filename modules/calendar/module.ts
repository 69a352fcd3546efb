import type { Module } from "../../kernel/module.ts";
import { nouns } from "./nouns.ts";

export const calendar: Module = { name: "calendar", nouns };
