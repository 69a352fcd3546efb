import assert from "node:assert/strict";
import type pg from "pg";
import type { Login } from "../../../kernel/database/connection.ts";
import type { Database } from "../../../kernel/database/pool.ts";
import { callOutside, queryText } from "../../../kernel/tenancy/transaction.ts";
import type { Job, TaskKind, Work, WorkLog } from "../../../kernel/work.ts";
import {
  adminOf,
  atEnd,
  contextOf,
  createScratchDatabase,
  createTenant,
  openTestDatabase,
  type Tenant,
  testServices,
} from "../../../test/harness.ts";
import { beginClaim, type Claim, type ClaimedTask, claimTasks, entryOf } from "./claims.ts";
import type { Outcome } from "./outcome.ts";
import type { WorkerTimes } from "./place.ts";
import { type RunningWorker, startWorker } from "./worker.ts";

const services = testServices();
export const NOBODY = "00000000-0000-0000-0000-000000000000";
/** Times in which nothing happens by itself within a test. */
const SLOW: Partial<WorkerTimes> = { heartbeatMs: 5, sweepMs: 5, lookAgainMs: 5, graceMs: 20, leaseSeconds: 600 };

/** What a test says of a task; the rest is filled in. */
export type Wish = {
  id?: string;
  type?: string;
  priority?: number;
  worker_type?: string;
  assigned_to?: string;
  estimated_cost?: number;
  cost_cap?: number;
  tree_cost_cap?: number;
  credit_policy?: "wait" | "fail";
  parent_task_id?: string;
  workflow_id?: string;
  idempotency_key?: string;
  scheduled_for?: Date;
  deadline_at?: Date;
  attempts_max?: number;
  limits?: object;
  dependency_policy?: "all" | "any";
  depends_on?: { task_id: string; policy?: "succeeded" | "done" }[];
};

/** A task, as far as tests look at it. */
export type Row = {
  status: string;
  attempts: number;
  blocked_by: number;
  output: unknown;
  error: string | null;
  cancel_requested_at: Date | null;
};

/** How a test ends a try. */
export type Ending = Partial<Outcome> & { status: Outcome["status"] };
export const DONE: Ending = { status: "completed" };
export const FAILED: Ending = {
  status: "failed",
  failure_class: "invalid",
  error: { code: "invalid", message: "No." },
};

const TYPE = "test.step";

/** The engine on a database of its own, where nobody else claims or sweeps. */
export type Engine = Awaited<ReturnType<typeof openEngine>>;

export async function openEngine(login?: Login) {
  const database = openTestDatabase(login ?? (await createScratchDatabase()), 60);
  const admin = await adminOf(database);
  return { database, admin, ...verbs(database, admin), ...manual(database, admin), ...looks(admin) };
}

/** What members and the clock do. */
function verbs(database: Database, admin: pg.Client) {
  const ask = async (tenant: Tenant, wishes: readonly Wish[]): Promise<{ id: string; is_new: boolean }[]> => {
    const all = wishes.map((wish) => ({ type: TYPE, name: "A step", input: {}, ...wish }));
    const text = "select tasks.ask($1)";
    const context = contextOf(database, tenant, { permission: "tasks.task.write" });
    return JSON.parse((await queryText(context, { text, values: [JSON.stringify(all)] })) ?? "[]");
  };
  const member = (tenant: Tenant, text: string, ids: readonly string[]) =>
    queryText(contextOf(database, tenant, { permission: "tasks.task.write" }), { text, values: [ids] });
  return {
    tenant: () => createTenant(database),
    ask,
    /** Asks for tasks, and answers with their ids. */
    enqueue: async (tenant: Tenant, ...wishes: Wish[]): Promise<string[]> =>
      (await ask(tenant, wishes.length > 0 ? wishes : [{}])).map(({ id }) => id),
    cancel: (tenant: Tenant, ...ids: string[]) => member(tenant, "select tasks.cancel($1)", ids),
    replay: (tenant: Tenant, ...ids: string[]) => member(tenant, "select tasks.replay($1)", ids),
    workflow: async ({ id }: Tenant): Promise<string> => {
      const text = "insert into tasks.workflows (organization_id, name) values ($1, 'Steps') returning id";
      return (await admin.query<{ id: string }>(text, [id])).rows[0]?.id ?? assert.fail();
    },
    sweep: async (): Promise<number> => {
      const text = "select moved from tasks.sweep(1000)";
      return (await callOutside<{ moved: number }>(database, "dispatcher", text))[0]?.moved ?? 0;
    },
    /** What was for later is due. */
    hurry: ({ id }: Tenant) =>
      admin.query("update tasks.entries set ready_at = now() where organization_id = $1 and state = 'later'", [id]),
    /** All workers were not heard of for too long. */
    loseClaims: ({ id }: Tenant) =>
      admin.query("update tasks.claims set expires_at = now() - interval '1 second' where organization_id = $1", [id]),
    passDeadlines: async ({ id }: Tenant) => {
      const past = "now() - interval '1 second'";
      await admin.query(`update tasks.deadlines set deadline_at = ${past} where organization_id = $1`, [id]);
      await admin.query(
        `update tasks.tasks set deadline_at = ${past} where organization_id = $1 and deadline_at is not null`,
        [id],
      );
    },
  };
}

