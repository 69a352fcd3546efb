import type { Module } from "../../kernel/module.ts";

export const crm: Module = { name: "crm" };
