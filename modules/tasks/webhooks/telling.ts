import { setTimeout as delay } from "node:timers/promises";
import { callOutside } from "../../../kernel/tenancy/transaction.ts";
import type { Work, Workplace } from "../../../kernel/work.ts";

/** So many entries of the record are read in a transaction. */
const ENTRIES_AT_A_TIME = 1_000;
/** How long a change waits at most before it is noticed. */
const LOOK_EVERY_MS = 1_000;
/** Another process takes over now and then, and what stands in no line is found. */
const TURN_MS = 60_000;
const IDLE_SECONDS = 60;

/** Makes deliveries of what the record says next. Resolves with how many entries it read; undefined when nobody asks for any. */
export async function tellWebhooks({ database, services }: Omit<Workplace, "signal">): Promise<number | undefined> {
  const statement = "select tasks.tell_webhooks($1) as entries";
  const [row] = await callOutside<{ entries: number | null }>(database, "dispatcher", statement, [ENTRIES_AT_A_TIME]);
  if (row?.entries) services.wakeWorkers();
  return row?.entries ?? undefined;
}

/** Reads the record for all webhooks together, for as long as there are some. The first one wakes it. */
export const webhookEvents: Work = {
  name: "tasks.webhook_events",
  everySeconds: IDLE_SECONDS,
  run: async (workplace) => {
    const { database, signal } = workplace;
    await callOutside(database, "dispatcher", "select tasks.keep_webhooks()");
    for (const end = performance.now() + TURN_MS; performance.now() < end && !signal.aborted; ) {
      const entries = await tellWebhooks(workplace);
      if (entries === undefined) return;
      if (entries === 0) await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  },
  nextSeconds: async ({ database }) => {
    const [row] = await callOutside<{ is_wanted: boolean }>(
      database,
      "dispatcher",
      "select tasks.has_webhooks() as is_wanted",
    );
    return row?.is_wanted ? 0 : undefined;
  },
};
