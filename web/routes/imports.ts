import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { z } from "zod";
import { organization } from "./organization.ts";

/** What the rows of the file become. */
const NewImportSearch = z.object({ noun: z.string().optional().catch(undefined) });

const imports = createRoute({
  getParentRoute: () => organization,
  path: "/import",
  component: lazyRouteComponent(() => import("../pages/imports/ImportsPage.tsx"), "ImportsPage"),
});
const newImport = createRoute({
  getParentRoute: () => organization,
  path: "/import/new",
  validateSearch: NewImportSearch,
  component: lazyRouteComponent(() => import("../pages/imports/NewImportPage.tsx"), "NewImportPage"),
});
const oneImport = createRoute({
  getParentRoute: () => organization,
  path: "/import/$import",
  component: lazyRouteComponent(() => import("../pages/imports/ImportPage.tsx"), "ImportPage"),
});

/** The pages of files that become rows. */
export const importRoutes = [imports, newImport, oneImport] as const;
