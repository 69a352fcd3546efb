import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { InOrganization, Moment, OfTask, Priority, Status, TASKS, TASKS_AT_ONCE_MAX, Type } from "./tasks-contract.ts";

const FEEDBACK_LENGTH_MAX = 8_000;

const TaskChanges = z
  .object({
    priority: Priority.optional(),
    /** Null takes the deadline away; a part keeps that of its whole. */
    deadline_at: Moment.nullable().optional(),
    /** Null has it begin at once. */
    scheduled_for: Moment.nullable().optional(),
    /** The version that the change is made to: if the task has another one by now, nothing is changed (409). */
    version: z.int().min(1).optional(),
  })
  .refine(
    ({ priority, deadline_at, scheduled_for }) =>
      [priority, deadline_at, scheduled_for].some((value) => value !== undefined),
    "Give one of priority, deadline_at, scheduled_for.",
  );
export type TaskChanges = z.infer<typeof TaskChanges>;

export const changeTask = endpoint({
  name: "tasks.task.update",
  summary: "Change how urgent a task is, its deadline, or when it begins; not while a worker has it",
  method: "PATCH",
  path: `${TASKS}/:task`,
  access: "tasks.task.write",
  params: OfTask,
  body: TaskChanges,
  example: { body: { priority: 3 } },
});

const CancelledTask = z.object({ id: z.uuid(), status: Status, cancel_requested_at: z.string().nullable() });
const Ids = z.array(z.uuid()).min(1).max(TASKS_AT_ONCE_MAX);

export const cancelTask = endpoint({
  name: "tasks.task.cancel",
  summary: "Cancel a task and its parts; what is under way ends when its worker has stopped",
  method: "POST",
  path: `${TASKS}/:task/cancel`,
  access: "tasks.task.write",
  params: OfTask,
  answer: CancelledTask,
});

export const cancelTasks = endpoint({
  name: "tasks.task.cancel_many",
  summary: "Cancel up to 1,000 tasks and their parts",
  method: "POST",
  path: `${TASKS}/cancel`,
  access: "tasks.task.write",
  params: InOrganization,
  body: z.object({ ids: Ids }),
  answer: z.object({ items: z.array(CancelledTask) }),
  example: { body: { ids: [":task"] } },
});

const Replay = z.union([
  z.strictObject({ ids: Ids }),
  /** Those of a type that failed in a time, the most urgent 1,000. */
  z.strictObject({ type: Type, failed_from: Moment.optional(), failed_to: Moment.optional() }),
]);
export type Replay = z.infer<typeof Replay>;

export const replayTasks = endpoint({
  name: "tasks.task.replay",
  summary: "Have tasks tried again that failed for good: by their ids, or those of a type; at most 1,000 at once",
  method: "POST",
  path: `${TASKS}/replay`,
  access: "tasks.task.write",
  params: InOrganization,
  body: Replay,
  answer: z.object({ items: z.array(z.object({ id: z.uuid() })) }),
  example: { body: { type: "example.echo" } },
});

const Feedback = z
  .object({
    /** From 0 to 5, in hundredths. */
    quality_score: z.number().min(0).max(5).multipleOf(0.01).optional(),
    user_feedback: z
      .record(z.string().max(100), z.union([z.string().max(FEEDBACK_LENGTH_MAX), z.number(), z.boolean()]))
      .refine(
        (feedback) => JSON.stringify(feedback).length <= FEEDBACK_LENGTH_MAX,
        `${FEEDBACK_LENGTH_MAX} characters of JSON are the most.`,
      )
      .optional(),
  })
  .refine(
    ({ quality_score, user_feedback }) => quality_score !== undefined || user_feedback !== undefined,
    "Give quality_score, user_feedback or both.",
  );
export type Feedback = z.infer<typeof Feedback>;

export const rateTask = endpoint({
  name: "tasks.task.rate",
  summary: "Say what you think of the result of a task",
  method: "POST",
  path: `${TASKS}/:task/feedback`,
  access: "tasks.task.write",
  params: OfTask,
  body: Feedback,
  example: { body: { quality_score: 4.5, user_feedback: { helpful: true } } },
});
