import type { Work } from "../work.ts";
import { callOutside } from "./transaction.ts";

const REMOVE_EVERY_SECONDS = 3600;
const REMOVED_AT_ONCE = 1_000;

/** Removes what was kept for a day of requests with an Idempotency-Key, a batch at a time. */
export const idempotencyRetention: Work = {
  name: "kernel.idempotency_retention",
  everySeconds: REMOVE_EVERY_SECONDS,
  run: async ({ database, signal }) => {
    let removed = REMOVED_AT_ONCE;
    while (removed === REMOVED_AT_ONCE && !signal.aborted) {
      const statement = "select kernel.remove_old_answers($1) as removed";
      const [row] = await callOutside<{ removed: number }>(database, "dispatcher", statement, [REMOVED_AT_ONCE]);
      removed = row?.removed ?? 0;
    }
  },
};
