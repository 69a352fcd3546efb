import { adminOf, createTenant, openTestDatabase, testServer } from "../test/harness.ts";
import { type Finding, median } from "./bench.ts";
import { openBare } from "./tasks/bare.ts";
import { openBoss } from "./tasks/boss.ts";
import { openEngine } from "./tasks/engine.ts";
import { measurePickUp } from "./tasks/pick-up.ts";

const TASKS = 20_000;
const ROUNDS = 7;
const TENANTS = 4;
const CONNECTIONS = 60;
const MILLION = 1_000_000;
const SMALL = 10_000;
const GROWTH_MAX = 3;

/**
 * Trivial tasks from the line to their end, with leases, fairness, attempts and the record, against a bare loop that claims and
 * completes rows of one table in batches, and against pg-boss. Then how soon a task begins, with a million waiting for later too;
 * and how large the engine's tables are after a million tasks.
 */
export async function bench(): Promise<Finding> {
  const database = openTestDatabase(testServer.admin, CONNECTIONS);
  const admin = await adminOf(database);
  const tenants = await Promise.all(Array.from({ length: TENANTS }, async () => (await createTenant(database)).id));
  const engine = await openEngine(database, admin, tenants);
  const ways = {
    "bare loop": await openBare(admin),
    "pg-boss": await openBoss({ isLikeForLike: false }),
    "pg-boss, like for like": await openBoss({ isLikeForLike: true }),
    engine,
  };
  const rates = new Map<string, number[]>(Object.keys(ways).map((way) => [way, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [way, { fill, drain }] of Object.entries(ways)) {
      await fill(TASKS);
      const started = performance.now();
      await drain(TASKS);
      // The first round fills caches and prepares statements.
      if (round > 0) rates.get(way)?.push((TASKS * 1000) / (performance.now() - started));
    }
  }
  const [bare = [], , boss = [], own = []] = [...rates.values()];
  const ratioTo = (other: number[]) => median(own.map((rate, round) => rate / (other[round] ?? rate)));

  const few = await measurePickUp(engine, database);
  await engine.fillForLater(MILLION);
  const many = await measurePickUp(engine, database);
  const growth = await growthOf(engine);
  return {
    table: [
      ...[...rates].map(([way, values]) => ({ what: way, value: Math.round(median(values)), unit: "tasks/s" })),
      { what: "bare round trip", value: few.roundTripMs.toFixed(2), unit: "ms, median" },
      { what: "pick-up", value: few.p95Ms.toFixed(2), unit: "ms, 95th percentile" },
      { what: "pick-up, a million for later", value: many.p95Ms.toFixed(2), unit: "ms, 95th percentile" },
      { what: "line and claims after 10,000 tasks", value: growth.smallKb, unit: "KB" },
      { what: "line and claims after 1,000,000", value: growth.largeKb, unit: "KB" },
    ],
    more: [
      { name: "times pg-boss, like for like", figure: ratioTo(boss), goal: 2 },
      {
        name: "allowed pick-up (3 round trips and 10 ms) in the measured one",
        figure: few.allowedMs / few.p95Ms,
        goal: 1,
      },
      { name: "the same with a million for later", figure: many.allowedMs / many.p95Ms, goal: 1 },
      {
        name: "allowed size after a million tasks (3 times that after 10,000) in the measured one",
        figure: (GROWTH_MAX * growth.smallKb) / growth.largeKb,
        goal: 1,
      },
    ],
    figure: ratioTo(bare),
    goal: 0.5,
  };
}

async function growthOf(engine: Awaited<ReturnType<typeof openEngine>>): Promise<{ smallKb: number; largeKb: number }> {
  await engine.forget();
  let smallKb = 0;
  for (let done = 0; done < MILLION; done += SMALL) {
    await engine.fill(SMALL);
    await engine.drain(SMALL);
    if (done === 0) smallKb = await engine.sizeKb();
  }
  return { smallKb, largeKb: await engine.sizeKb() };
}
