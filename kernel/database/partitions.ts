import { callOutside } from "../tenancy/transaction.ts";
import type { Work } from "../work.ts";

const DAY_SECONDS = 24 * 3600;

/** Makes the partitions of the months to come, and removes those that are older than their table keeps rows. */
export const PARTITION_WORK: Work = {
  name: "partitions",
  everySeconds: DAY_SECONDS,
  run: async ({ database }) => {
    await callOutside(database, "dispatcher", "select kernel.make_missing_partitions()");
    await callOutside(database, "dispatcher", "select kernel.remove_old_partitions()");
  },
};
