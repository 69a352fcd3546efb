import type { Module } from "../../kernel/module.ts";
import { nouns } from "./nouns.ts";
import { routes } from "./routes.ts";
import { work } from "./work.ts";

export const assistant: Module = { name: "assistant", nouns, routes, work };
