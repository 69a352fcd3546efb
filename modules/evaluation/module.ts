import type { Module } from "../../kernel/module.ts";

export const evaluation: Module = { name: "evaluation" };
