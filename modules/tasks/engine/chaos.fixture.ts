import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import pg from "pg";
import { type Login, withConnection } from "../../../kernel/database/connection.ts";
import { FAST, makeFolder, postmasterPid, removeFolder } from "../../../kernel/database/embedded/embedded.fixture.ts";
import { openEmbedded } from "../../../kernel/database/embedded/embedded.ts";
import { roleName } from "../../../kernel/database/roles.ts";
import { type Changes, watchChanges } from "../../../test/changes.ts";
import { createDatabases } from "../../../test/database-server.ts";
import { atEnd, createScratchDatabase, openOwnAdmin, type Tenant, testServer } from "../../../test/harness.ts";
import { verifyLedger } from "../../credits/public.ts";
import { looks, NOTHING_LEFT, openEngine, type Wish } from "./engine.fixture.ts";

const PROGRAM = join(import.meta.dirname, "chaos-worker.fixture.ts");
/** So many runs of a schedule were missed when it is made. */
const RUNS_MISSED = 50;

/** A PostgreSQL of its own, which is ended and comes back. */
export type OwnServer = { login: Login; restart(signal: NodeJS.Signals): Promise<void> };

/** Starts a PostgreSQL with a migrated database, in which the roles are those of the one that all tests share. */
export async function startOwnServer(): Promise<OwnServer> {
  const folder = makeFolder();
  atEnd(async () => removeFolder(folder));
  const server = await openEmbedded(folder, { settings: FAST });
  atEnd(() => server.close());
  const login = { ...server.admin, database: `${testServer.prefix}_own` };
  await createDatabases(server.admin, { ...testServer, admin: login });
  openOwnAdmin(login);
  const answers = () => withConnection(server.admin, () => Promise.resolve(true)).catch(() => false);
  return {
    login,
    restart: async (signal) => {
      const before = postmasterPid(join(folder, "postgres"));
      if (before === undefined) throw new Error("PostgreSQL does not run.");
      process.kill(before, signal);
      // Who keeps the server starts it again.
      while (!(await answers()) || postmasterPid(join(folder, "postgres")) === before);
    },
  };
}

/** Worker processes on a database of their own, which count each end of a task. */
export async function openChaos(given?: Login) {
  const login = given ?? (await createScratchDatabase());
  // A pool, for it outlives a server that is restarted.
  const admin = new pg.Pool({ ...login, max: 2 });
  admin.on("error", () => undefined);
  atEnd(() => admin.end());
  const engine = await openEngine(login);
  await countEnds(admin);
  const { until } = await watchChanges(login, ["tasks.tasks", "tasks.claims", "tasks.schedules"]);
  const workers = new Set<ChildProcess>();
  const crashed: ChildProcess[] = [];
  const start = () => {
    const child = spawn(process.execPath, [PROGRAM, JSON.stringify(login)], {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, NODE_TEST_CONTEXT: "" },
    });
    workers.add(child);
    child.once("exit", () => workers.delete(child) && crashed.push(child));
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
    ...looks(admin),
    admin,
    login,
    workers,
    /** Workers that ended by themselves. */
    crashed,
    start,
    kill,
    /** Cuts every connection of the workers. */
    cut: () =>
      admin.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
      ),
    /** Resolves when a worker has lost everything that it had taken. */
    untilLost: async ({ pid }: ChildProcess) => {
      const held = "select from tasks.claims where worker like '%:' || $1 || ':%'";
      await until(async () => ((await admin.query(held, [pid])).rows.length === 0 ? true : undefined));
    },
    /** How many tasks are over; resolves once that are so many, or all of them. */
    untilOver: (count: number) =>
      until(async () => {
        const { rows } = await admin.query<{ open: number; over: number }>(
          "select count(*) filter (where completed_at is null)::int as open, count(completed_at)::int as over from tasks.tasks",
        );
        return (rows[0]?.over ?? 0) >= count || rows[0]?.open === 0 ? rows[0] : undefined;
      }),
    ...schedules(admin, until),
  };
}

