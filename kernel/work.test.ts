import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestDatabase, testServices } from "../test/harness.ts";
import { startWork, type Work, type WorkLog } from "./work.ts";

const DAY_SECONDS = 24 * 3600;
const place = { database: openTestDatabase(), services: testServices() };
const silent: WorkLog = { error: () => assert.fail("Nothing should have failed.") };

/** A work that tells when it runs, and ends each run when it is told to. */
function makeSteps(everySeconds = DAY_SECONDS) {
  const started = { count: 0, atOnce: 0, mostAtOnce: 0 };
  let onStart = Promise.withResolvers<void>();
  let finish = Promise.withResolvers<void>();
  const work: Work = {
    name: "steps",
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
    work,
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

test("work runs at once, and many calls during a run are one more run after it", async () => {
  const { work, started, nextStart, finish } = makeSteps();
  const running = startWork([work], place, silent);
  await nextStart();
  for (let call = 0; call < 10; call++) running.wake("steps");
  finish();
  await nextStart();
  assert.deepEqual(started, { count: 2, atOnce: 1, mostAtOnce: 1 });
  finish();
  await new Promise(setImmediate);
  running.wake("steps");
  await nextStart();
  finish();
  await running.stop();
  assert.deepEqual(started, { count: 3, atOnce: 0, mostAtOnce: 1 });
});

test("work comes again by itself", async () => {
  const { work, started, nextStart, finish } = makeSteps(0.001);
  const running = startWork([work], place, silent);
  for (let run = 1; run <= 3; run++) {
    await nextStart();
    finish();
  }
  const stopped = running.stop();
  finish();
  await stopped;
  assert.ok(started.count >= 3 && started.mostAtOnce === 1);
});

test("a failure is told with the work's name, and stops neither that work nor the others", async () => {
  const told: string[] = [];
  const { work, nextStart, finish } = makeSteps();
  const again = Promise.withResolvers<void>();
  let runs = 0;
  const failing: Work = {
    name: "failing",
    everySeconds: DAY_SECONDS,
    run: async () => {
      runs++;
      throw new Error(`It broke ${runs}.`);
    },
  };
  const running = startWork([failing, work], place, {
    error: ({ err, work: name }) => {
      if (told.push(`${name}: ${(err as Error).message}`) === 2) again.resolve();
    },
  });
  await nextStart();
  running.wake("failing");
  await again.promise;
  finish();
  await running.stop();
  assert.deepEqual(told, ["failing: It broke 1.", "failing: It broke 2."]);
});

test("stopping tells the run under way, waits for it, and none follows", async () => {
  let ended = false;
  let runs = 0;
  const work: Work = {
    name: "long",
    everySeconds: 0.001,
    run: async ({ signal }) => {
      runs++;
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      await new Promise(setImmediate);
      ended = true;
      throw new Error("It was told to end.");
    },
  };
  const running = startWork([work], place, silent);
  await running.stop();
  assert.deepEqual([ended, runs], [true, 1]);
  running.wake("long");
  await new Promise(setImmediate);
  assert.equal(runs, 1);
});

test("a name that no work has, or two have, is a mistake", async () => {
  const { work, finish } = makeSteps();
  assert.throws(() => startWork([work, work], place, silent), /same name/);
  const running = startWork([work], place, silent);
  assert.throws(() => running.wake("other"), /no work named "other"/);
  finish();
  const stopped = running.stop();
  finish();
  await stopped;
});
