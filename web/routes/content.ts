import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { z } from "zod";
import { Status } from "../../modules/content/contract.ts";
import { organization } from "./organization.ts";

/** Which content is shown. */
const ContentSearch = z.object({
  q: z.string().optional().catch(undefined),
  status: Status.optional().catch(undefined),
});

const items = createRoute({
  getParentRoute: () => organization,
  path: "/content",
  validateSearch: ContentSearch,
  component: lazyRouteComponent(() => import("../pages/content/ItemsPage.tsx"), "ItemsPage"),
});
const newItem = createRoute({
  getParentRoute: () => organization,
  path: "/content/new",
  component: lazyRouteComponent(() => import("../pages/content/NewItemPage.tsx"), "NewItemPage"),
});
const item = createRoute({
  getParentRoute: () => organization,
  path: "/content/$item",
  component: lazyRouteComponent(() => import("../pages/content/ItemPage.tsx"), "ItemPage"),
});

/** The pages of what an organization writes. */
export const contentRoutes = [items, newItem, item] as const;
