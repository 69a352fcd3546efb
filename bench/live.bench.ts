import { setTimeout as delay } from "node:timers/promises";
import { adminOf, createTenant } from "../test/harness.ts";
import { authorization, openTestServer } from "../test/http/server.ts";
import type { Finding } from "./bench.ts";

/** So much of one processor is left by a hundred who listen and hear nothing. */
const GOAL = 0.97;
const LISTENERS = 100;
const LISTENERS_OF_ONE = 20;
const MEASURED_MS = 20_000;

/** What a hundred idle listeners cost: transactions of PostgreSQL, and time of this process, in which both ends of each line are. */
export async function bench(): Promise<Finding> {
  const { server, database } = await openTestServer();
  const admin = await adminOf(database);
  const address = await server.listen({ host: "127.0.0.1", port: 0 });
  const commits = async () => {
    const { rows } = await admin.query<{ count: string }>(
      "select xact_commit::text as count from pg_stat_database where datname = current_database()",
    );
    return Number(rows[0]?.count);
  };
  const measure = async (listeners: number) => {
    const [before, cpu] = [await commits(), process.cpuUsage()];
    await delay(MEASURED_MS);
    const { user, system } = process.cpuUsage(cpu);
    const transactions = (await commits()) - before;
    const share = (user + system) / 1_000 / MEASURED_MS;
    return { listeners, "transactions a second": (transactions * 1_000) / MEASURED_MS, "share of a processor": share };
  };
  const none = await measure(0);
  const leaving = new AbortController();
  for (let n = 0; n < LISTENERS; n += LISTENERS_OF_ONE) {
    const { slug, owner } = await createTenant(database);
    for (let place = 0; place < LISTENERS_OF_ONE; place++) {
      const headers = authorization(owner);
      const answer = await fetch(`${address}/api/organizations/${slug}/events`, { headers, signal: leaving.signal });
      if (answer.status !== 200) throw new Error(`The endpoint answered ${answer.status}.`);
      answer.body?.pipeTo(new WritableStream()).catch(() => undefined);
    }
  }
  // What the organizations' making left behind is told first.
  await delay(2_000);
  const all = await measure(LISTENERS);
  leaving.abort();
  const table = [none, all].map((row) => ({
    ...row,
    "transactions a second": row["transactions a second"].toFixed(2),
    "share of a processor": row["share of a processor"].toFixed(4),
  }));
  return { table, figure: 1 - (all["share of a processor"] - none["share of a processor"]), goal: GOAL };
}
