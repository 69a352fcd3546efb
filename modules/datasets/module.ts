import type { Module } from "../../kernel/module.ts";
import { nouns } from "./nouns.ts";

export const datasets: Module = { name: "datasets", nouns };
