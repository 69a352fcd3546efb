import pg from "pg";
import type { Transaction } from "./transaction.ts";

/**
 * Does something with all items, or, where the database refuses some of them, with the others: halves are tried until
 * each that is refused stands alone. Resolves with those.
 */
export async function takeEach<Item>(
  tx: Transaction,
  items: readonly Item[],
  take: (items: readonly Item[]) => Promise<void>,
): Promise<{ item: Item; reason: string }[]> {
  if (items.length === 0) return [];
  await tx.query("savepoint some_rows");
  try {
    await take(items);
    await tx.query("release savepoint some_rows");
    return [];
  } catch (error) {
    const reason = refusalOf(error);
    if (reason === undefined) throw error;
    await tx.query("rollback to savepoint some_rows");
    const [only] = items;
    if (items.length === 1 && only !== undefined) return [{ item: only, reason }];
    const middle = items.length >> 1;
    return [...(await takeEach(tx, items.slice(0, middle), take)), ...(await takeEach(tx, items.slice(middle), take))];
  }
}

/** Why the database refuses a row, in words for people that name no values; undefined where it is not the row's fault. */
function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof pg.DatabaseError)) return undefined;
  const { code = "", constraint = "", detail = "", message } = error;
  const columns = /^Key \(([^)]*)\)/.exec(detail)?.[1]?.replace("organization_id, ", "") ?? constraint;
  if (code === "23505") return `Another row has the same ${columns} already.`;
  if (code === "23503")
    return /is still referenced/.test(detail)
      ? "Other rows name it."
      : `It names something that is not there (${columns}).`;
  if (code === "23514") return `It breaks a rule of the table (${constraint || message}).`;
  if (/^TN01[0-3]$/.test(code)) return `${message}.`;
  return /^(22|23)/.test(code) ? "The database does not take its values." : undefined;
}
