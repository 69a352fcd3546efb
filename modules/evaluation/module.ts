import type { Module } from "../../kernel/module.ts";
import { nouns } from "./nouns.ts";
import { routes } from "./routes.ts";
import { scoringKind } from "./scoring.ts";

export const evaluation: Module = { name: "evaluation", nouns, routes, tasks: [scoringKind] };
