import type { Module } from "../../kernel/module.ts";
import { routes } from "./routes.ts";

export const audit: Module = { name: "audit", routes };
