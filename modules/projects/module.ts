import type { Module } from "../../kernel/module.ts";

export const projects: Module = { name: "projects" };
