import type { JsonText } from "../../kernel/http/route.ts";
import { askJson, tell } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { transaction } from "../../kernel/tenancy/transaction.ts";
import type { Feedback, Replay, TaskChanges } from "./task-changes-contract.ts";
import { TASKS_AT_ONCE_MAX } from "./tasks-contract.ts";

/** Cancels a task with its parts, and resolves with `{id, status, cancel_requested_at}` as JSON. Throws not_found. */
export async function cancelTask(context: Context, { task }: { task: string }): Promise<JsonText> {
  const answer = await askJson(context, "select (tasks.cancel(array[$1::uuid]) -> 0)::text", [task]);
  context.services.wakeWorkers();
  return answer;
}

/** Cancels tasks with their parts: `{items}` as JSON. Throws not_found where one of them is not there; then none is cancelled. */
export async function cancelTasks(context: Context, { ids }: { ids: readonly string[] }): Promise<JsonText> {
  const answer = await askJson(context, "select json_build_object('items', tasks.cancel($1::uuid[]))::text", [ids]);
  context.services.wakeWorkers();
  return answer;
}

const FAILED = `
  select array_agg(f.id) as ids from (
    select t.id from tasks.tasks t
    where t.organization_id = $1 and t.attention = 'failed' and t.type = $2 and t.worker_type <> 'human'
      and t.completed_at >= $3 and t.completed_at < $4
    order by t.priority, t.created_at limit ${TASKS_AT_ONCE_MAX}) f`;

/**
 * Has tasks tried again that failed for good, and resolves with those that are, `{items}`. Throws not_found where one of the ids names
 * nothing, conflict where none of them has failed; of a type and a time there may be none.
 */
export async function replayTasks(context: Context, wanted: Replay): Promise<{ items: { id: string }[] }> {
  const items = await transaction(context, async (tx) => {
    let ids: readonly string[] | null;
    if ("ids" in wanted) ids = wanted.ids;
    else {
      const { type, failed_from = "-infinity", failed_to = "infinity" } = wanted;
      const [found] = await tx.query<{ ids: string[] | null }>(FAILED, [
        context.organization.id,
        type,
        failed_from,
        failed_to,
      ]);
      ids = found?.ids ?? null;
    }
    if (ids === null) return [];
    const [row] = await tx.query<{ replayed: { id: string }[] }>("select tasks.replay($1) as replayed", [ids]);
    return row?.replayed ?? [];
  });
  context.services.wakeWorkers();
  return { items };
}

/** Changes what is given of priority, deadline_at and scheduled_for. Throws not_found, and conflict where a worker has the task, it is over, or was changed since `version`. */
export async function changeTask(
  context: Context,
  task: string,
  { version, priority, deadline_at, scheduled_for }: TaskChanges,
): Promise<undefined> {
  const changes = JSON.stringify({ priority, deadline_at, scheduled_for });
  await tell(context, "select tasks.change_task($1, $2, $3)", [task, changes, version ?? null]);
  context.services.wakeWorkers();
  return undefined;
}

/** Keeps what somebody thinks of a result. Throws not_found, and conflict before the task is over. */
export async function rateTask(
  context: Context,
  task: string,
  { quality_score, user_feedback }: Feedback,
): Promise<undefined> {
  const feedback = user_feedback === undefined ? null : JSON.stringify(user_feedback);
  return tell(context, "select tasks.rate_task($1, $2, $3)", [task, quality_score ?? null, feedback]);
}

/** Cancels the tasks of a workflow that are not over. Throws not_found, and conflict where it is over. */
export async function cancelWorkflow(context: Context, { workflow }: { workflow: string }): Promise<undefined> {
  await tell(context, "select tasks.cancel_workflow($1)", [workflow]);
  context.services.wakeWorkers();
  return undefined;
}
