import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { callOutside } from "../../../kernel/tenancy/transaction.ts";
import { taskKind } from "../../../kernel/work.ts";
import {
  addMember,
  atEnd,
  createScratchDatabase,
  createTenant,
  openAdmin,
  openTestDatabase,
  type Tenant,
  testServices,
} from "../../../test/harness.ts";
import { startWorker } from "../engine/worker.ts";
import { advanceSchedules, scheduleWork } from "./work.ts";

// A database of its own: what is due is due for whoever works in it.
const server = await createScratchDatabase();
// Eight advance at once, so there are connections for eight.
const database = openTestDatabase(server, 120);
const admin = await openAdmin(server);
const tenant = await createTenant(database);
const { signal } = new AbortController();

const kind = taskKind<{ a: number }>({
  type: "example.work",
  summary: "Does an example",
  category: "analytics",
  workerType: "integration",
  input: z.object({ a: z.number() }),
  timeLimitSeconds: 60,
  attemptsMax: 7,
  estimateCost: ({ a }) => a * 10,
  limits: ({ a }) => ({
    lane: { name: `example ${a}`, places: 2 },
    rate: { key: "examples", count: 3, seconds: 60, burst: 2 },
  }),
  isOpen: true,
  run: async () => undefined,
});
const services = testServices({ kinds: new Map([[kind.type, kind]]) });

const advance = () => advanceSchedules({ database, services, signal });
/** Every hour at minute 0; next_run_at is set back by whole hours from the last full hour. */
const HOURLY = "0 * * * *";

type Row = {
  id: string;
  status: string;
  next_run_at: Date | null;
  last_run_at: Date | null;
  version: string;
  failures: number;
  notice: string | null;
};

async function makeSchedule(
  own: { missed_runs?: string; rule?: string; hours?: number; of?: Tenant; maker?: string } = {},
): Promise<string> {
  const { missed_runs = "once", rule = HOURLY, hours = 0, of = tenant, maker = of.owner.userId } = own;
  const { rows } = await admin.query<{ id: string }>(
    `insert into tasks.schedules (organization_id, name, type, input, rule, missed_runs, next_run_at, created_by)
     values ($1, 'Hourly', 'example.work', '{"a": 1}', $2, $3, date_trunc('hour', now(), 'UTC') - make_interval(hours => $4), $5) returning id`,
    [of.id, rule, missed_runs, hours, maker],
  );
  return rows[0]?.id ?? assert.fail();
}

async function read(id: string): Promise<Row> {
  const { rows } = await admin.query<Row>("select * from tasks.schedules where id = $1", [id]);
  return rows[0] ?? assert.fail();
}

/** For which times a schedule made tasks: in hours before the last full hour. */
async function madeBy(id: string): Promise<number[]> {
  const { rows } = await admin.query<{ ago: number }>(
    `select extract(epoch from date_trunc('hour', now(), 'UTC') - scheduled_for)::float / 3600 as ago
     from tasks.tasks where idempotency_key like 'schedule:' || $1 || ':%' order by scheduled_for`,
    [id],
  );
  return rows.map(({ ago }) => ago);
}

test("each policy makes of three missed runs what it says, and all wait for the next hour then", async () => {
  const [all, once, skip] = await Promise.all(
    ["all", "once", "skip"].map((missed_runs) => makeSchedule({ missed_runs, hours: 3, rule: "0 0-23 * * *" })),
  );
  // What is on time is no missed run: an hour in which nobody looks makes it late for sure.
  await admin.query(
    "update tasks.schedules set rule = to_char(now() at time zone 'UTC' + interval '30 minutes', 'MI') || ' * * * *', next_run_at = next_run_at - interval '1 hour' where id = $1",
    [skip],
  );
  await advance();
  assert.deepEqual(await madeBy(all ?? ""), [3, 2, 1, 0]);
  assert.deepEqual(await madeBy(once ?? ""), [0]);
  assert.deepEqual(await madeBy(skip ?? ""), []);
  for (const id of [all, once, skip]) {
    const { status, next_run_at } = await read(id ?? "");
    assert.equal(status, "active");
    assert.ok(next_run_at && next_run_at > new Date());
  }
});

