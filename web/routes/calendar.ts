import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { z } from "zod";
import { organization } from "./organization.ts";

/** The day that is shown, with its week; whose time it is; and for whom a new appointment is made. */
const CalendarSearch = z.object({
  day: z.iso.date().optional().catch(undefined),
  member: z.uuid().optional().catch(undefined),
  customer: z.uuid().optional().catch(undefined),
});
const calendar = createRoute({
  getParentRoute: () => organization,
  path: "/calendar",
  validateSearch: CalendarSearch,
  component: lazyRouteComponent(() => import("../pages/calendar/CalendarPage.tsx"), "CalendarPage"),
});

/** The page of appointments. */
export const calendarRoutes = [calendar] as const;
