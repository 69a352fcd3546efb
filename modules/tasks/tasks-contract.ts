import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { NO_CURSOR, pageOf, pageQuery } from "../../kernel/http/paging.ts";
import { PersonWish } from "./people-contract.ts";

const ORGANIZATION = "/api/organizations/:organization";
export const TASKS = `${ORGANIZATION}/tasks`;

/** Most tasks that are started, cancelled or replayed at once. */
export const TASKS_AT_ONCE_MAX = 1_000;
/** So deep may lists and objects stand in each other in an input. */
const INPUT_DEPTH_MAX = 64;
/** Tags of a task that is started, and the letters of one. */
const TAGS_MAX = 20;
const TAG_LENGTH_MAX = 100;

export const InOrganization = z.object({ organization: z.string() });
export const OfTask = z.object({ organization: z.string(), task: z.uuid() });

/** PostgreSQL knows no year 0000, and no offset of 16 hours or more. */
export const Moment = z.iso
  .datetime({ offset: true })
  .regex(/^(?!0000).*(Z|[+-](0\d|1[0-5]):\d\d)$/, "This must be a moment such as 2026-01-31T09:00:00+02:00.");

export const Type = z.string().min(1).max(100);
const Category = z.enum([
  "content",
  "ecommerce",
  "customer_service",
  "analytics",
  "labeling",
  "evaluation",
  "assistant",
  "system",
]);
export const Status = z.enum([
  "pending",
  "queued",
  "processing",
  "waiting",
  "completed",
  "failed",
  "cancelled",
  "escalated",
]);
/** From 1, the most urgent, to 10. Each step is 400 seconds of waiting: what has 10 is overtaken for an hour at most. */
export const Priority = z.int().min(1).max(10);
const MicroCredits = z.int().min(0);

const Input = z
  .record(z.string().max(200), z.unknown())
  .refine(
    (input) => depthOf(input) <= INPUT_DEPTH_MAX,
    `Lists and objects stand in each other at most ${INPUT_DEPTH_MAX} deep.`,
  );

function depthOf(value: unknown): number {
  let level: unknown[] = [value];
  let depth = 0;
  while (level.length > 0 && depth <= INPUT_DEPTH_MAX + 1) {
    level = level.flatMap((part) => (typeof part === "object" && part !== null ? Object.values(part) : []));
    depth += 1;
  }
  return depth - 1;
}

/** The id of a task, or in a call for several the `ref` of another one of the call. */
const TaskName = z.string().min(1).max(64);

/** A task to be started. */
export const NewTask = z.object({
  /** One of those that `task-types` lists; of a person's work a name of your own, such as `warehouse.pack`. */
  type: Type,
  /** What it is, in a line; otherwise the summary of its type. Who is to do it reads it. */
  name: z.string().trim().min(1).max(200).optional(),
  description: z.string().max(5_000).optional(),
  /** At most 256 KB of JSON, of the shape that `task-types` tells. No passwords or keys. */
  input: Input.default({}),
  priority: Priority.optional(),
  /** Not before this time. */
  scheduled_for: Moment.optional(),
  /** What is not done by then has failed. */
  deadline_at: Moment.optional(),
  /** Names the wish: asked for twice, it is one task. */
  idempotency_key: z.string().min(1).max(200).optional(),
  /** What it waits for: that these succeed, or only that they are over (`done`). */
  depends_on: z
    .array(z.object({ task: TaskName, policy: z.enum(["succeeded", "done"]).default("succeeded") }))
    .max(TASKS_AT_ONCE_MAX)
    .optional(),
  /** Whether all of these must be as they should, or any one. */
  dependency_policy: z.enum(["all", "any"]).optional(),
  /** The task that it is a part of. */
  parent: TaskName.optional(),
  workflow: z.uuid().optional(),
  /** The most that it may cost, and it with all its parts, in micro-credits. */
  cost_cap: MicroCredits.optional(),
  tree_cost_cap: MicroCredits.optional(),
  /** What becomes of it when there are no credits for it. */
  credit_policy: z.enum(["wait", "fail"]).optional(),
  /** Tags of the organization, by their words in any case or their ids. */
  tags: z.array(z.string().trim().min(1).max(TAG_LENGTH_MAX)).max(TAGS_MAX).optional(),
  /** Who does it, where people do: what they fill in is its output. */
  person: PersonWish.optional(),
});
export type NewTask = z.infer<typeof NewTask>;

