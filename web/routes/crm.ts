import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { z } from "zod";
import { Stage } from "../../modules/crm/contract.ts";
import { organization } from "./organization.ts";

/** Which customers are shown. */
const CustomersSearch = z.object({
  q: z.string().optional().catch(undefined),
  stage: Stage.optional().catch(undefined),
  tag: z.uuid().optional().catch(undefined),
});
const customers = createRoute({
  getParentRoute: () => organization,
  path: "/customers",
  validateSearch: CustomersSearch,
  component: lazyRouteComponent(() => import("../pages/crm/CustomersPage.tsx"), "CustomersPage"),
});
const newCustomer = createRoute({
  getParentRoute: () => organization,
  path: "/customers/new",
  component: lazyRouteComponent(() => import("../pages/crm/NewCustomerPage.tsx"), "NewCustomerPage"),
});
const customer = createRoute({
  getParentRoute: () => organization,
  path: "/customers/$customer",
  component: lazyRouteComponent(() => import("../pages/crm/CustomerPage.tsx"), "CustomerPage"),
});
const editCustomer = createRoute({
  getParentRoute: () => organization,
  path: "/customers/$customer/edit",
  component: lazyRouteComponent(() => import("../pages/crm/EditCustomerPage.tsx"), "EditCustomerPage"),
});

/** The pages of customers. */
export const crmRoutes = [customers, newCustomer, customer, editCustomer] as const;
