import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { organization } from "./organization.ts";

const keys = createRoute({
  getParentRoute: () => organization,
  path: "/keys",
  component: lazyRouteComponent(() => import("../pages/keys/KeysPage.tsx"), "KeysPage"),
});
const newKey = createRoute({
  getParentRoute: () => organization,
  path: "/keys/new",
  component: lazyRouteComponent(() => import("../pages/keys/NewKeyPage.tsx"), "NewKeyPage"),
});

/** The pages of API keys and services. */
export const keyRoutes = [keys, newKey] as const;
