import type { Module } from "../../kernel/module.ts";

export const tasks: Module = { name: "tasks" };
