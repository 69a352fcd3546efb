import { callOutside } from "../../kernel/tenancy/transaction.ts";
import type { Work } from "../../kernel/work.ts";
import { UNHEARD_SECONDS } from "./writing.ts";

const BATCH = 100;

/** Ends replies whose process is gone. */
export const work: readonly Work[] = [
  {
    name: "assistant.lost_replies",
    everySeconds: 30,
    run: async ({ database }) => {
      const text = "select assistant.end_lost_replies(make_interval(secs => $1), $2)";
      await callOutside(database, "dispatcher", text, [UNHEARD_SECONDS, BATCH]);
    },
  },
];
