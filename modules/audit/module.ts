import type { Module } from "../../kernel/module.ts";

export const audit: Module = { name: "audit" };