test("a task is what its schedule and its kind say, in its maker's name", async () => {
  const id = await makeSchedule();
  await advance();
  const { rows } = await admin.query(
    `select type, name, input, category, status, worker_type, attempts_max, estimated_cost, limits, created_by, idempotency_key, scheduled_for
     from tasks.tasks where idempotency_key like 'schedule:' || $1 || ':%'`,
    [id],
  );
  const { last_run_at } = await read(id);
  const at = last_run_at?.toISOString().replace(".000Z", "Z");
  assert.deepEqual(rows, [
    {
      type: "example.work",
      name: "Hourly",
      input: { a: 1 },
      category: "analytics",
      status: "queued",
      worker_type: "integration",
      attempts_max: 7,
      estimated_cost: "10",
      limits: { lane: "example 1", slots: 2, rate: "examples", per: 3, seconds: 60, burst: 2 },
      created_by: tenant.owner.userId,
      idempotency_key: `schedule:${id}:${at}`,
      scheduled_for: last_run_at,
    },
  ]);
});

test("eight that advance at once make each run once and move each schedule once", async () => {
  const ids = await Promise.all(Array.from({ length: 12 }, () => makeSchedule({ missed_runs: "all", hours: 4 })));
  await Promise.all(Array.from({ length: 8 }, advance));
  for (const id of ids) {
    assert.deepEqual(await madeBy(id), [4, 3, 2, 1, 0]);
    assert.equal((await read(id)).version, "2");
  }
});

test("more than a hundred missed runs are made in several steps", async () => {
  const id = await makeSchedule({ missed_runs: "all", hours: 149 });
  await advance();
  assert.equal((await madeBy(id)).length, 150);
  assert.equal((await read(id)).version, "3");
});

test("who worked out runs for an older version makes none of them", async () => {
  const id = await makeSchedule();
  const ask = () =>
    callOutside<{ outcome: string }>(
      database,
      "dispatcher",
      "select tasks.advance_schedule($1, $2, 1, $3, $4, '{}') as outcome",
      [tenant.id, id, ["2020-01-01T00:00:00Z"], "2999-01-01T00:00:00Z"],
    );
  await admin.query("update tasks.schedules set rule = '5 * * * *' where id = $1", [id]);
  assert.deepEqual(await ask(), [{ outcome: "lost" }]);
  assert.deepEqual(await madeBy(id), []);
  await admin.query("delete from tasks.schedules where id = $1", [id]);
});

test("a run that is asked for twice is one task", async () => {
  const id = await makeSchedule();
  await advance();
  await admin.query("update tasks.schedules set next_run_at = last_run_at where id = $1", [id]);
  await advance();
  assert.deepEqual(await madeBy(id), [0]);
});

test("a rule that never comes again ends its schedule", async () => {
  const id = await makeSchedule({ rule: "2026-01-01T00:00Z" });
  await admin.query("update tasks.schedules set next_run_at = '2026-01-01T00:00Z' where id = $1", [id]);
  await advance();
  const { status, next_run_at, last_run_at } = await read(id);
  assert.deepEqual([status, next_run_at, last_run_at?.toISOString()], ["ended", null, "2026-01-01T00:00:00.000Z"]);
});

test("a schedule of a member who left is paused, says so, and makes nothing", async () => {
  const member = await addMember(admin, database, tenant, "member");
  const id = await makeSchedule({ maker: member.userId });
  await admin.query(
    "update organizations.memberships set status = 'suspended' where organization_id = $1 and user_id = $2",
    [tenant.id, member.userId],
  );
  await advance();
  const { status, notice } = await read(id);
  assert.equal(status, "paused");
  assert.match(notice ?? "", /not active any more/);
  assert.deepEqual(await madeBy(id), []);
});

test("a schedule that fails keeps nobody waiting, and is paused after ten times in a row", async () => {
  const broken = await makeSchedule({ rule: "no rule at all", hours: 5 });
  for (let time = 1; time <= 10; time++) {
    const fine = await makeSchedule();
    await advance();
    assert.deepEqual(await madeBy(fine), [0]);
    const { status, failures, notice } = await read(broken);
    assert.deepEqual([status, failures], [time < 10 ? "active" : "paused", time]);
    assert.match(
      notice ?? "",
      time < 10 ? /^A cron expression has 5 or 6 fields/ : /^Paused after 10 failures in a row: A cron/,
    );
    await advance();
    assert.equal((await read(broken)).failures, time, "It is not tried again before its time.");
    await admin.query("update tasks.schedules set retry_at = now() where id = $1", [broken]);
  }
});

