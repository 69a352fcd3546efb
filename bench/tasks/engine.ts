import type pg from "pg";
import { z } from "zod";
import type { Database } from "../../kernel/database/pool.ts";
import { taskKind } from "../../kernel/work.ts";
import { startWorker } from "../../modules/tasks/engine/worker.ts";
import { atEnd, testServices } from "../../test/harness.ts";
import type { Way } from "./bare.ts";

const CONCURRENCY = 1_000;
const WISHES_MAX = 1_000;

export type Engine = Way & {
  /** Puts one task in line and resolves with the milliseconds until it began. */
  pickUpMs(): Promise<number>;
  /** Puts tasks in line that are for tomorrow. */
  fillForLater(tasks: number): Promise<void>;
  /** Forgets all tasks, and begins with tables that were never used. */
  forget(): Promise<void>;
  /** What the line and the claims take up on disk. */
  sizeKb(): Promise<number>;
};

async function enqueue(admin: pg.Client, organization: string, tasks: number, scheduled: string | null): Promise<void> {
  for (let asked = 0; asked < tasks; asked += WISHES_MAX) {
    await admin.query(
      `select count(*) from tasks.enqueue($1, null, (
         select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('type', 'bench.nothing', 'name', 'Task ' || n, 'input', jsonb_build_object('n', n),
           'scheduled_for', $3::timestamptz)))
         from generate_series(1, $2::integer) n))`,
      [organization, Math.min(WISHES_MAX, tasks - asked), scheduled],
    );
  }
}

function nothingKind(onBegun: () => void) {
  return taskKind({
    type: "bench.nothing",
    summary: "Does nothing",
    category: "system",
    workerType: "internal",
    input: z.object({ n: z.number() }),
    timeLimitSeconds: 60,
    attemptsMax: 3,
    isOpen: false,
    run: async ({ input }) => {
      onBegun();
      return { done: input.n };
    },
  });
}

/** The engine with one worker, whose tasks are spread over the organizations. It goes on while others are measured: it has nothing to do. */
export async function openEngine(database: Database, admin: pg.Client, organizations: string[]): Promise<Engine> {
  let left = 0;
  let allBegun = Promise.withResolvers<void>();
  let worker: ReturnType<typeof startWorker> | undefined;
  const nothing = nothingKind(() => {
    if (--left === 0) allBegun.resolve();
  });
  const log = { error: ({ err }: { err: unknown }) => console.error(err) };
  const start = () =>
    startWorker({
      database,
      services: testServices(),
      kinds: [nothing],
      jobs: [],
      works: [],
      concurrency: CONCURRENCY,
      log,
    });
  const stop = async () => {
    await worker?.stop();
    worker = undefined;
  };
  atEnd(stop);

  const ask = (organization: string, tasks: number, scheduled: string | null = null) =>
    enqueue(admin, organization, tasks, scheduled);
  const untilAllEnded = async () => {
    const open = "select exists (select from tasks.claims) as some";
    while ((await admin.query<{ some: boolean }>(open)).rows[0]?.some);
  };
  return {
    fill: async (tasks) => {
      await stop();
      for (const organization of organizations) await ask(organization, tasks / organizations.length, null);
      await admin.query("vacuum analyze tasks.tasks");
    },
    drain: async (tasks) => {
      left = tasks;
      allBegun = Promise.withResolvers();
      worker = start();
      await allBegun.promise;
      await untilAllEnded();
    },
    pickUpMs: async () => {
      worker ??= start();
      left = 1;
      allBegun = Promise.withResolvers();
      await ask(organizations[0] ?? "", 1, null);
      const asked = performance.now();
      worker.wake();
      await allBegun.promise;
      return performance.now() - asked;
    },
    fillForLater: async (tasks) => {
      const tomorrow = new Date(Date.now() + 24 * 3_600_000).toISOString();
      for (const organization of organizations) await ask(organization, tasks / organizations.length, tomorrow);
    },
    forget: async () => {
      await stop();
      await admin.query("truncate tasks.tasks, tasks.entries, tasks.claims cascade");
    },
    sizeKb: async () => {
      const { rows } = await admin.query<{ kb: number }>(
        "select ((pg_total_relation_size('tasks.entries') + pg_total_relation_size('tasks.claims')) / 1024)::integer as kb",
      );
      return rows[0]?.kb ?? 0;
    },
  };
}
