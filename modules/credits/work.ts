import { callOutside } from "../../kernel/tenancy/transaction.ts";
import type { Work, Workplace } from "../../kernel/work.ts";
import { meter } from "./metering.ts";
import { RETENTION_WORK } from "./retention.ts";

const BATCH = 500;
const MINUTE = 60;

/** Calls a sweep until it finds less than a batch. */
async function sweep({ database, signal }: Workplace, name: string): Promise<void> {
  let found = BATCH;
  while (found >= BATCH && !signal.aborted) {
    const [row] = await callOutside<{ found: number }>(database, "dispatcher", `select credits.${name}($1) as found`, [
      BATCH,
    ]);
    found = row?.found ?? 0;
  }
}

/** What the ledger has done beside requests. */
export const work: readonly Work[] = [
  {
    name: "credits.sweep",
    everySeconds: MINUTE / 2,
    run: async (place) => {
      for (const name of ["expire_holds", "expire_lots", "begin_month"]) await sweep(place, name);
    },
  },
  { name: "credits.calls", everySeconds: 10, run: ({ database }) => meter.flush(database) },
  RETENTION_WORK,
];
