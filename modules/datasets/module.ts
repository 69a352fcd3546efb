import type { Module } from "../../kernel/module.ts";

export const datasets: Module = { name: "datasets" };
