import type { Module } from "../../kernel/module.ts";
import { eventKind, hookRetention } from "./hooks.ts";
import { nouns } from "./nouns.ts";
import { publishKind } from "./products.ts";
import { routes } from "./routes.ts";
import { syncKind } from "./sync.ts";

export const commerce: Module = {
  name: "commerce",
  nouns,
  routes,
  tasks: [syncKind, eventKind, publishKind],
  work: [hookRetention],
};
