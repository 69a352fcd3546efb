import assert from "node:assert/strict";
import { test } from "node:test";
import type { Work, WorkLog } from "../../../kernel/work.ts";
import { atEnd, createScratchDatabase, openAdmin, openTestDatabase, testServices } from "../../../test/harness.ts";
import { startWorker } from "./worker.ts";

const DAY_SECONDS = 24 * 3600;
// A database of its own: chores stand in line for whoever works in it.
const login = await createScratchDatabase();
const admin = await openAdmin(login);
const silent: WorkLog = { error: ({ err }) => assert.fail(err as Error) };

/** A worker as a process has it, with its own connections. */
function work(works: Work[], log = silent) {
  const database = openTestDatabase(login);
  const worker = startWorker({ database, services: testServices(), kinds: [], jobs: [], works, concurrency: 4, log });
  atEnd(worker.stop);
  return worker;
}

/** What is asked again and again until it is so. */
async function until(condition: string, values: unknown[] = []): Promise<void> {
  while (!(await admin.query(`select ${condition} as met`, values)).rows[0].met);
}

const wake = (name: string) => admin.query("select tasks.wake_chore($1)", [name]);
const standsInLine = (name: string, state: string) =>
  until("exists (select from tasks.entries where type = $1 and state = $2)", [name, state]);

/** A chore that tells when it runs, and ends each run when it is told to. */
function makeSteps(name: string, everySeconds = DAY_SECONDS) {
  const started = { count: 0, atOnce: 0, mostAtOnce: 0 };
  let onStart = Promise.withResolvers<void>();
  let finish = Promise.withResolvers<void>();
  const chore: Work = {
    name,
    everySeconds,
    run: async () => {
      started.count++;
      started.mostAtOnce = Math.max(started.mostAtOnce, ++started.atOnce);
      onStart.resolve();
      await finish.promise;
      started.atOnce--;
    },
  };
  return {
    chore,
    started,
    nextStart: async () => {
      await onStart.promise;
      onStart = Promise.withResolvers();
    },
    finish: () => {
      finish.resolve();
      finish = Promise.withResolvers();
    },
  };
}

test("a chore is done at once, then after its time, and sooner when it is woken", async () => {
  const { chore, started, nextStart, finish } = makeSteps("test.steps");
  const worker = work([chore]);
  await nextStart();
  finish();
  await standsInLine(chore.name, "later");
  const { rows } = await admin.query(
    "select attempt, extract(epoch from ready_at - now())::float as seconds from tasks.entries where type = $1",
    [chore.name],
  );
  assert.equal(rows[0].attempt, 0);
  assert.ok(rows[0].seconds > DAY_SECONDS * 0.89 && rows[0].seconds < DAY_SECONDS * 1.11, rows[0].seconds);
  await wake(chore.name);
  worker.wake();
  await nextStart();
  finish();
  await worker.stop();
  assert.deepEqual(started, { count: 2, atOnce: 0, mostAtOnce: 1 });
});

test("a chore comes again by itself, and sooner where it says so", async () => {
  for (const own of [{ everySeconds: 0.001 }, { everySeconds: DAY_SECONDS, nextSeconds: async () => 0.001 }]) {
    const { chore, started, nextStart, finish } = makeSteps(`test.again_${own.everySeconds}`.replace(".", "_"));
    const worker = work([{ ...chore, ...own }]);
    for (let run = 1; run <= 2; run++) {
      await nextStart();
      finish();
    }
    const stopped = worker.stop();
    finish();
    await stopped;
    assert.ok(started.count >= 2 && started.mostAtOnce === 1);
  }
});

test("however many workers start and look, a chore is done once at a time", async () => {
  const { chore, started, nextStart, finish } = makeSteps("test.once", 0.001);
  const workers = Array.from({ length: 3 }, () => work([chore]));
  for (let run = 1; run <= 5; run++) {
    await nextStart();
    await admin.query("select tasks.keep_chores($1)", [[chore.name]]);
    const { rows } = await admin.query("select count(*)::int from tasks.entries where type = $1", [chore.name]);
    assert.equal(rows[0].count, 0, "It is being done.");
    finish();
  }
  const stopped = Promise.all(workers.map((worker) => worker.stop()));
  finish();
  await stopped;
  assert.equal(started.mostAtOnce, 1);
});

