import type { Module } from "../../kernel/module.ts";
import { descriptionRoutes } from "./description-routes.ts";
import { nouns } from "./nouns.ts";
import { describeKind } from "./product-descriptions.ts";
import { routes } from "./routes.ts";

export const content: Module = {
  name: "content",
  nouns,
  routes: [...routes, ...descriptionRoutes],
  tasks: [describeKind],
};