/** A task of a call for several, which others of the call can name by its `ref`. */
export const NewTaskOfMany = NewTask.extend({
  ref: z
    .string()
    .regex(
      /^[A-Za-z][A-Za-z0-9_.-]{0,31}$/,
      "A ref begins with a letter, and has at most 32 letters, digits, dots, dashes and underscores.",
    )
    .optional(),
});
export type NewTaskOfMany = z.infer<typeof NewTaskOfMany>;

/** A task that was started, or that an idempotency key names already. */
export const StartedTask = z.object({ id: z.uuid(), is_new: z.boolean(), ref: z.string().optional() });
export type StartedTask = z.infer<typeof StartedTask>;

const Person = z.object({ id: z.uuid(), name: z.string() }).nullable();

/** A task as lists show it. */
export const TaskRow = z.object({
  id: z.uuid(),
  type: z.string(),
  category: Category,
  name: z.string(),
  status: Status,
  priority: Priority,
  worker_type: z.enum(["ai", "human", "integration", "webhook", "internal"]),
  progress_percentage: z.int().nullable(),
  progress_note: z.string().nullable(),
  attempts: z.int(),
  attempts_max: z.int(),
  /** Why it failed, or what it waits for. */
  error_details: z.unknown(),
  created_by: Person,
  assigned_to: Person,
  parent_task_id: z.uuid().nullable(),
  workflow_id: z.uuid().nullable(),
  scheduled_for: z.string().nullable(),
  deadline_at: z.string().nullable(),
  created_at: z.string(),
  started_at: z.string().nullable(),
  completed_at: z.string().nullable(),
  version: z.int(),
});

const Attempt = z.object({
  attempt: z.int(),
  status: z.enum(["succeeded", "failed", "lost", "cancelled"]),
  failure_class: z.string().nullable(),
  error_details: z.unknown(),
  log: z.string(),
  started_at: z.string(),
  ended_at: z.string(),
  duration_ms: z.int(),
  cost: z.number().nullable(),
});

const Neighbour = z.object({ id: z.uuid(), name: z.string(), status: Status, policy: z.enum(["succeeded", "done"]) });

/** A task with everything that is known of it. Costs are micro-credits. */
const Task = TaskRow.extend({
  description: z.string(),
  input: z.unknown(),
  output: z.unknown(),
  context: z.unknown(),
  ai_model: z.string().nullable(),
  ai_provider: z.string().nullable(),
  estimated_cost: z.number().nullable(),
  actual_cost: z.number().nullable(),
  cost_cap: z.number().nullable(),
  tree_cost_cap: z.number().nullable(),
  cost_breakdown: z.unknown(),
  credit_policy: z.enum(["wait", "fail"]),
  dependency_policy: z.enum(["all", "any"]),
  blocked_by: z.int(),
  tree_id: z.uuid().nullable(),
  limits: z.unknown(),
  idempotency_key: z.string().nullable(),
  processing_time_ms: z.number().nullable(),
  cancel_requested_at: z.string().nullable(),
  quality_score: z.number().nullable(),
  user_feedback: z.unknown(),
  updated_at: z.string(),
  /** The last 100 tries, in their order; of logs the first 8,000 characters each. */
  attempts_made: z.array(Attempt),
  /** What it waits for, and what waits for it; at most 200 of each. */
  depends_on: z.array(Neighbour),
  dependants: z.array(Neighbour),
  /** How many of its parts have which status; of the first 10,000. */
  parts: z.partialRecord(Status, z.int()),
  workflow: z.object({ id: z.uuid(), name: z.string(), status: z.string() }).nullable(),
  tags: z.array(z.object({ id: z.uuid(), name: z.string() })),
  approvals: z.array(
    z.object({
      id: z.uuid(),
      title: z.string(),
      status: z.string(),
      assigned_to: z.uuid().nullable(),
      role_id: z.uuid().nullable(),
      due_at: z.string().nullable(),
      decided_by: z.uuid().nullable(),
      decided_at: z.string().nullable(),
    }),
  ),
  /** Where it stands in line, if it does: 1 comes next, 1,000 stands for all that are further behind. */
  line: z
    .object({
      state: z.enum(["ready", "later", "parked"]),
      ready_at: z.string(),
      waits_for_credit: z.boolean(),
      place: z.int().nullable(),
    })
    .nullable(),
});

