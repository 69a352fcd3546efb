import { callOutside } from "../../kernel/tenancy/transaction.ts";
import type { Work } from "../../kernel/work.ts";

const HOUR_SECONDS = 3600;

/** Removes sign-ups, tokens, sessions and history that nobody needs any more. */
export const sweeping: Work = {
  name: "identity.sweep",
  everySeconds: HOUR_SECONDS,
  run: async ({ database }) => {
    await callOutside(database, "dispatcher", "select identity.sweep()");
  },
};
