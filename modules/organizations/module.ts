import type { Module } from "../../kernel/module.ts";
import { routes } from "./routes.ts";

export const organizations: Module = { name: "organizations", routes };
