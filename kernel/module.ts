import type { Route } from "./http/route.ts";

/** What a module tells the rest of the house about itself. */
export type Module = {
  /** The module's name, which is that of its folder and of its PostgreSQL schema. */
  name: string;
  routes?: readonly Route[];
};
