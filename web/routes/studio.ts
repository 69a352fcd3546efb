import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { z } from "zod";
import { WHICH_SESSIONS } from "../../modules/studio/contract.ts";
import { organization } from "./organization.ts";
import { root } from "./root.ts";

/** Which sessions are shown. */
const SessionsSearch = z.object({
  which: z.enum(WHICH_SESSIONS).optional().catch(undefined),
  search: z.string().optional().catch(undefined),
  tag: z.uuid().optional().catch(undefined),
});

const sessions = createRoute({
  getParentRoute: () => organization,
  path: "/studio",
  validateSearch: SessionsSearch,
  component: lazyRouteComponent(() => import("../pages/studio/SessionsPage.tsx"), "SessionsPage"),
});
const structuring = createRoute({
  getParentRoute: () => organization,
  path: "/studio/$session/structuring",
  component: lazyRouteComponent(() => import("../pages/studio/StructuringPage.tsx"), "StructuringPage"),
});
const shared = createRoute({
  getParentRoute: () => root,
  path: "/shared",
  component: lazyRouteComponent(() => import("../pages/studio/SharedPage.tsx"), "SharedPage"),
});

/** The pages of studio sessions. */
export const studioRoutes = [sessions, structuring] as const;
/** What public links show, outside of every organization. */
export const sharedRoutes = [shared] as const;
