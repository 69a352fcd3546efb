import assert from "node:assert/strict";
import { test } from "node:test";
import { queryText } from "../../../kernel/tenancy/transaction.ts";
import { type RunningTask, TaskFailure, WAIT_FOR_PARTS, type WorkLog } from "../../../kernel/work.ts";
import { openAdmin, testServer } from "../../../test/harness.ts";
import { kindOf, NOTHING_LEFT, openEngine } from "./engine.fixture.ts";

const engine = await openEngine();
const { admin, enqueue, task, until, leftovers, attempts } = engine;
const silent: WorkLog = { error: () => undefined };
const never = () => new Promise<never>(() => undefined);

/** A run that tells when it has begun. */
function begins(run: (running: RunningTask) => Promise<unknown>) {
  const begun = Promise.withResolvers<RunningTask>();
  const telling = (running: RunningTask) => {
    begun.resolve(running);
    return run(running);
  };
  return { run: telling, begun: begun.promise };
}

/** Resolves with the task once its try has begun; its end is told by `end`. */
function held() {
  const end = Promise.withResolvers<unknown>();
  return { ...begins(() => end.promise), end: end.resolve };
}

test("a task runs and ends with its output, its try and its entry in the record", async () => {
  const tenant = await engine.tenant();
  const kind = kindOf(async (running) => {
    running.log("One line");
    running.progress(50, "Half");
    running.spend(7, { words: 7 });
    await queryText(running.entry, { text: "select 1" });
    return { input: running.input, attempt: running.attempt };
  });
  const [id = ""] = await enqueue(tenant, { type: kind.type });
  const worker = engine.start([kind]);
  const ended = await until(id, "completed");
  assert.deepEqual([ended.output, ended.attempts], [{ input: {}, attempt: 1 }, 1]);
  assert.deepEqual(await attempts(id), [
    { attempt: 1, status: "succeeded", class: null, code: null, log: "One line\n" },
  ]);
  const { rows } = await admin.query(
    "select action, new_values ->> 'status' as status from audit.audit_logs where resource_id = $1 order by seq",
    [id],
  );
  assert.deepEqual(
    rows.map(({ status }) => status),
    ["queued", "completed"],
  );
  const { rows: paid } = await admin.query("select actual_cost::int, cost_breakdown from tasks.tasks where id = $1", [
    id,
  ]);
  assert.deepEqual(paid, [{ actual_cost: 7, cost_breakdown: { words: 7 } }]);
  await worker.stop();
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
});

test("failures are tried again by their class, up to the last try", async () => {
  const tenant = await engine.tenant();
  const failing = kindOf(async ({ attempt }) => {
    throw new TaskFailure(
      attempt === 1 ? "transient" : "rate_limited",
      "Not now.",
      attempt === 2 ? { retryAfterSeconds: 900 } : {},
    );
  });
  const invalid = kindOf(async () => {
    throw new TaskFailure("invalid", "Never.");
  });
  const unfit = kindOf(async () => "\0");
  const large = kindOf(async () => Array.from({ length: 120_000 }, () => 1));
  const [id = "", other = "", nul = "", much = ""] = await enqueue(
    tenant,
    { type: failing.type },
    { type: invalid.type },
    { type: unfit.type },
    { type: large.type },
  );
  const worker = engine.start([failing, invalid, unfit, large], { log: silent });
  for (const hopeless of [other, nul, much]) assert.equal((await until(hopeless, "failed")).attempts, 1);
  assert.equal((await task(much)).error, "internal");
  let entry = await engine.entry(id);
  while (entry?.attempt !== 2) {
    await admin.query("update tasks.entries set ready_at = now() where task_id = $1 and attempt = 1", [id]);
    entry = await engine.entry(id);
  }
  assert.ok(entry.seconds > 880 && entry.seconds <= 900, `${entry.seconds}`);
  await engine.hurry(tenant);
  assert.deepEqual([(await until(id, "failed")).error, (await task(id)).attempts], ["rate_limited", 3]);
  assert.deepEqual(
    (await attempts(id)).map(({ class: failureClass }) => failureClass),
    ["transient", "rate_limited", "rate_limited"],
  );
  await worker.stop();
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
});

