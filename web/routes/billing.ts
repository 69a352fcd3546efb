import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { organization } from "./organization.ts";

const invoices = createRoute({
  getParentRoute: () => organization,
  path: "/invoices",
  component: lazyRouteComponent(() => import("../pages/billing/InvoicesPage.tsx"), "InvoicesPage"),
});
const invoice = createRoute({
  getParentRoute: () => organization,
  path: "/invoices/$invoice",
  component: lazyRouteComponent(() => import("../pages/billing/InvoicePage.tsx"), "InvoicePage"),
});

/** The pages of what customers are billed. */
export const billingRoutes = [invoices, invoice] as const;
