import type { Module } from "../../kernel/module.ts";

export const calendar: Module = { name: "calendar" };
