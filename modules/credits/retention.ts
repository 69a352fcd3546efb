import type { Database } from "../../kernel/database/pool.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import type { Work, Workplace } from "../../kernel/work.ts";

/** Closed holds and the answers to operations are kept so long, as usage is. The ledger itself is kept for good. */
export const BOOKS_KEPT_MONTHS = 25;
/** Usage that is told again after so long counts again. */
const USAGE_KEYS_KEPT_DAYS = 90;
/** So many rows of each kind a transaction removes. */
const BATCH = 500;
const ORGANIZATIONS_AT_A_TIME = 100;
const EVERY_SECONDS = 6 * 60 * 60;
const NIL = "00000000-0000-0000-0000-000000000000";
const KEPT = "make_interval(months => $2)";
const KEYS_KEPT = "make_interval(days => $3)";

/** Removes what the books need no more, in small transactions. Resolves with how many rows of holds and keys. */
export async function removeOldRows(
  { database, signal }: Pick<Workplace, "database" | "signal">,
  batch = BATCH,
): Promise<number> {
  let removed = 0;
  for (let after = NIL; !signal.aborted; ) {
    const organizations = await callOutside<{ id: string }>(
      database,
      "dispatcher",
      `select id from credits.organizations_with_old_rows($1, ${KEPT}, ${KEYS_KEPT}, $4) as found (id)`,
      [after, BOOKS_KEPT_MONTHS, USAGE_KEYS_KEPT_DAYS, ORGANIZATIONS_AT_A_TIME],
    );
    for (const { id } of organizations) {
      removed += (await removeHolds(database, id, batch, signal)) + (await removeKeys(database, id, batch, signal));
      after = id;
    }
    if (organizations.length < ORGANIZATIONS_AT_A_TIME) break;
  }
  return removed;
}

async function removeHolds(
  database: Database,
  organization: string,
  batch: number,
  signal: AbortSignal,
): Promise<number> {
  let removed = 0;
  for (let hold: string | null = NIL; hold !== null && !signal.aborted; ) {
    const [row]: { hold: string | null; removed: number }[] = await callOutside(
      database,
      "dispatcher",
      `select hold, removed from credits.remove_old_holds($1, ${KEPT}, $3, $4)`,
      [organization, BOOKS_KEPT_MONTHS, batch, hold],
    );
    removed += row?.removed ?? 0;
    hold = row?.hold ?? null;
  }
  return removed;
}

async function removeKeys(
  database: Database,
  organization: string,
  batch: number,
  signal: AbortSignal,
): Promise<number> {
  let all = 0;
  for (let removed = batch; removed >= batch && !signal.aborted; all += removed) {
    const [row] = await callOutside<{ removed: number }>(
      database,
      "dispatcher",
      `select removed from credits.remove_old_keys($1, ${KEPT}, ${KEYS_KEPT}, $4)`,
      [organization, BOOKS_KEPT_MONTHS, USAGE_KEYS_KEPT_DAYS, batch],
    );
    removed = row?.removed ?? 0;
  }
  return all;
}

export const RETENTION_WORK: Work = {
  name: "credits.retention",
  everySeconds: EVERY_SECONDS,
  run: async (workplace) => {
    await removeOldRows(workplace);
  },
};
