import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { limitConcurrency, TooBusyError } from "./concurrency.ts";

/** Work that begins when the limit lets it and ends when the test says so. */
function newWork(name: string, begun: string[]) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const run = () => {
    begun.push(name);
    return promise;
  };
  return { run, end: () => resolve(name), fail: () => reject(new Error(`${name} failed`)) };
}

test("so many run, so many wait, and one more is told that it is too much", async () => {
  const limited = limitConcurrency({ name: "jobs", running: 2, waiting: 2 });
  const begun: string[] = [];
  const works = ["a", "b", "c", "d"].map((name) => newWork(name, begun));
  const results = works.map((work) => limited(work.run));
  const beyond = newWork("e", begun);
  const refused = assert.rejects(limited(beyond.run), (error: unknown) => {
    assert.ok(error instanceof TooBusyError);
    assert.equal(error.code, "too_busy");
    assert.equal(error.message, "Too many jobs at once: 2 run and 2 wait. Try again soon.");
    return true;
  });
  await setImmediate();
  assert.deepEqual(begun, ["a", "b"]);
  for (const work of [...works, beyond]) work.end();
  await refused;
  assert.deepEqual(await Promise.all(results), ["a", "b", "c", "d"]);
  assert.deepEqual(begun, ["a", "b", "c", "d"]);
});

test("those who wait come in their order, and nobody new comes before them", async () => {
  const limited = limitConcurrency({ name: "jobs", running: 1, waiting: 30 });
  const begun: string[] = [];
  const names = Array.from({ length: 30 }, (_, index) => `job ${index}`);
  const [first, second, third, ...later] = names.map((name) => newWork(name, begun));
  assert.ok(first && second && third);
  const results = [first, second, third].map((work) => limited(work.run));
  for (const work of [...later, third, second, first]) work.end();
  // One comes at every step of the promises by which the place goes from one to the next.
  for (const work of later) {
    await null;
    results.push(limited(work.run));
  }
  await Promise.all(results);
  assert.deepEqual(begun, names);
});

test("work that fails, even before it begins to wait for something, gives its place to the next", async () => {
  const limited = limitConcurrency({ name: "jobs", running: 1, waiting: 1 });
  const begun: string[] = [];
  const [a, b] = ["a", "b"].map((name) => newWork(name, begun)) as [Work, Work];
  const failing = limited(a.run);
  const next = limited(b.run);
  a.fail();
  await assert.rejects(failing, /a failed/);
  b.end();
  assert.equal(await next, "b");
  const throwing = () => {
    throw new Error("at once");
  };
  await assert.rejects(limited(throwing), /at once/);
  assert.equal(await limited(async () => "after"), "after");
});

type Work = ReturnType<typeof newWork>;