/** Work that comes every minute, and was missed for a while. */
function schedules(admin: pg.Pool, until: Changes["until"]) {
  const untilNone = (text: string) =>
    until(async () => ((await admin.query(text)).rows.length === 0 ? true : undefined));
  return {
    schedule: ({ id, owner }: Tenant) =>
      admin.query(
        `insert into tasks.schedules (organization_id, name, type, input, rule, missed_runs, next_run_at, created_by)
         values ($1, 'Every minute', 'chaos.step', '{}', '* * * * *', 'all', date_trunc('minute', now()) - make_interval(mins => $2), $3)`,
        [id, RUNS_MISSED, owner.userId],
      ),
    /** Resolves when every run that is due has been made; none is made from then on. */
    endSchedules: async () => {
      await untilNone("select from tasks.schedules where last_run_at is null");
      await admin.query("update tasks.schedules set status = 'paused' where status = 'active'");
    },
  };
}

async function countEnds(admin: pg.Pool): Promise<void> {
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

/** Tasks of every kind: plain, failing for a while, failing for good, in lanes, with parts, that cost something, and depending on earlier ones. */
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
      () => ({ ...base, input: { cost: 900 + (index % 300) }, estimated_cost: 1_000 }),
      () => ({ ...base, input: { cost: 500, fails: 2 }, estimated_cost: 1_000 }),
      () => ({ ...base, input: {}, scheduled_for: new Date(Date.now() + (index % 7) * 100) }),
      () => (cause ? { ...base, input: {}, depends_on: [{ task_id: cause.id }], becomes: cause.becomes } : undefined),
      () => (cause ? { ...base, input: {}, depends_on: [{ task_id: cause.id, policy: "done" as const }] } : undefined),
    ];
    plans.push(makers[index % makers.length]?.() ?? { ...base, input: {} });
  }
  return plans;
}

type Chaos = Awaited<ReturnType<typeof openChaos>>;

/** Every task is over as it was to be, once, nothing of the engine is left, the books are right, and no worker has crashed. */
export async function checkEnds(chaos: Chaos, tenant: Tenant, plans: readonly Plan[]): Promise<void> {
  const { rows } = await chaos.admin.query<{ id: string; status: string; blocked_by: number; ends: number }>(
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
  assert.deepEqual(await chaos.leftovers(tenant), NOTHING_LEFT);
  await checkSchedules(chaos);
  await checkBooks(chaos);
  assert.deepEqual(chaos.crashed, [], "no worker ends by itself");
}

/** Each schedule has made a task of every minute from its first run to its last, and no other. */
async function checkSchedules({ admin }: Chaos): Promise<void> {
  const { rows } = await admin.query<{ made: number; wanted: number; times: number; completed: number }>(
    `select count(t.id)::int as made, count(distinct t.scheduled_for)::int as times, count(*) filter (where t.status = 'completed')::int as completed,
            (extract(epoch from s.last_run_at - min(t.scheduled_for)) / 60 + 1)::int as wanted
     from tasks.schedules s left join tasks.tasks t on t.idempotency_key like 'schedule:' || s.id || ':%' group by s.organization_id, s.id`,
  );
  for (const { made, wanted, times, completed } of rows) {
    assert.ok(made > RUNS_MISSED, `${made} runs were made`);
    assert.deepEqual({ made, times, completed }, { made: wanted, times: wanted, completed: wanted });
  }
}

/** Nothing is set aside any more, what tasks cost was charged, once, and the books hold every invariant. */
async function checkBooks({ admin }: Chaos): Promise<void> {
  const { rows } = await admin.query(
    `select (select count(*)::int from credits.holds where status not in ('settled', 'released')) as open, (
       select sum(settled) from credits.holds) is not distinct from (select sum(actual_cost) from tasks.tasks) as is_charged`,
  );
  assert.deepEqual(rows, [{ open: 0, is_charged: true }]);
  const client = await admin.connect();
  try {
    for await (const { name, violations, shown } of verifyLedger(client))
      assert.equal(violations, 0, `${name}: ${shown}`);
  } finally {
    client.release();
  }
}
