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
import { Status } from "../modules/tasks/tasks-contract.ts";
import { statusOf } from "./lib/problem.ts";
import { meQuery } from "./lib/queries.ts";
import { ApiPage } from "./pages/api/ApiPage.tsx";
import { RecordPage } from "./pages/audit/RecordPage.tsx";
import { UsagePage } from "./pages/credits/UsagePage.tsx";
import { DataModelPage } from "./pages/data-model/DataModelPage.tsx";
import { DomainPage } from "./pages/data-model/DomainPage.tsx";
import { ModelStart } from "./pages/data-model/ModelStart.tsx";
import { AccountPage } from "./pages/identity/account/AccountPage.tsx";
import { InvitationPage } from "./pages/identity/InvitationPage.tsx";
import { MailboxPage } from "./pages/identity/MailboxPage.tsx";
import { EmailChangePage, RestorePage, UnlockPage } from "./pages/identity/mail-pages.tsx";
import { ResetPasswordPage } from "./pages/identity/ResetPasswordPage.tsx";
import { SignInPage } from "./pages/identity/SignInPage.tsx";
import { SignUpPage } from "./pages/identity/SignUpPage.tsx";
import { VerifyPage } from "./pages/identity/VerifyPage.tsx";
import { LabelPage } from "./pages/labeling/LabelPage.tsx";
import { NewProjectPage } from "./pages/labeling/NewProjectPage.tsx";
import { ProjectPage } from "./pages/labeling/ProjectPage.tsx";
import { ProjectsPage } from "./pages/labeling/ProjectsPage.tsx";
import { ReviewPage } from "./pages/labeling/ReviewPage.tsx";
import { FailedPage } from "./pages/organizations/FailedPage.tsx";
import { NewOrganizationPage } from "./pages/organizations/NewOrganizationPage.tsx";
import { NotFoundPage } from "./pages/organizations/NotFoundPage.tsx";
import { OrganizationHome } from "./pages/organizations/OrganizationHome.tsx";
import { OrganizationShell } from "./pages/organizations/OrganizationShell.tsx";
import { OrganizationsPage } from "./pages/organizations/OrganizationsPage.tsx";
import { ApprovalsPage } from "./pages/tasks/ApprovalsPage.tsx";
import { TaskPage } from "./pages/tasks/TaskPage.tsx";
import { TasksPage } from "./pages/tasks/TasksPage.tsx";
import { WebhookPage } from "./pages/tasks/WebhookPage.tsx";
import { WebhooksPage } from "./pages/tasks/WebhooksPage.tsx";
import { Loading } from "./ui/Loaded.tsx";

type Context = { queryClient: QueryClient };

/** An address within this application to go to after signing in; anything else is dropped. */
const SignInSearch = z.object({
  to: z
    .string()
    .regex(/^\/(?![/\\])/)
    .optional()
    .catch(undefined),
  /** What went wrong at a provider. */
  problem: z.string().optional().catch(undefined),
});
/** Whoever belongs to one organization is led into it, unless they want to see all. */
const OrganizationsSearch = z.object({ all: z.boolean().optional().catch(undefined) });
const RecordSearch = z.object({
  user_id: z.uuid().optional().catch(undefined),
  from_day: z.iso.date().optional().catch(undefined),
  to_day: z.iso.date().optional().catch(undefined),
  resource_type: z.string().optional().catch(undefined),
  resource_id: z.string().optional().catch(undefined),
});
/** The approval that is open. */
const ApprovalsSearch = z.object({ approval: z.uuid().optional().catch(undefined) });
/** Which tasks are shown. */
const TasksSearch = z.object({
  status: Status.optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  parent: z.uuid().optional().catch(undefined),
});
/** What is searched, and the table whose details are shown. */
const DataModelSearch = z.object({
  q: z.string().optional().catch(undefined),
  table: z.string().optional().catch(undefined),
});
/** What is searched, and the operation that is open. */
const ApiSearch = z.object({
  q: z.string().optional().catch(undefined),
  operation: z.string().optional().catch(undefined),
});

