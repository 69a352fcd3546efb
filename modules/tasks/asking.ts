import pg from "pg";
import { ZodError } from "zod";
import { Problem } from "../../kernel/errors.ts";
import type { TaskDeclaration, TaskLimits } from "../../kernel/task-declaration.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { type Transaction, transaction } from "../../kernel/tenancy/transaction.ts";
import { humanWish } from "./people/asking.ts";
import type { PersonWish } from "./people-contract.ts";

/** Most bytes of an input, as JSON and as PostgreSQL keeps it. */
const INPUT_BYTES_MAX = 262_144;
const NAME_LENGTH_MAX = 200;

/** A task as code asks for it. Costs are micro-credits; what is left out is as the table has it. */
export type TaskDetails<Input> = {
  input: Input;
  /** What it is, in a line; otherwise its kind's summary. */
  name?: string | undefined;
  description?: string | undefined;
  /** An id of one's own (UUIDv7), so that others of the same call can name it. */
  id?: string | undefined;
  priority?: number | undefined;
  scheduledFor?: string | Date | undefined;
  deadlineAt?: string | Date | undefined;
  idempotencyKey?: string | undefined;
  dependsOn?: readonly { task: string; policy?: "succeeded" | "done" }[] | undefined;
  dependencyPolicy?: "all" | "any" | undefined;
  parent?: string | undefined;
  workflow?: string | undefined;
  /** What it will likely cost, where that is more than its kind can tell: as with the price of a model that was chosen. */
  estimatedCost?: number | undefined;
  costCap?: number | undefined;
  treeCostCap?: number | undefined;
  creditPolicy?: "wait" | "fail" | undefined;
  /** What its worker should know beside the input. */
  context?: Record<string, unknown> | undefined;
  aiModel?: string | undefined;
  aiProvider?: string | undefined;
  /** Who does it, where people do instead of the kind's program. */
  person?: PersonWish | undefined;
};

/** A wish, as `tasks.enqueue` reads it. */
export type TaskWish = { id?: string | undefined; type: string; input: unknown; [column: string]: unknown };

/** The task of a wish; not new where its idempotency key has one already. */
export type AskedTask = { id: string; is_new: boolean };

/**
 * The wish for a task of a kind. Throws ZodError where the input is not of the kind's shape, with `at` before its fields, and
 * too_large where it has more than 256 KB. The input is kept as it was given: its worker reads it by the shape once more.
 */
export function wishOf<Input>(
  kind: TaskDeclaration<Input>,
  details: TaskDetails<Input>,
  at: readonly PropertyKey[] = [],
): TaskWish {
  const checked = kind.input.safeParse(details.input);
  if (!checked.success)
    throw new ZodError(checked.error.issues.map((issue) => ({ ...issue, path: [...at, "input", ...issue.path] })));
  if (Buffer.byteLength(JSON.stringify(details.input)) > INPUT_BYTES_MAX) throw tooLarge();
  const cost = details.estimatedCost ?? kind.estimateCost?.(checked.data);
  const limits = kind.limits?.(checked.data);
  return {
    id: details.id,
    type: kind.type,
    category: kind.category,
    worker_type: kind.workerType,
    attempts_max: kind.attemptsMax,
    estimated_cost: cost === undefined ? undefined : Math.ceil(cost),
    limits: limits && limitsOf(limits),
    input: details.input,
    name: details.name ?? kind.summary.slice(0, NAME_LENGTH_MAX),
    description: details.description,
    priority: details.priority,
    scheduled_for: details.scheduledFor,
    deadline_at: details.deadlineAt,
    idempotency_key: details.idempotencyKey,
    depends_on: details.dependsOn?.length
      ? details.dependsOn.map(({ task, policy }) => ({ task_id: task, policy }))
      : undefined,
    dependency_policy: details.dependencyPolicy,
    parent_task_id: details.parent,
    workflow_id: details.workflow,
    cost_cap: details.costCap,
    tree_cost_cap: details.treeCostCap,
    credit_policy: details.creditPolicy,
    context: details.context,
    ai_model: details.aiModel,
    ai_provider: details.aiProvider,
    ...(details.person && humanWish(details.person)),
  };
}

/** Limits as `tasks.admit` reads them. */
function limitsOf({ lane, rate }: TaskLimits): Record<string, string | number> {
  return {
    ...(lane && { lane: lane.name, slots: lane.places }),
    ...(rate && { rate: rate.key, per: rate.count, seconds: rate.seconds, burst: rate.burst }),
  };
}

/**
 * Makes tasks of wishes, all or none, in their order: in a transaction of its own, after which the workers are woken, or in the one
 * given, whose maker wakes them (`services.wakeWorkers`) when it has committed. A wish may depend on those before it. Throws invalid
 * and conflict as the database refuses.
 */
export async function askForTasks(where: Context | Transaction, wishes: readonly TaskWish[]): Promise<AskedTask[]> {
  if ("query" in where) return ask(where, wishes);
  const asked = await transaction(where, (tx) => ask(tx, wishes));
  where.services.wakeWorkers();
  return asked;
}

/** Makes one task of a wish, as `askForTasks` does, and resolves with its id. */
export async function askForTask(where: Context | Transaction, wish: TaskWish): Promise<string> {
  const [asked] = await askForTasks(where, [wish]);
  if (!asked) throw new Error("The database made no task and said nothing.");
  return asked.id;
}

async function ask(tx: Transaction, wishes: readonly TaskWish[]): Promise<AskedTask[]> {
  try {
    const [row] = await tx.query<{ asked: AskedTask[] }>("select tasks.ask($1) as asked", [JSON.stringify(wishes)]);
    return row?.asked ?? [];
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.constraint === "tasks_input_check") throw tooLarge(error);
    throw error;
  }
}

function tooLarge(cause?: unknown): Problem {
  return new Problem("too_large", {
    detail: `The input of a task has at most ${INPUT_BYTES_MAX / 1024} KB.`,
    hint: "Keep large content elsewhere, and send what names it.",
    cause,
  });
}
