import type { Module } from "../../kernel/module.ts";
import { importKind, undoKind } from "./kinds.ts";
import { routes } from "./routes.ts";

export const imports: Module = { name: "imports", routes, tasks: [importKind, undoKind] };
