import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { pageOf, pageQuery } from "../../kernel/http/paging.ts";
import { NewTaskOfMany, StartedTask, TASKS_AT_ONCE_MAX, TaskRow } from "./tasks-contract.ts";

const WORKFLOWS = "/api/organizations/:organization/workflows";

const InOrganization = z.object({ organization: z.string() });
const OfWorkflow = z.object({ organization: z.string(), workflow: z.uuid() });
const Status = z.enum(["running", "completed", "failed", "cancelled"]);

/** Tasks that belong together. `progress_percentage` is how many of them are over, of a hundred, rounded down. */
const Workflow = z.object({
  id: z.uuid(),
  name: z.string(),
  status: Status,
  total: z.int(),
  completed: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  progress_percentage: z.int(),
  created_by: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  created_at: z.string(),
});

export const startWorkflow = endpoint({
  name: "tasks.workflow.create",
  summary: "Start a workflow with up to 1,000 tasks, all or none; more can join it until it is over",
  method: "POST",
  path: WORKFLOWS,
  access: "tasks.task.write",
  params: InOrganization,
  body: z.object({
    name: z.string().trim().min(1).max(200),
    tasks: z
      .array(NewTaskOfMany.omit({ workflow: true }))
      .min(1)
      .max(TASKS_AT_ONCE_MAX),
  }),
  answer: z.object({ id: z.uuid(), tasks: z.array(StartedTask) }),
  example: { body: { name: "Example", tasks: [{ type: "example.echo" }] } },
});

const WorkflowFilter = z.object({
  status: Status.optional(),
  ...pageQuery(),
});
export type WorkflowFilter = z.infer<typeof WorkflowFilter>;

export const listWorkflows = endpoint({
  name: "tasks.workflow.browse",
  summary: "Workflows, newest first",
  method: "GET",
  path: WORKFLOWS,
  access: "tasks.task.read",
  params: InOrganization,
  query: WorkflowFilter,
  answer: pageOf(Workflow),
});

export const readWorkflow = endpoint({
  name: "tasks.workflow.read",
  summary:
    "A workflow with its first 200 tasks in the order of their making; the list of tasks shows all, newest first",
  method: "GET",
  path: `${WORKFLOWS}/:workflow`,
  access: "tasks.task.read",
  params: OfWorkflow,
  answer: Workflow.extend({ tasks: z.array(TaskRow) }),
});

export const cancelWorkflow = endpoint({
  name: "tasks.workflow.cancel",
  summary: "Cancel all tasks of a workflow that are not over",
  method: "POST",
  path: `${WORKFLOWS}/:workflow/cancel`,
  access: "tasks.task.write",
  params: OfWorkflow,
});