test("who puts a chore in line that is just being taken does not put it there a second time", async () => {
  const other = await openAdmin(login);
  await admin.query("select tasks.keep_chores('{test.taken}')");
  await other.query("begin");
  await other.query(
    "select tasks.claim('taker', '{test.taken}', 1, '00000000-0000-0000-0000-000000000000', 0, '1 minute')",
  );
  const putting = (await openAdmin(login)).query("select tasks.keep_chores('{test.taken}')");
  await until("exists (select from pg_stat_activity where wait_event_type = 'Lock' and query ~ 'keep_chores')");
  await other.query("commit");
  await putting;
  const { rows } = await admin.query("select count(*)::int from tasks.entries where type = 'test.taken'");
  assert.equal(rows[0].count, 0);
  await admin.query("delete from tasks.claims");
});

test("a failure is told with the chore's name, and stops neither that chore nor the others", async () => {
  const told: string[] = [];
  const { chore, nextStart, finish } = makeSteps("test.other");
  const failed = Promise.withResolvers<void>();
  const again = Promise.withResolvers<void>();
  let runs = 0;
  const failing: Work = {
    name: "test.failing",
    everySeconds: DAY_SECONDS,
    run: async () => {
      throw new Error(`It broke ${++runs}.`);
    },
  };
  const worker = work([failing, chore], {
    error: ({ err, work: name }) => {
      if (told.push(`${name}: ${(err as Error).message}`) === 2) again.resolve();
      failed.resolve();
    },
  });
  await nextStart();
  await failed.promise;
  await standsInLine(failing.name, "later");
  await wake(failing.name);
  worker.wake();
  await again.promise;
  finish();
  await worker.stop();
  assert.deepEqual(told, ["test.failing: It broke 1.", "test.failing: It broke 2."]);
});

test("stopping tells the chore under way at once, waits for it, and another worker goes on with it", async () => {
  let ended = false;
  const started = Promise.withResolvers<void>();
  const again = Promise.withResolvers<void>();
  const long: Work = {
    name: "test.long",
    everySeconds: DAY_SECONDS,
    run: async ({ signal }) => {
      started.resolve();
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      await new Promise(setImmediate);
      ended = true;
      throw new Error("It was told to end.");
    },
  };
  const worker = work([long]);
  await started.promise;
  await worker.stop();
  assert.equal(ended, true);
  const second = work([{ ...long, run: async () => again.resolve() }]);
  await again.promise;
  await second.stop();
});

test("the chore of a lost worker is done by another, and the lost one's end changes nothing", async () => {
  const { chore, started, nextStart, finish } = makeSteps("test.lost");
  const first = work([chore]);
  await nextStart();
  await admin.query("update tasks.claims set expires_at = now() - interval '1 second'");
  const second = work([chore]);
  await nextStart();
  assert.deepEqual([started.count, started.atOnce], [2, 2], "The first does not know yet that it is lost.");
  finish();
  await Promise.all([first.stop(), second.stop()]);
  const { rows } = await admin.query("select state, attempt from tasks.entries where type = $1", [chore.name]);
  assert.equal(rows.length, 1);
  await until("not exists (select from tasks.claims)");
});

test("organizations with nothing in line that a worker knows do not keep it from what stands behind them", async () => {
  await admin.query(
    `insert into tasks.entries (organization_id, task_id, type, sort_key)
     select gen_random_uuid(), gen_random_uuid(), 'test.unknown', now() - interval '1 day' from generate_series(1, 40)`,
  );
  const done = Promise.withResolvers<void>();
  const worker = work([{ name: "test.behind", everySeconds: DAY_SECONDS, run: async () => done.resolve() }]);
  await done.promise;
  await worker.stop();
});