test("what takes too long is told to end, and given up when it does not hear", async () => {
  const tenant = await engine.tenant();
  const hearing = kindOf(
    ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    { timeLimitSeconds: 0.01 },
  );
  const deaf = kindOf(never, { timeLimitSeconds: 0.01 });
  const [one = "", two = "", last = ""] = await enqueue(
    tenant,
    { type: hearing.type, attempts_max: 1 },
    { type: deaf.type, attempts_max: 1 },
    { type: deaf.type, attempts_max: 1 },
  );
  const worker = engine.start([hearing, deaf], { concurrency: 1 });
  for (const id of [one, two, last]) assert.equal((await until(id, "failed")).error, "timed_out");
  await worker.stop();
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
});

test("a running task is told to stop, and what ends well nevertheless is done", async () => {
  const tenant = await engine.tenant();
  const heard = ({ signal }: RunningTask) => new Promise((resolve) => signal.addEventListener("abort", resolve));
  const told = begins(async (running) => {
    await heard(running);
    throw running.signal.reason;
  });
  const stubborn = begins(async (running) => {
    await heard(running);
    return "done";
  });
  const [obeys, goesOn] = [kindOf(told.run), kindOf(stubborn.run)];
  const [one = "", two = ""] = await enqueue(tenant, { type: obeys.type }, { type: goesOn.type });
  const worker = engine.start([obeys, goesOn]);
  // What is cancelled while it is only claimed never runs.
  await Promise.all([told.begun, stubborn.begun]);
  await engine.cancel(tenant, one, two);
  assert.deepEqual(
    [(await until(one, "cancelled")).error, (await until(two, "completed")).output],
    ["cancelled", "done"],
  );
  assert.deepEqual(
    (await attempts(one)).map(({ status }) => status),
    ["cancelled"],
  );
  await worker.stop();
});

test("a worker that lost its claim drops the work", async () => {
  const tenant = await engine.tenant();
  const first = held();
  const kind = kindOf(({ attempt, ...running }) =>
    attempt === 1 ? first.run({ attempt, ...running }) : Promise.resolve("second"),
  );
  const [id = ""] = await enqueue(tenant, { type: kind.type });
  const worker = engine.start([kind]);
  const running = await first.begun;
  const aborted = new Promise((resolve) => running.signal.addEventListener("abort", resolve));
  // As a worker that was frozen for as long as a lease: it was given up, and does not know.
  await admin.query("select tasks.lose_claim(c) from tasks.claims c where c.organization_id = $1", [tenant.id]);
  await aborted;
  assert.match(String(running.signal.reason), /lost/, "It is told at a heartbeat, long before its time is over.");
  first.end("first");
  assert.deepEqual((await until(id, "completed")).output, "second");
  await worker.stop();
  assert.deepEqual(
    (await attempts(id)).map(({ status }) => status),
    ["lost", "succeeded"],
  );
  await assert.rejects(queryText(running.entry, { text: "select 1" }));
});

test("a worker that stops puts back what does not end, and it is no try", async () => {
  const tenant = await engine.tenant();
  const first = held();
  const kind = kindOf(first.run);
  const [id = ""] = await enqueue(tenant, { type: kind.type });
  const worker = engine.start([kind], { times: { drainMs: 1 } });
  await first.begun;
  await worker.stop();
  assert.deepEqual(
    [await attempts(id), (await engine.entry(id))?.state, (await engine.entry(id))?.attempt],
    [[], "ready", 0],
  );
  const next = engine.start([kindOf(async () => "again", { type: kind.type })]);
  assert.equal((await until(id, "completed")).output, "again");
  await next.stop();
});

