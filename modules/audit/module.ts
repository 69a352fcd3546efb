import type { Module } from "../../kernel/module.ts";
import { routes } from "./routes.ts";
import { work } from "./work.ts";

export const audit: Module = { name: "audit", routes, work };
