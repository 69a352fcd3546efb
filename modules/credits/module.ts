import type { Module } from "../../kernel/module.ts";

export const credits: Module = { name: "credits" };
