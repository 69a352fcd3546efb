import type { Module } from "../../kernel/module.ts";

export const studio: Module = { name: "studio" };