/** What a worker does, step by step. */
function manual(database: Database, _admin: pg.Client) {
  const claim = (places = 100, turn = { after: NOBODY, served: 0 }, types: readonly string[] = [TYPE]) =>
    claimTasks(database, 600, { worker: "test", types, places, turn });
  const begin = (claimed: Claim): Promise<ClaimedTask[]> =>
    beginClaim(entryOf({ database, services }, claimed), claimed);
  const finish = async (claimed: Claim, endings: Record<string, Ending>): Promise<string[]> => {
    const outcomes = Object.entries(endings).map(([task_id, ending]) => ({ task_id, duration_ms: 1, ...ending }));
    const values = [claimed.token, JSON.stringify(outcomes)];
    const answer = await queryText(entryOf({ database, services }, claimed), {
      text: "select tasks.finish($1, $2)",
      values,
    });
    return (JSON.parse(answer ?? "{}") as { stale: string[] }).stale;
  };
  return {
    claim,
    begin,
    finish,
    /** Takes what there is, and ends each as told. Answers the ids claim by claim, each claim's in their order. */
    work: async (ending: (id: string) => Ending = () => DONE, places = 100): Promise<string[]> => {
      const claims = await claim(places);
      for (const claimed of claims) {
        const tasks = await begin(claimed);
        await finish(claimed, Object.fromEntries(tasks.map(({ id }) => [id, ending(id)])));
      }
      return claims.flatMap(({ taskIds }) => taskIds);
    },
    start: (kinds: readonly TaskKind[], more: StartOptions = {}) => start(database, kinds, more),
  };
}

type StartOptions = {
  concurrency?: number;
  jobs?: readonly Job[];
  works?: readonly Work[];
  times?: Partial<WorkerTimes>;
  log?: WorkLog;
};

function start(database: Database, kinds: readonly TaskKind[], options: StartOptions): RunningWorker {
  const worker = startWorker({
    database,
    services,
    kinds,
    jobs: options.jobs ?? [],
    works: options.works ?? [],
    concurrency: options.concurrency ?? 10,
    log: options.log ?? { error: ({ err }, message) => console.error(message, err) },
    times: { ...SLOW, ...options.times },
  });
  atEnd(() => worker.stop());
  return worker;
}

const OVER = ["completed", "failed", "cancelled"];

/** What has become of it. */
export function looks(admin: Pick<pg.Pool, "query">) {
  const task = async (id: string): Promise<Row> => {
    const { rows } = await admin.query<Row>(
      "select status, attempts, blocked_by, output, error_details ->> 'code' as error, cancel_requested_at from tasks.tasks where id = $1",
      [id],
    );
    return rows[0] ?? assert.fail(`There is no task ${id}.`);
  };
  return {
    task,
    statuses: async (ids: readonly string[]): Promise<string[]> => {
      const { rows } = await admin.query<{ status: string }>(
        "select t.status from unnest($1::uuid[]) with ordinality as u join tasks.tasks t on t.id = u.u order by ordinality",
        [ids],
      );
      return rows.map(({ status }) => status);
    },
    attempts: async (id: string) => {
      const text = `select attempt, status, failure_class as class, error_details ->> 'code' as code, log
                    from tasks.task_attempts where task_id = $1 order by attempt, created_at`;
      return (await admin.query(text, [id])).rows;
    },
    /** What is in line of a task: state, and in how many seconds. */
    entry: async (id: string) => {
      const text = `select state, extract(epoch from ready_at - now())::float8 as seconds, attempt from tasks.entries where task_id = $1`;
      return (await admin.query<{ state: string; seconds: number; attempt: number }>(text, [id])).rows[0];
    },
    /** How many rows of the engine are left of an organization: all must be gone with the last task. */
    leftovers: async ({ id }: Tenant) => {
      const { rows } = await admin.query(
        `select (select count(*)::int from tasks.entries where organization_id = $1) as entries,
                (select count(*)::int from tasks.claims where organization_id = $1) as claims,
                (select count(*)::int from tasks.slots where organization_id = $1) as slots,
                (select count(*)::int from tasks.deadlines where organization_id = $1) as deadlines`,
        [id],
      );
      return rows[0];
    },
    /** Resolves when a task has come to a state. One that is over in another state never comes to it. */
    until: async (id: string, ...wanted: string[]): Promise<Row> => {
      for (;;) {
        const row = await task(id);
        if (wanted.includes(row.status)) return row;
        assert.ok(!OVER.includes(row.status), `It is ${row.status}, not ${wanted.join(" or ")}: ${row.error}.`);
      }
    },
  };
}

export const NOTHING_LEFT = { entries: 0, claims: 0, slots: 0, deadlines: 0 };

let kinds = 0;

/** A kind of task whose runs a test decides. */
export function kindOf(run: TaskKind["run"], more: Partial<TaskKind> = {}): TaskKind {
  return {
    type: `test.kind${++kinds}`,
    summary: "A step of a test.",
    category: "system",
    workerType: "internal",
    input: { parse: (value: unknown) => value } as TaskKind["input"],
    timeLimitSeconds: 60,
    attemptsMax: 3,
    isOpen: false,
    run,
    ...more,
  };
}