export const listTaskTypes = endpoint({
  name: "tasks.type.list",
  summary: "The types of task that may be started, with the shape of their input",
  method: "GET",
  path: `${ORGANIZATION}/task-types`,
  access: "tasks.task.read",
  params: InOrganization,
  answer: z.object({
    items: z.array(
      z.object({
        type: z.string(),
        summary: z.string(),
        category: Category,
        worker_type: z.string(),
        /** JSON schema. */
        input: z.record(z.string(), z.unknown()),
        time_limit_seconds: z.number(),
        attempts_max: z.int(),
      }),
    ),
  }),
});

export const startTask = endpoint({
  name: "tasks.task.create",
  summary: "Start a task",
  method: "POST",
  path: TASKS,
  access: "tasks.task.write",
  params: InOrganization,
  body: NewTask,
  answer: StartedTask,
  example: { body: { type: "example.echo", input: { text: "Example" } } },
});

export const startTasks = endpoint({
  name: "tasks.task.create_many",
  summary: "Start up to 1,000 tasks, all or none; they may depend on each other and be parts of each other",
  method: "POST",
  path: `${TASKS}/batch`,
  access: "tasks.task.write",
  params: InOrganization,
  body: z.object({ tasks: z.array(NewTaskOfMany).min(1).max(TASKS_AT_ONCE_MAX) }),
  answer: z.object({ items: z.array(StartedTask) }),
  example: {
    body: {
      tasks: [
        { type: "example.echo", ref: "a" },
        { type: "example.echo", parent: "a" },
      ],
    },
  },
});

/** When what the page before ended with was made, in microseconds, and its id. */
const Cursor = z.string().regex(/^\d{1,17}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, NO_CURSOR);

const TaskFilter = z.object({
  status: Status.optional(),
  type: Type.optional(),
  category: Category.optional(),
  /** `me`, or the id of a member. */
  assigned_to: z.union([z.literal("me"), z.uuid()]).optional(),
  workflow: z.uuid().optional(),
  parent: z.uuid().optional(),
  ...pageQuery(Cursor),
});
export type TaskFilter = z.infer<typeof TaskFilter>;

export const listTasks = endpoint({
  name: "tasks.task.browse",
  summary: "Tasks, newest first. A page may be short, even empty: go on until `next_cursor` is null",
  method: "GET",
  path: TASKS,
  access: "tasks.task.read",
  params: InOrganization,
  query: TaskFilter,
  answer: pageOf(TaskRow),
});

export const readTask = endpoint({
  name: "tasks.task.read",
  summary: "A task with its tries, what it depends on, its parts, and its place in line",
  method: "GET",
  path: `${TASKS}/:task`,
  access: "tasks.task.read",
  params: OfTask,
  answer: Task,
});

/** How far a task is, at one of its versions. `attempt` is the number of the try. */
const TaskProgress = z.object({
  status: Status,
  progress_percentage: z.int().nullable(),
  progress_note: z.string().nullable(),
  attempt: z.int(),
  updated_at: z.string(),
});

export const followTask = endpoint({
  name: "tasks.task.follow",
  summary:
    "How far a task is, told as it goes on: events `progress`, and `over` at its end. Resumable by Last-Event-ID",
  method: "GET",
  path: `${TASKS}/:task/events`,
  access: "tasks.task.read",
  params: OfTask,
  answer: TaskProgress,
  answerMedia: "events",
});

export const readPerformance = endpoint({
  name: "tasks.performance.read",
  summary: "How the tasks of each type went, by day (UTC), over the last 30 days",
  method: "GET",
  path: `${ORGANIZATION}/task-performance`,
  access: "tasks.task.read",
  params: InOrganization,
  query: z.object({ type: Type.optional() }),
  answer: z.object({
    items: z.array(
      z.object({
        type: z.string(),
        day: z.string(),
        executions: z.int(),
        completed: z.int(),
        failed: z.int(),
        average_processing_time_ms: z.number().nullable(),
        average_cost: z.number().nullable(),
        average_quality_score: z.number().nullable(),
        success_rate: z.number().nullable(),
      }),
    ),
  }),
});
