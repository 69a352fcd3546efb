import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import type pg from "pg";
import { roleName } from "../../../kernel/database/roles.ts";
import { atEnd, createScratchDatabase, type Tenant, testServer } from "../../../test/harness.ts";
import { NOTHING_LEFT, openEngine, type Wish } from "./engine.fixture.ts";

const PROGRAM = join(import.meta.dirname, "chaos-worker.fixture.ts");

/** Worker processes on a database of their own, which count each end of a task. */
export async function openChaos() {
  const login = await createScratchDatabase();
  const engine = await openEngine(login);
  await countEnds(engine.admin);
  const workers = new Set<ChildProcess>();
  const start = () => {
    const child = spawn(process.execPath, [PROGRAM, JSON.stringify(login)], {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, NODE_TEST_CONTEXT: "" },
    });
    workers.add(child);
    return child;
  };
  const kill = async (child: ChildProcess) => {
    workers.delete(child);
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  atEnd(async () => {
    for (const child of workers) await kill(child);
  });
  return {
    ...engine,
    login,
    workers,
    start,
    kill,
    /** Cuts every connection of the workers. */
    cut: () =>
      engine.admin.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
      ),
    /** Resolves when a worker has lost everything that it had taken. */
    untilLost: async ({ pid }: ChildProcess) => {
      const holds =
        "select exists (select from tasks.claims where worker like '%:' || $1 || ':%') as some, pg_sleep(0.05)";
      while ((await engine.admin.query<{ some: boolean }>(holds, [pid])).rows[0]?.some);
    },
    /** How many tasks are over; resolves once that are so many, or all of them. */
    untilOver: async (count: number) => {
      for (;;) {
        const { rows } = await engine.admin.query<{ open: number; over: number }>(
          "select count(*) filter (where completed_at is null)::int as open, count(completed_at)::int as over, pg_sleep(0.05) from tasks.tasks",
        );
        if ((rows[0]?.over ?? 0) >= count || rows[0]?.open === 0) return rows[0];
      }
    },
  };
}

async function countEnds(admin: pg.Client): Promise<void> {
  await admin.query(`
    create schema chaos;
    create table chaos.starts (task_id uuid, attempt integer);
    create table chaos.ends (task_id uuid, status text);
    create function chaos.count_end() returns trigger language plpgsql security definer as $$
    begin
      insert into chaos.ends values (new.id, new.status);
      return null;
    end $$;
    create trigger count_end after update on tasks.tasks for each row
      when (new.completed_at is not null and old.completed_at is null) execute function chaos.count_end();
    grant usage on schema chaos to ${roleName(testServer.prefix, "worker")};
    grant insert on chaos.starts to ${roleName(testServer.prefix, "worker")};`);
}

/** A wish, and what must become of it. */
export type Plan = Wish & { input: object; becomes: string };

/** Tasks of every kind: plain, failing for a while, failing for good, in lanes, with parts, and depending on earlier ones. */
export function plansOf(count: number): Plan[] {
  const plans: (Plan & { id: string })[] = [];
  for (let index = 0; index < count; index++) {
    const base = {
      id: randomUUID(),
      type: "chaos.step",
      name: `Step ${index}`,
      attempts_max: 50,
      becomes: "completed",
    };
    const cause = plans[Math.floor(Math.random() * index)];
    const makers = [
      () => ({ ...base, input: {} }),
      () => ({ ...base, input: { fails: 1 + (index % 3) } }),
      () => ({ ...base, input: { invalid: true }, becomes: "failed" }),
      () => ({ ...base, input: { waitMs: 20 }, limits: { lane: `lane ${index % 3}`, slots: 2 } }),
      () => ({ ...base, input: { parts: 2 } }),
      () => ({ ...base, input: {}, scheduled_for: new Date(Date.now() + (index % 7) * 100) }),
      () => (cause ? { ...base, input: {}, depends_on: [{ task_id: cause.id }], becomes: cause.becomes } : undefined),
      () => (cause ? { ...base, input: {}, depends_on: [{ task_id: cause.id, policy: "done" as const }] } : undefined),
    ];
    plans.push(makers[index % makers.length]?.() ?? { ...base, input: {} });
  }
  return plans;
}

type Chaos = Awaited<ReturnType<typeof openChaos>>;

/** Every task is over as it was to be, once, and nothing of the engine is left. */
export async function checkEnds({ admin, leftovers }: Chaos, tenant: Tenant, plans: readonly Plan[]): Promise<void> {
  const { rows } = await admin.query<{ id: string; status: string; blocked_by: number; ends: number }>(
    `select t.id, t.status, t.blocked_by, count(e.task_id)::int as ends from tasks.tasks t
     left join chaos.ends e on e.task_id = t.id group by t.organization_id, t.id`,
  );
  const found = new Map(rows.map((row) => [row.id, row]));
  const wrong = plans.filter(({ id = "", becomes }) => found.get(id)?.status !== becomes);
  assert.deepEqual(
    wrong.map(({ id = "", becomes, input }) => ({ becomes, input, ...found.get(id) })),
    [],
  );
  const odd = rows.filter(({ ends, blocked_by }) => ends !== 1 || blocked_by !== 0);
  assert.deepEqual(odd, [], "each ends once, and waits for nothing more");
  assert.ok(rows.every(({ status }) => status === "completed" || status === "failed"));
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
}
