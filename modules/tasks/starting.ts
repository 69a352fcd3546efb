import { ZodError, z } from "zod";
import { type FieldFault, Problem } from "../../kernel/errors.ts";
import type { Services } from "../../kernel/services.ts";
import type { TaskDeclaration } from "../../kernel/task-declaration.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { queryText, type Transaction, transaction } from "../../kernel/tenancy/transaction.ts";
import { askForTasks, type TaskWish, wishOf } from "./asking.ts";
import { openKind, openKinds, workKind } from "./kinds.ts";
import { inWaves } from "./refs.ts";
import type { NewTask, NewTaskOfMany, StartedTask } from "./tasks-contract.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type TaskTypes = {
  items: {
    type: string;
    summary: string;
    category: TaskDeclaration["category"];
    worker_type: string;
    input: Record<string, unknown>;
    time_limit_seconds: number;
    attempts_max: number;
  }[];
};

/** The kinds that members may start by themselves, by name. */
export async function listTaskTypes(context: Context): Promise<TaskTypes> {
  await queryText(context, { text: "select null", fixed: true });
  return {
    items: openKinds(context.services).map((kind) => {
      const { $schema: _, ...input } = z.toJSONSchema(kind.input, { io: "input", unrepresentable: "any" });
      const { type, summary, category, workerType, timeLimitSeconds, attemptsMax } = kind;
      return {
        type,
        summary,
        category,
        worker_type: workerType,
        input,
        time_limit_seconds: timeLimitSeconds,
        attempts_max: attemptsMax,
      };
    }),
  };
}

/** Starts a task. Throws invalid for a type that is not open, a wrong input, and what it names that is not there. */
export async function startTask(context: Context, task: NewTask): Promise<StartedTask> {
  const [started] = await startAll(context, [task], () => []);
  if (!started) throw new Error("The database made no task and said nothing.");
  return started;
}

/** Starts tasks that may name each other by their refs, all or none. Throws as `startTask` does, and invalid where they go in a circle. */
export async function startTasks(
  context: Context,
  { tasks }: { tasks: readonly NewTaskOfMany[] },
): Promise<{ items: StartedTask[] }> {
  return { items: await startAll(context, tasks, (index) => ["tasks", index]) };
}

/** Starts a workflow of tasks, all or none. Throws as `startTasks` does. */
export async function startWorkflow(
  context: Context,
  { name, tasks }: { name: string; tasks: readonly Omit<NewTaskOfMany, "workflow">[] },
): Promise<{ id: string; tasks: StartedTask[] }> {
  const started = await transaction(context, async (tx) => {
    const [made] = await tx.query<{ id: string }>("select tasks.make_workflow($1) as id", [name]);
    const id = made?.id ?? "";
    const wanted = tasks.map((task) => ({ ...task, workflow: id }));
    return { id, tasks: await startIn(tx, context, wanted, (index) => ["tasks", index]) };
  });
  context.services.wakeWorkers();
  return started;
}

/** Where a task stands in what was sent, for messages. */
type PathOf = (index: number) => PropertyKey[];

async function startAll(context: Context, tasks: readonly NewTaskOfMany[], pathOf: PathOf): Promise<StartedTask[]> {
  const started = await transaction(context, (tx) => startIn(tx, context, tasks, pathOf));
  context.services.wakeWorkers();
  return started;
}

async function startIn(
  tx: Transaction,
  context: Context,
  tasks: readonly NewTaskOfMany[],
  pathOf: PathOf,
): Promise<StartedTask[]> {
  // First of all, for it enters: nobody else learns which types there are.
  const known = await lookUp(tx, context, tasks);
  refuseUnknown(tasks, known, pathOf);
  const waves = inWaves(tasks, pathOf);
  const ids = tasks.map((task, index) => existingOf(known, task) ?? known.ids[index] ?? "");
  const idOfRef = new Map(tasks.flatMap(({ ref }, index) => (ref === undefined ? [] : [[ref, ids[index] ?? ""]])));
  const nameOf = (name: string) => idOfRef.get(name) ?? name;
  const wishes = checkedWishes(tasks, (task, index) =>
    wishFor(context.services, task, ids[index] ?? "", nameOf, pathOf(index)),
  );
  const started: StartedTask[] = [];
  for (const wave of waves) {
    const asked = await askForTasks(
      tx,
      wave.map((index) => wishes[index] as TaskWish),
    );
    for (const [place, index] of wave.entries()) {
      const { ref } = tasks[index] ?? {};
      const { id, is_new } = asked[place] ?? { id: "", is_new: false };
      started[index] = { id, is_new, ...(ref !== undefined && { ref }) };
    }
  }
  await tagTasks(tx, context, tasks, started, known.tags);
  return started;
}

/** The task that an idempotency key names already. A key may be called like what every object has. */
function existingOf({ existing }: Known, { idempotency_key: key }: NewTaskOfMany): string | undefined {
  return key !== undefined && Object.hasOwn(existing, key) ? existing[key] : undefined;
}

/** Gives new tasks their tags; what was there already keeps its own. */
async function tagTasks(
  tx: Transaction,
  context: Context,
  tasks: readonly NewTaskOfMany[],
  started: readonly StartedTask[],
  tagIds: Known["tags"],
): Promise<void> {
  const pairs = started.flatMap(({ id, is_new }, index) =>
    is_new ? [...new Set((tasks[index]?.tags ?? []).map((tag) => tagIds[tag]))].map((tag) => ({ id, tag })) : [],
  );
  if (pairs.length === 0) return;
  await tx.query(
    "insert into tasks.task_tags (organization_id, task_id, tag_id) select $1, p.id, p.tag from unnest($2::uuid[], $3::uuid[]) p (id, tag)",
    [context.organization.id, pairs.map(({ id }) => id), pairs.map(({ tag }) => tag)],
  );
}

