import type { Module } from "../../kernel/module.ts";
import { routes } from "./routes.ts";

export const labeling: Module = { name: "labeling", routes };
