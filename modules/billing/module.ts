import type { Module } from "../../kernel/module.ts";

export const billing: Module = { name: "billing" };