/** All wishes, or all that is wrong with them together. */
function checkedWishes(
  tasks: readonly NewTaskOfMany[],
  wishOfTask: (task: NewTaskOfMany, index: number) => TaskWish,
): TaskWish[] {
  const issues: ZodError["issues"] = [];
  const wishes = tasks.flatMap((task, index) => {
    try {
      return [wishOfTask(task, index)];
    } catch (error) {
      if (!(error instanceof ZodError)) throw error;
      issues.push(...error.issues);
      return [];
    }
  });
  if (issues.length > 0) throw new ZodError(issues);
  return wishes;
}

function wishFor(
  services: Services,
  task: NewTaskOfMany,
  id: string,
  nameOf: (name: string) => string,
  path: readonly PropertyKey[],
): TaskWish {
  const kind = task.person ? workKind(services, task, path) : openKind(services, task, path);
  return wishOf(
    kind,
    {
      id,
      input: task.input,
      name: task.name,
      description: task.description,
      priority: task.priority,
      scheduledFor: task.scheduled_for,
      deadlineAt: task.deadline_at,
      idempotencyKey: task.idempotency_key,
      dependsOn: task.depends_on?.map(({ task: name, policy }) => ({ task: nameOf(name), policy })),
      dependencyPolicy: task.dependency_policy,
      parent: task.parent === undefined ? undefined : nameOf(task.parent),
      workflow: task.workflow,
      costCap: task.cost_cap,
      treeCostCap: task.tree_cost_cap,
      creditPolicy: task.credit_policy,
      person: task.person,
    },
    path,
  );
}

type Known = {
  ids: string[];
  existing: Record<string, string>;
  /** The ids of tags, by what they were called. */
  tags: Record<string, string>;
  lost: { tasks: string[]; workflows: string[]; tags: string[] };
};

const IS_TAG = "(g.name_key = lower(named.tag) or g.id::text = lower(named.tag))";
const LOOK_UP = `
  select array(select kernel.uuid_v7() from generate_series(1, $2)) as ids,
    (select coalesce(json_object_agg(t.idempotency_key, t.id), '{}') from tasks.tasks t
     where t.organization_id = $1 and t.idempotency_key = any ($3::text[])) as existing,
    (select coalesce(json_object_agg(named.tag, g.id), '{}') from unnest($6::text[]) named (tag)
     join organizations.tags g on g.organization_id = $1 and ${IS_TAG}) as tags,
    json_build_object(
      'tasks', array(select id from unnest($4::uuid[]) named (id) where not exists (
        select from tasks.tasks t where t.organization_id = $1 and t.id = named.id)),
      'workflows', array(select id from unnest($5::uuid[]) named (id) where not exists (
        select from tasks.workflows w where w.organization_id = $1 and w.id = named.id)),
      'tags', array(select tag from unnest($6::text[]) named (tag) where not exists (
        select from organizations.tags g where g.organization_id = $1 and ${IS_TAG}))) as lost`;

async function lookUp(tx: Transaction, context: Context, tasks: readonly NewTaskOfMany[]): Promise<Known> {
  const some = (values: (string | undefined)[]) => [...new Set(values.filter((value) => value !== undefined))];
  const [known] = await tx.query<Known>(LOOK_UP, [
    context.organization.id,
    tasks.length,
    some(tasks.map(({ idempotency_key }) => idempotency_key)),
    some(tasks.flatMap(namesIn)).filter((name) => UUID.test(name)),
    some(tasks.map(({ workflow }) => workflow)),
    some(tasks.flatMap(({ tags = [] }) => tags)),
  ]);
  if (!known) throw new Error("The database answered nothing.");
  return known;
}

function namesIn({ parent, depends_on = [] }: NewTaskOfMany): string[] {
  return [...(parent === undefined ? [] : [parent]), ...depends_on.map(({ task }) => task)];
}

/** Other organizations' tasks, workflows and members are not there, like those that nobody has. */
function refuseUnknown(tasks: readonly NewTaskOfMany[], { lost }: Known, pathOf: PathOf): void {
  const missing = (kind: keyof Known["lost"]) => new Set(lost[kind].map((id) => id.toLowerCase()));
  const [lostTasks, lostWorkflows, lostTags] = [missing("tasks"), missing("workflows"), missing("tags")];
  const faults: FieldFault[] = tasks.flatMap((task, index) => {
    const fault = (set: Set<string>, value: string | undefined, field: PropertyKey[], what: string) =>
      value !== undefined && set.has(value.toLowerCase())
        ? [{ field: [...pathOf(index), ...field].join("."), message: `There is no such ${what} in this organization.` }]
        : [];
    return [
      ...fault(lostTasks, task.parent, ["parent"], "task"),
      ...(task.depends_on ?? []).flatMap((on, place) =>
        fault(lostTasks, on.task, ["depends_on", place, "task"], "task"),
      ),
      ...fault(lostWorkflows, task.workflow, ["workflow"], "workflow"),
      ...(task.tags ?? []).flatMap((tag, place) => fault(lostTags, tag, ["tags", place], "tag")),
    ];
  });
  if (faults.length > 0) throw new Problem("invalid", { errors: faults });
}
