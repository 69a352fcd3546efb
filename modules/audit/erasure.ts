import type { Database } from "../../kernel/database/pool.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import type { Workplace } from "../../kernel/work.ts";

const ROWS_A_STEP = 5_000;

/** A person or an organization that is to be erased. */
export type ErasureSubject = { kind: "person" | "organization"; id: string };

/**
 * Goes on with an erasure that has begun, step by step, until nothing is left; whatever interrupts it, the next call goes on
 * where it was. Rejects with TN011 while a legal hold stands in the way, or the person is an organization's last owner.
 */
export async function finishErasure(
  database: Database,
  { kind, id }: ErasureSubject,
  signal?: AbortSignal,
  rowsAStep = ROWS_A_STEP,
): Promise<void> {
  const step = kind === "person" ? "audit.erase_person" : "audit.erase_organization";
  for (;;) {
    signal?.throwIfAborted();
    const [row] = await callOutside<{ done: boolean }>(database, "dispatcher", `select ${step}($1, $2) as done`, [
      id,
      rowsAStep,
    ]);
    if (row?.done) return;
  }
}

/** Erases whoever and whatever was deleted longer ago than the grace period. One that fails does not keep the others waiting. */
export async function eraseDue({ database, signal }: Pick<Workplace, "database" | "signal">): Promise<void> {
  const due = await callOutside<{ kind: ErasureSubject["kind"]; subject_id: string }>(
    database,
    "dispatcher",
    "select kind, subject_id from audit.begin_due_erasures()",
  );
  const failures: unknown[] = [];
  for (const { kind, subject_id } of due) {
    if (signal.aborted) return;
    await finishErasure(database, { kind, id: subject_id }, signal).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0 && !signal.aborted)
    throw new AggregateError(failures, `${failures.length} of ${due.length} erasures could not be finished.`);
}

/** Erases the values of entries that are older than their organizations keep them. */
export async function expireValues({ database, signal }: Pick<Workplace, "database" | "signal">): Promise<void> {
  while (!signal.aborted) {
    const [row] = await callOutside<{ looked_at: number | null }>(
      database,
      "dispatcher",
      "select audit.expire_values($1) as looked_at",
      [ROWS_A_STEP],
    );
    if (typeof row?.looked_at !== "number") return;
  }
}