const root = createRootRouteWithContext<Context>()({ component: Outlet });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: SignInSearch,
  component: SignInPage,
});

const mailbox = createRoute({ getParentRoute: () => root, path: "/mailbox", component: MailboxPage });
const signUp = createRoute({ getParentRoute: () => root, path: "/sign-up", component: SignUpPage });
const verify = createRoute({ getParentRoute: () => root, path: "/verify", component: VerifyPage });
const resetPassword = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  component: ResetPasswordPage,
});
const unlock = createRoute({ getParentRoute: () => root, path: "/account/unlock", component: UnlockPage });
const emailChange = createRoute({ getParentRoute: () => root, path: "/account/email", component: EmailChangePage });
const restore = createRoute({ getParentRoute: () => root, path: "/account/restore", component: RestorePage });
const invitation = createRoute({ getParentRoute: () => root, path: "/invitation", component: InvitationPage });
const account = createRoute({
  getParentRoute: () => root,
  path: "/account",
  beforeLoad: ({ context, location }) => readMeOrSignIn(context, location.href),
  component: AccountPage,
});
const newOrganization = createRoute({
  getParentRoute: () => root,
  path: "/new",
  beforeLoad: ({ context, location }) => readMeOrSignIn(context, location.href),
  component: NewOrganizationPage,
});
const dataModel = createRoute({
  getParentRoute: () => root,
  path: "/data-model",
  validateSearch: DataModelSearch,
  beforeLoad: ({ context, location }) => readMeOrSignIn(context, location.href),
  component: DataModelPage,
});
const dataModelStart = createRoute({ getParentRoute: () => dataModel, path: "/", component: ModelStart });
const dataModelDomain = createRoute({ getParentRoute: () => dataModel, path: "/$domain", component: DomainPage });
/** Beside the description that it reads, and for everybody. */
const api = createRoute({
  getParentRoute: () => root,
  path: "/api/docs",
  validateSearch: ApiSearch,
  component: ApiPage,
});

const organizations = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: OrganizationsSearch,
  beforeLoad: async ({ context, location, search }) => {
    const me = await readMeOrSignIn(context, location.href);
    const [only, ...others] = me.organizations;
    if (only && others.length === 0 && !search.all)
      throw redirect({ to: "/$organization", params: { organization: only.slug }, replace: true });
  },
  component: OrganizationsPage,
});

const organization = createRoute({
  getParentRoute: () => root,
  path: "/$organization",
  beforeLoad: async ({ context, location, params }) => {
    const me = await readMeOrSignIn(context, location.href);
    if (me.organizations.some(({ slug }) => slug === params.organization)) return;
    const moved = me.organizations.find(({ old_slugs }) => old_slugs.includes(params.organization));
    if (!moved) throw notFound();
    throw redirect({ href: location.href.replace(/^\/[^/?#]+/, `/${moved.slug}`), replace: true });
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

const approvals = createRoute({
  getParentRoute: () => organization,
  path: "/approvals",
  validateSearch: ApprovalsSearch,
  component: ApprovalsPage,
});
const tasks = createRoute({
  getParentRoute: () => organization,
  path: "/tasks",
  validateSearch: TasksSearch,
  component: TasksPage,
});
const task = createRoute({ getParentRoute: () => organization, path: "/tasks/$task", component: TaskPage });
const webhooks = createRoute({ getParentRoute: () => organization, path: "/webhooks", component: WebhooksPage });
const webhook = createRoute({
  getParentRoute: () => organization,
  path: "/webhooks/$endpoint",
  component: WebhookPage,
});
const usage = createRoute({ getParentRoute: () => organization, path: "/usage", component: UsagePage });

const routeTree = root.addChildren([
  signIn,
  mailbox,
  signUp,
  verify,
  resetPassword,
  account,
  unlock,
  emailChange,
  restore,
  invitation,
  newOrganization,
  dataModel.addChildren([dataModelStart, dataModelDomain]),
  api,
  organizations,
  organization.addChildren([
    organizationHome,
    projects,
    newProject,
    project,
    label,
    review,
    record,
    approvals,
    tasks,
    task,
    webhooks,
    webhook,
    usage,
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
