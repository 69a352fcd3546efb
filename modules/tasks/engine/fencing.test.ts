import assert from "node:assert/strict";
import { test } from "node:test";
import { callOutside } from "../../../kernel/tenancy/transaction.ts";
import { testServices } from "../../../test/harness.ts";
import { type Claim, entryOf, reportProgress } from "./claims.ts";
import { DONE, FAILED, NOTHING_LEFT, openEngine } from "./engine.fixture.ts";

const engine = await openEngine();
const { admin, database, enqueue, task, statuses, leftovers, claim } = engine;

test("the tasks of a lost worker run again, and what it tells later is refused", async () => {
  const tenant = await engine.tenant();
  const [id = ""] = await enqueue(tenant, { attempts_max: 2, limits: { lane: "lost", slots: 1 } });
  const [lost] = await claim();
  assert.ok(lost);
  await engine.loseClaims(tenant);
  await engine.sweep();
  assert.deepEqual(
    (await engine.attempts(id)).map(({ attempt, status }) => [attempt, status]),
    [[1, "lost"]],
  );
  const [again] = await claim();
  assert.ok(again && again.token !== lost.token);
  await assert.rejects(engine.finish(lost, { [id]: FAILED }), { code: "TN016" });
  await assert.rejects(engine.begin(lost), { code: "TN016" });
  assert.deepEqual(await engine.finish(again, { [id]: { ...DONE, output: { by: "the second" } } }), []);
  assert.deepEqual((await task(id)).output, { by: "the second" });
  await assert.rejects(engine.finish(again, { [id]: FAILED }), { code: "TN016" });
  assert.equal((await task(id)).attempts, 2);
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
});

test("nobody tells of a task by the number of another claim", async () => {
  const tenant = await engine.tenant();
  await enqueue(tenant);
  const [mine] = await claim();
  const [id = ""] = await enqueue(tenant);
  const [other] = await claim();
  assert.ok(mine && other);
  await reportProgress(entryOf({ database, services: testServices() }, mine), mine, [
    { task_id: id, percentage: 90, note: "Not mine." },
  ]);
  const { rows } = await admin.query("select progress_percentage, progress_note from tasks.tasks where id = $1", [id]);
  assert.deepEqual(rows, [{ progress_percentage: null, progress_note: null }]);
  assert.deepEqual(await engine.finish(mine, { [id]: FAILED }), [id]);
  assert.equal((await task(id)).status, "queued");
  await engine.finish(other, { [id]: DONE });
  await engine.finish(mine, Object.fromEntries(mine.taskIds.map((own) => [own, DONE])));
});

test("who lost work of the installation settles it no more", async () => {
  await callOutside(database, "dispatcher", "select tasks.keep_chores('{test.fenced}')");
  const take = async () => (await claim(10, undefined, ["test.fenced"]))[0] ?? assert.fail();
  const settle = async ({ token, taskIds }: Claim) =>
    (
      await callOutside<{ done: boolean }>(
        database,
        "dispatcher",
        "select tasks.settle_job($1, $2, null, false) as done",
        [token, taskIds[0]],
      )
    )[0]?.done;
  const lost = await take();
  await admin.query("update tasks.claims set expires_at = now() - interval '1 second' where token = $1", [lost.token]);
  await engine.sweep();
  const again = await take();
  assert.deepEqual(again.taskIds, lost.taskIds);
  assert.deepEqual([await settle(lost), await settle(again), await settle(again)], [false, true, false]);
});

test("of a claim that still stands in part, what was told already is stale", async () => {
  const tenant = await engine.tenant();
  const [one = "", two = ""] = await enqueue(tenant, {}, {});
  const [claimed] = await claim();
  assert.ok(claimed);
  assert.deepEqual(await engine.finish(claimed, { [one]: DONE }), []);
  assert.deepEqual(await engine.finish(claimed, { [one]: FAILED, [two]: DONE }), [one]);
  assert.deepEqual(await statuses([one, two]), ["completed", "completed"]);
  assert.equal((await engine.attempts(one)).length, 1);
});

test("what is lost too often has failed, and what was to stop is cancelled", async () => {
  const tenant = await engine.tenant();
  const [id = "", unwanted = ""] = await enqueue(tenant, { attempts_max: 1 }, {});
  await claim();
  await engine.cancel(tenant, unwanted);
  await engine.loseClaims(tenant);
  await engine.sweep();
  assert.deepEqual(
    [(await task(id)).status, (await task(id)).error, (await task(unwanted)).status],
    ["failed", "lost", "cancelled"],
  );
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
});
