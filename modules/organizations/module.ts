import type { Module } from "../../kernel/module.ts";

export const organizations: Module = { name: "organizations" };
