import type { Database } from "../../kernel/database/pool.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import type { Work, Workplace } from "../../kernel/work.ts";

/** Tasks are kept so long after their end. The tries at them are kept 13 months, by their partitions. */
const TASKS_KEPT_DAYS = 90;
/** So many tasks a transaction looks at. */
const BATCH = 500;
const ORGANIZATIONS_AT_A_TIME = 100;
const EVERY_SECONDS = 6 * 60 * 60;
const NIL = "00000000-0000-0000-0000-000000000000";

/** Where a pass over an organization's old tasks has come to; null at its end. */
type Progress = { made_at: string | null; task: string | null; removed: number };

/** Removes tasks that ended longer ago than they are kept, in small transactions. Resolves with how many. */
export async function removeOldTasks(
  { database, signal }: Pick<Workplace, "database" | "signal">,
  batch = BATCH,
): Promise<number> {
  let removed = 0;
  for (let after = NIL; !signal.aborted; ) {
    const organizations = await callOutside<{ id: string }>(
      database,
      "dispatcher",
      "select id from tasks.organizations_with_old_tasks($1, make_interval(days => $2), $3) as found (id)",
      [after, TASKS_KEPT_DAYS, ORGANIZATIONS_AT_A_TIME],
    );
    for (const { id } of organizations) {
      removed += await removeOf(database, id, batch, signal);
      after = id;
    }
    if (organizations.length < ORGANIZATIONS_AT_A_TIME) break;
  }
  return removed;
}

async function removeOf(database: Database, organization: string, batch: number, signal: AbortSignal): Promise<number> {
  let removed = 0;
  let madeAt: string | null = "-infinity";
  let task: string | null = NIL;
  while (madeAt !== null && !signal.aborted) {
    const [row]: Progress[] = await callOutside<Progress>(
      database,
      "dispatcher",
      "select made_at::text, task, removed from tasks.remove_old_tasks($1, make_interval(days => $2), $3, $4::timestamptz, $5)",
      [organization, TASKS_KEPT_DAYS, batch, madeAt, task],
    );
    removed += row?.removed ?? 0;
    madeAt = row?.made_at ?? null;
    task = row?.task ?? null;
  }
  return removed;
}

export const RETENTION_WORK: Work = {
  name: "tasks.retention",
  everySeconds: EVERY_SECONDS,
  run: async (workplace) => {
    await removeOldTasks(workplace);
  },
};
