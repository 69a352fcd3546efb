import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  notFound,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { z } from "zod";
import { statusOf } from "./lib/problem.ts";
import { meQuery } from "./lib/queries.ts";
import { RecordPage } from "./pages/audit/RecordPage.tsx";
import { SignInPage } from "./pages/identity/SignInPage.tsx";
import { LabelPage } from "./pages/labeling/LabelPage.tsx";
import { NewProjectPage } from "./pages/labeling/NewProjectPage.tsx";
import { ProjectPage } from "./pages/labeling/ProjectPage.tsx";
import { ProjectsPage } from "./pages/labeling/ProjectsPage.tsx";
import { ReviewPage } from "./pages/labeling/ReviewPage.tsx";
import { FailedPage } from "./pages/organizations/FailedPage.tsx";
import { NotFoundPage } from "./pages/organizations/NotFoundPage.tsx";
import { OrganizationHome } from "./pages/organizations/OrganizationHome.tsx";
import { OrganizationShell } from "./pages/organizations/OrganizationShell.tsx";
import { OrganizationsPage } from "./pages/organizations/OrganizationsPage.tsx";
import { Loading } from "./ui/Loaded.tsx";

type Context = { queryClient: QueryClient };

/** An address within this application to go to after signing in; anything else is dropped. */
const SignInSearch = z.object({
  to: z
    .string()
    .regex(/^\/(?![/\\])/)
    .optional()
    .catch(undefined),
});
const RecordSearch = z.object({
  user_id: z.uuid().optional().catch(undefined),
  from_day: z.iso.date().optional().catch(undefined),
  to_day: z.iso.date().optional().catch(undefined),
  resource_type: z.string().optional().catch(undefined),
  resource_id: z.string().optional().catch(undefined),
});

const root = createRootRouteWithContext<Context>()({ component: Outlet });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: SignInSearch,
  component: SignInPage,
});

const organizations = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: async ({ context, location }) => {
    const me = await readMeOrSignIn(context, location.href);
    const [only, ...others] = me.organizations;
    if (only && others.length === 0)
      throw redirect({ to: "/$organization", params: { organization: only.slug }, replace: true });
  },
  component: OrganizationsPage,
});

const organization = createRoute({
  getParentRoute: () => root,
  path: "/$organization",
  beforeLoad: async ({ context, location, params }) => {
    const me = await readMeOrSignIn(context, location.href);
    if (!me.organizations.some(({ slug }) => slug === params.organization)) throw notFound();
  },
  component: OrganizationShell,
});

const organizationHome = createRoute({ getParentRoute: () => organization, path: "/", component: OrganizationHome });
const projects = createRoute({ getParentRoute: () => organization, path: "/labeling", component: ProjectsPage });
const newProject = createRoute({
  getParentRoute: () => organization,
  path: "/labeling/new",
  component: NewProjectPage,
});
const project = createRoute({ getParentRoute: () => organization, path: "/labeling/$project", component: ProjectPage });
const label = createRoute({
  getParentRoute: () => organization,
  path: "/labeling/$project/label",
  component: LabelPage,
});
const review = createRoute({
  getParentRoute: () => organization,
  path: "/labeling/$project/review",
  component: ReviewPage,
});
const record = createRoute({
  getParentRoute: () => organization,
  path: "/record",
  validateSearch: RecordSearch,
  component: RecordPage,
});

const routeTree = root.addChildren([
  signIn,
  organizations,
  organization.addChildren([organizationHome, projects, newProject, project, label, review, record]),
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

async function readMeOrSignIn({ queryClient }: Context, to: string) {
  try {
    return await queryClient.ensureQueryData(meQuery);
  } catch (error) {
    if (statusOf(error) === 401) throw redirect({ to: "/sign-in", search: { to } });
    throw error;
  }
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
