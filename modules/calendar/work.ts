import { callOutside } from "../../kernel/tenancy/transaction.ts";
import type { Work, Workplace } from "../../kernel/work.ts";

const LOOK_EVERY_SECONDS = 60;
const BATCH = 100;

/** Queues the mails of all reminders whose time has come. Any number of processes may do it at once: each reminder is one's. */
export async function sendReminders({ database, services, signal }: Workplace): Promise<void> {
  let found = BATCH;
  while (found >= BATCH && !signal.aborted) {
    const statement = "select calendar.send_due_reminders($1) as found";
    const [row] = await callOutside<{ found: number }>(database, "dispatcher", statement, [BATCH]);
    found = row?.found ?? 0;
    if (found > 0) services.wakeWorkers();
  }
}

/** Reminds of appointments: looks every minute, and when the next reminder is due before that. */
export const reminders: Work = {
  name: "calendar.reminders",
  everySeconds: LOOK_EVERY_SECONDS,
  run: sendReminders,
  nextSeconds: async ({ database }) => {
    const statement = "select calendar.next_reminder_seconds() as seconds";
    const [next] = await callOutside<{ seconds: number | null }>(database, "dispatcher", statement);
    return next?.seconds ?? undefined;
  },
};
