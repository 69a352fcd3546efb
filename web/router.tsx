import type { QueryClient } from "@tanstack/react-query";
import { createRouter } from "@tanstack/react-router";
import { FailedPage } from "./pages/organizations/FailedPage.tsx";
import { NotFoundPage } from "./pages/organizations/NotFoundPage.tsx";
import { labelingRoutes } from "./routes/labeling.ts";
import { organization } from "./routes/organization.ts";
import { outsideRoutes } from "./routes/outside.ts";
import { root } from "./routes/root.ts";
import { workRoutes } from "./routes/work.ts";
import { Loading } from "./ui/Loaded.tsx";

const routeTree = root.addChildren([...outsideRoutes, organization.addChildren([...workRoutes, ...labelingRoutes])]);

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
