import type { Module } from "../../kernel/module.ts";

export const assistant: Module = { name: "assistant" };
