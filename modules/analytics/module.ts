import type { Module } from "../../kernel/module.ts";

export const analytics: Module = { name: "analytics" };
