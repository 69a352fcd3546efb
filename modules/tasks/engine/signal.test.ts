import assert from "node:assert/strict";
import { test } from "node:test";
import { createScratchDatabase, openAdmin, openTestDatabase, testServices } from "../../../test/harness.ts";
import { openSignal } from "./signal.ts";
import { startWorker } from "./worker.ts";

const login = await createScratchDatabase();
const admin = await openAdmin(login);
/** Longer than any timer of Node's can be: who waits for so long is woken, or never looks. */
const FOREVER_MS = 2 ** 31 - 1;

/** A process with a worker of one type of job that never looks by itself, and its part of the wire. */
function openProcess(type: string, onDone: (id: string) => void) {
  const database = openTestDatabase(login);
  const jobs = [{ type, run: async (_: unknown, id: string) => void onDone(id) }];
  const log = { error: ({ err }: { err: unknown }) => assert.fail(err as Error) };
  const given = { database, services: testServices(), kinds: [], works: [], concurrency: 4, log };
  const worker = startWorker({ ...given, jobs: jobs as never, times: { lookAgainMs: FOREVER_MS } });
  const signal = openSignal(database, worker.wake);
  const close = async () => {
    await worker.stop();
    await signal.close();
  };
  return { signal, close };
}

const putInLine = (type: string) =>
  admin.query<{ id: string }>(
    `insert into tasks.entries (organization_id, task_id, type, sort_key)
     values (tasks.installation(), gen_random_uuid(), $1, now()) returning task_id as id`,
    [type],
  );

test("what one process queues begins in another that never looks by itself", async () => {
  const done = Promise.withResolvers<string>();
  const [here, there] = [openProcess("test.here", () => undefined), openProcess("test.there", done.resolve)];
  await Promise.all([here.signal.listening, there.signal.listening]);
  await settled();
  const { rows } = await putInLine("test.there");
  here.signal.send();
  assert.equal(await done.promise, rows[0]?.id);
  await Promise.all([here.close(), there.close()]);
});

/** Waits until no connection of the dispatcher's is in a statement: the workers have looked, and sleep. */
async function settled(): Promise<void> {
  for (let quiet = 0; quiet < 20; ) {
    await new Promise(setImmediate);
    const { rows } = await admin.query(
      "select count(*)::int from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state = 'active' and query ~ 'tasks.claim'",
    );
    quiet = rows[0].count === 0 ? quiet + 1 : 0;
  }
}

test("a wire that is cut is opened again, and rings for what came meanwhile", async () => {
  const [database, other] = [openTestDatabase(login), openTestDatabase(login)];
  let ring = Promise.withResolvers<void>();
  const rung = async () => {
    await ring.promise;
    ring = Promise.withResolvers();
  };
  const signal = openSignal(database, () => ring.resolve());
  await signal.listening;
  await rung();
  await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tenon signal'");
  await rung();
  const sender = openSignal(other, () => undefined);
  await sender.listening;
  sender.send();
  await rung();
  await Promise.all([signal.close(), sender.close()]);
});

test("a thousand wishes at once are few rings, and none of them one's own", async () => {
  const [database, other] = [openTestDatabase(login), openTestDatabase(login)];
  let own = 0;
  let rings = 0;
  const heard = Promise.withResolvers<void>();
  const sender = openSignal(database, () => own++);
  const hearer = openSignal(other, () => {
    rings++;
    if (rings === 3) heard.resolve();
  });
  await Promise.all([sender.listening, hearer.listening]);
  const before = { own, rings };
  for (let wish = 0; wish < 1000; wish++) sender.send();
  await heard.promise;
  await sender.close();
  // What was sent before the end has arrived before this.
  await admin.query("notify tenon_work");
  while (rings < 4) await new Promise(setImmediate);
  assert.deepEqual([own - before.own, before.rings], [0, 1]);
  assert.ok(rings < 10, `${rings} rings`);
  await hearer.close();
});

test("closing sends what is still to be sent", async () => {
  const [database, other] = [openTestDatabase(login), openTestDatabase(login)];
  let rings = 0;
  const heard = Promise.withResolvers<void>();
  const hearer = openSignal(other, () => {
    if (++rings === 3) heard.resolve();
  });
  const sender = openSignal(database, () => undefined);
  await Promise.all([sender.listening, hearer.listening]);
  sender.send();
  sender.send();
  await sender.close();
  await heard.promise;
  await hearer.close();
});
