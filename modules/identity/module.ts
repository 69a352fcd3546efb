import type { Module } from "../../kernel/module.ts";
import { routes } from "./routes.ts";

export const identity: Module = { name: "identity", routes };
