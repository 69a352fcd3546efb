import type { Module } from "../../kernel/module.ts";

export const identity: Module = { name: "identity" };
