import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { z } from "zod";
import { organization } from "./organization.ts";

/** What of a store is shown, and the task that writes about a product. */
const StoreSearch = z.object({ part: z.enum(["products", "orders", "syncs"]).optional().catch(undefined) });
const ProductSearch = z.object({ task: z.uuid().optional().catch(undefined) });

const stores = createRoute({
  getParentRoute: () => organization,
  path: "/stores",
  component: lazyRouteComponent(() => import("../pages/commerce/StoresPage.tsx"), "StoresPage"),
});
const newStore = createRoute({
  getParentRoute: () => organization,
  path: "/stores/new",
  component: lazyRouteComponent(() => import("../pages/commerce/NewStorePage.tsx"), "NewStorePage"),
});
const store = createRoute({
  getParentRoute: () => organization,
  path: "/stores/$store",
  validateSearch: StoreSearch,
  component: lazyRouteComponent(() => import("../pages/commerce/StorePage.tsx"), "StorePage"),
});
const product = createRoute({
  getParentRoute: () => organization,
  path: "/products/$product",
  validateSearch: ProductSearch,
  component: lazyRouteComponent(() => import("../pages/commerce/ProductPage.tsx"), "ProductPage"),
});
const dashboard = createRoute({
  getParentRoute: () => organization,
  path: "/dashboard",
  component: lazyRouteComponent(() => import("../pages/analytics/DashboardPage.tsx"), "DashboardPage"),
});

/** The pages of stores and what they sell, and how the organization does. */
export const commerceRoutes = [stores, newStore, store, product, dashboard] as const;
