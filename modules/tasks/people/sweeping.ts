import { callOutside } from "../../../kernel/tenancy/transaction.ts";
import type { Work, Workplace } from "../../../kernel/work.ts";

const SWEEP_SECONDS = 15;
const BATCH = 100;

/** Reminds, hands up and ends what is due of approvals. Any number of processes may do it at once. */
async function sweepPeople({ database, signal, services }: Workplace): Promise<void> {
  let moved = 1;
  while (moved > 0 && !signal.aborted) {
    const [row] = await callOutside<{ moved: number }>(
      database,
      "dispatcher",
      "select tasks.sweep_people($1) as moved",
      [BATCH],
    );
    moved = row?.moved ?? 0;
    if (moved > 0) services.wakeWorkers();
  }
}

/** Looks for what is due, again and again. */
export const peopleSweep: Work = { name: "tasks.people", everySeconds: SWEEP_SECONDS, run: sweepPeople };
