import type { Module } from "../../kernel/module.ts";
import { nouns } from "./nouns.ts";

export const crm: Module = { name: "crm", nouns };