test("a task divides itself, and goes on when its parts are over", async () => {
  const tenant = await engine.tenant();
  const part = kindOf(async () => "part");
  const whole = kindOf(async ({ attempt, entry, id }) => {
    if (attempt > 1) return "whole";
    const wishes = Array.from({ length: 3 }, () => ({ type: part.type, name: "Part", input: {}, parent_task_id: id }));
    await queryText(entry, { text: "select tasks.ask($1)", values: [JSON.stringify(wishes)] });
    return WAIT_FOR_PARTS;
  });
  const [id = ""] = await enqueue(tenant, { type: whole.type });
  const worker = engine.start([whole, part]);
  assert.equal((await until(id, "completed")).output, "whole");
  await worker.stop();
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
});

test("a lost connection costs no result and no try", async () => {
  const tenant = await engine.tenant();
  const one = held();
  const kind = kindOf(one.run);
  const [id = ""] = await enqueue(tenant, { type: kind.type });
  const worker = engine.start([kind], { log: silent });
  await one.begun;
  const observer = await openAdmin({ ...testServer.admin, database: engine.database.login("gate").database });
  await observer.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename like '%worker'",
  );
  one.end("kept");
  assert.deepEqual([(await until(id, "completed")).output, (await task(id)).attempts], ["kept", 1]);
  await worker.stop();
});

test("a result that was not given a lock in time is not thrown away", async () => {
  const tenant = await engine.tenant();
  const kind = kindOf(async () => "kept");
  await admin.query(`
    create sequence public.given_up;
    create function public.give_up_once() returns trigger language plpgsql security definer as $$
    begin
      if nextval('public.given_up') = 1 then raise exception 'waited' using errcode = '55P03'; end if;
      return new;
    end $$;
    create trigger a_give_up before insert on tasks.task_attempts for each row execute function public.give_up_once()`);
  const [id = ""] = await enqueue(tenant, { type: kind.type });
  const errors: string[] = [];
  const worker = engine.start([kind], { log: { error: (_, message) => errors.push(message) } });
  assert.deepEqual([(await until(id, "completed")).output, errors], ["kept", []]);
  await worker.stop();
  const { rows } = await admin.query("select last_value::int as told from public.given_up");
  assert.deepEqual(rows, [{ told: 2 }]);
  await admin.query("drop trigger a_give_up on tasks.task_attempts");
});

test("chores are done again and again, by one at a time, and jobs once for each id", async () => {
  let atOnce = 0;
  let most = 0;
  let runs = 0;
  const enough = Promise.withResolvers<void>();
  const work = {
    name: "test_chore",
    everySeconds: 0.001,
    run: async () => {
      most = Math.max(most, ++atOnce);
      await admin.query("select 1");
      atOnce--;
      if (++runs === 5) enough.resolve();
    },
  };
  const done: string[] = [];
  const tried = new Set<string>();
  const all = Promise.withResolvers<void>();
  const job = {
    type: "test.job",
    run: async (_: unknown, id: string) => {
      if (!tried.has(id)) {
        tried.add(id);
        return 0;
      }
      if (done.push(id) === 3) all.resolve();
      return undefined;
    },
  };
  const workers = [1, 2, 3].map(() => engine.start([], { works: [work], jobs: [job] }));
  await admin.query(
    "insert into tasks.entries (organization_id, task_id, type, sort_key) select tasks.installation(), gen_random_uuid(), 'test.job', now() from generate_series(1, 3)",
  );
  await Promise.all([enough.promise, all.promise]);
  await Promise.all(workers.map((worker) => worker.stop()));
  assert.equal(most, 1);
  assert.equal(new Set(done).size, 3);
  const { rows } = await admin.query("select type from tasks.entries where organization_id = tasks.installation()");
  assert.deepEqual(rows, [{ type: "test_chore" }]);
});
