import { callOutside } from "../../kernel/tenancy/transaction.ts";
import type { Work } from "../../kernel/work.ts";

const LOOK_EVERY_SECONDS = 600;

/** Puts queued mail in line that does not stand there, as after a backup was restored. */
export const mailLine: Work = {
  name: "tasks.mail_line",
  everySeconds: LOOK_EVERY_SECONDS,
  run: async ({ database, services }) => {
    await callOutside(database, "dispatcher", "select tasks.keep_mails()");
    services.wakeWorkers();
  },
};