test("what cannot be stored leaves nothing behind, and the schedule where it was", async () => {
  const id = await makeSchedule({ missed_runs: "all", hours: 2 });
  await admin.query(`
    create function public.refuse_second() returns trigger language plpgsql as $$
      begin
        if new.scheduled_for > date_trunc('hour', now(), 'UTC') - interval '2 hours' then raise exception 'no room'; end if;
        return new;
      end $$;
    create trigger refuse_second before insert on tasks.tasks for each row execute function public.refuse_second()`);
  await assert.rejects(advance(), AggregateError);
  const { failures, notice, next_run_at } = await read(id);
  assert.deepEqual([failures, notice], [1, "The task could not be made."]);
  assert.ok(next_run_at && next_run_at.getTime() < Date.now() - 3_600_000);
  assert.deepEqual(await madeBy(id), []);
  await admin.query("drop function public.refuse_second cascade; update tasks.schedules set retry_at = null");
  await advance();
  assert.deepEqual(await madeBy(id), [2, 1, 0]);
  assert.deepEqual([(await read(id)).failures, (await read(id)).notice], [0, null]);
});

test("a connection that breaks in the middle is no failure of the schedule", async () => {
  const id = await makeSchedule();
  await admin.query(`
    create function public.cut() returns trigger language plpgsql security definer as $$
      begin
        perform pg_terminate_backend(pg_backend_pid());
        return new;
      end $$;
    create trigger cut before insert on tasks.tasks for each row execute function public.cut()`);
  await assert.rejects(advance());
  const { failures, notice } = await read(id);
  assert.deepEqual([failures, notice], [0, null]);
  await admin.query("drop function public.cut cascade");
  await advance();
  assert.deepEqual(await madeBy(id), [0]);
});

test("an organization that is not active makes nothing until it is again", async () => {
  const other = await createTenant(database);
  const id = await makeSchedule({ of: other });
  await admin.query("update organizations.organizations set status = 'suspended' where id = $1", [other.id]);
  await advance();
  assert.deepEqual(await madeBy(id), []);
  await admin.query("update organizations.organizations set status = 'active' where id = $1", [other.id]);
  await advance();
  assert.deepEqual(await madeBy(id), [0]);
});

test("what is told to end stops, and nothing is lost", async () => {
  const id = await makeSchedule();
  await advanceSchedules({ database, services, signal: AbortSignal.abort() });
  assert.deepEqual(await madeBy(id), []);
  await advance();
  assert.deepEqual(await madeBy(id), [0]);
});

test("a schedule whose type is gone, or wants another input, says so and is tried again", async () => {
  const [gone, changed] = await Promise.all([makeSchedule(), makeSchedule()]);
  await admin.query("update tasks.schedules set type = 'example.gone' where id = $1", [gone]);
  await admin.query("update tasks.schedules set input = '{}' where id = $1", [changed]);
  await advance();
  assert.match((await read(gone)).notice ?? "", /no tasks of the type "example.gone" any more/);
  assert.match((await read(changed)).notice ?? "", /number/);
  for (const id of [gone, changed]) assert.deepEqual([(await read(id)).failures, await madeBy(id)], [1, []]);
  await admin.query("delete from tasks.schedules");
});

test("two workers make each run once, and look again when the next one is due", async () => {
  await admin.query("delete from tasks.schedules");
  const next = await makeSchedule();
  await admin.query("update tasks.schedules set next_run_at = now() + interval '1 hour' where id = $1", [next]);
  const seconds = (await scheduleWork.nextSeconds?.({ database, services, signal })) ?? Number.NaN;
  assert.ok(seconds > 3_000 && seconds <= 3_600, `${seconds} s`);
  await admin.query("update tasks.schedules set next_run_at = now() + interval '1 second' where id = $1", [next]);
  const due = await makeSchedule({ missed_runs: "all", hours: 3 });
  const woken = Promise.withResolvers<void>();
  const waking = { ...services, wakeWorkers: () => woken.resolve() };
  const log = { error: ({ err }: { err: unknown }) => console.error(err) };
  const works = [{ ...scheduleWork, everySeconds: 24 * 3600 }];
  const workers = [1, 2].map(() =>
    startWorker({ database, services: waking, kinds: [], jobs: [], works, concurrency: 1, log }),
  );
  for (const worker of workers) atEnd(worker.stop);
  await woken.promise;
  assert.deepEqual(await madeBy(due), [3, 2, 1, 0]);
  // Its time comes while the workers wait, and long before they would look by themselves.
  while ((await read(next)).version !== "4");
  await Promise.all(workers.map((worker) => worker.stop()));
  assert.equal((await read(next)).failures, 0);
  await admin.query("delete from tasks.schedules");
});
