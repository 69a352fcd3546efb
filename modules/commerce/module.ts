import type { Module } from "../../kernel/module.ts";

export const commerce: Module = { name: "commerce" };
