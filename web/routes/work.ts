import { createRoute } from "@tanstack/react-router";
import { z } from "zod";
import { Status } from "../../modules/tasks/tasks-contract.ts";
import { RecordPage } from "../pages/audit/RecordPage.tsx";
import { UsagePage } from "../pages/credits/UsagePage.tsx";
import { OrganizationHome } from "../pages/organizations/OrganizationHome.tsx";
import { ApprovalsPage } from "../pages/tasks/ApprovalsPage.tsx";
import { TaskPage } from "../pages/tasks/TaskPage.tsx";
import { TasksPage } from "../pages/tasks/TasksPage.tsx";
import { WebhookPage } from "../pages/tasks/WebhookPage.tsx";
import { WebhooksPage } from "../pages/tasks/WebhooksPage.tsx";
import { organization } from "./organization.ts";

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
const organizationHome = createRoute({ getParentRoute: () => organization, path: "/", component: OrganizationHome });
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

/** The pages of what an organization does, spends and records. */
export const workRoutes = [organizationHome, record, approvals, tasks, task, webhooks, webhook, usage] as const;
