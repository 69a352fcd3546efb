import type { QueryClient } from "@tanstack/react-query";
import { createRouter } from "@tanstack/react-router";
import { FailedPage } from "./pages/organizations/FailedPage.tsx";
import { NotFoundPage } from "./pages/organizations/NotFoundPage.tsx";
import { assistantRoutes } from "./routes/assistant.ts";
import { billingRoutes } from "./routes/billing.ts";
import { calendarRoutes } from "./routes/calendar.ts";
import { commerceRoutes } from "./routes/commerce.ts";
import { contentRoutes } from "./routes/content.ts";
import { crmRoutes } from "./routes/crm.ts";
import { evaluationRoutes } from "./routes/evaluation.ts";
import { importRoutes } from "./routes/imports.ts";
import { keyRoutes } from "./routes/keys.ts";
import { labelingRoutes } from "./routes/labeling.ts";
import { organization } from "./routes/organization.ts";
import { outsideRoutes } from "./routes/outside.ts";
import { projectRoutes } from "./routes/projects.ts";
import { root } from "./routes/root.ts";
import { sharedRoutes, studioRoutes } from "./routes/studio.ts";
import { workRoutes } from "./routes/work.ts";
import { Loading } from "./ui/Loaded.tsx";

const routeTree = root.addChildren([
  ...outsideRoutes,
  ...sharedRoutes,
  organization.addChildren([
    ...workRoutes,
    ...importRoutes,
    ...labelingRoutes,
    ...evaluationRoutes,
    ...crmRoutes,
    ...projectRoutes,
    ...calendarRoutes,
    ...studioRoutes,
    ...billingRoutes,
    ...contentRoutes,
    ...assistantRoutes,
    ...commerceRoutes,
    ...keyRoutes,
  ]),
]);

export function makeRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPendingComponent: Loading,
    defaultErrorComponent: FailedPage,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
