import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { DONE, type Ending, FAILED, NOTHING_LEFT, openEngine } from "./engine.fixture.ts";

const engine = await openEngine();
const { admin, enqueue, work, task, statuses, leftovers, cancel } = engine;
const on = (...ids: string[]) => ({ depends_on: ids.map((task_id) => ({ task_id })) });
const done = (...ids: string[]) => ({ depends_on: ids.map((task_id) => ({ task_id, policy: "done" as const })) });

/** Ends the given tasks so, all others well, until nothing is in line. */
async function runAll(endings: Record<string, Ending> = {}): Promise<string[]> {
  const order: string[] = [];
  for (;;) {
    const taken = await work((id) => endings[id] ?? DONE);
    if (taken.length === 0) return order;
    order.push(...taken);
  }
}

test("a task waits for all that it depends on, and comes into line with the last", async () => {
  const tenant = await engine.tenant();
  const [first, second, last] = [randomUUID(), randomUUID(), randomUUID()];
  await enqueue(tenant, { id: first }, { id: second }, { id: last, ...on(first, second, first) });
  assert.deepEqual([(await task(last)).status, (await task(last)).blocked_by], ["pending", 2]);
  const [claimed] = await engine.claim(1);
  assert.ok(claimed);
  await engine.finish(claimed, { [claimed.taskIds[0] ?? ""]: DONE });
  assert.deepEqual([(await task(last)).status, (await task(last)).blocked_by], ["pending", 1]);
  assert.deepEqual((await runAll()).at(-1), last);
  assert.deepEqual(await statuses([first, second, last]), ["completed", "completed", "completed"]);
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
});

test("what it depends on decides by policy whether it begins, and tells why not", async () => {
  const tenant = await engine.tenant();
  const [good = "", bad = "", gone = ""] = await enqueue(tenant, {}, {}, {});
  const any = { dependency_policy: "any" as const };
  const [all, mixed, one, none, either, afterCancel] = (await enqueue(
    tenant,
    on(good),
    on(good, bad),
    { ...any, ...on(good, bad) },
    { ...any, ...on(bad, gone) },
    done(bad, gone),
    on(gone),
  )) as [string, string, string, string, string, string];
  await cancel(tenant, gone);
  assert.deepEqual(
    [(await task(afterCancel)).status, (await task(afterCancel)).error],
    ["cancelled", "dependency_cancelled"],
  );
  await runAll({ [bad]: FAILED });
  assert.deepEqual(await statuses([all, mixed, one, none, either]), [
    "completed",
    "failed",
    "completed",
    "failed",
    "completed",
  ]);
  assert.equal((await task(mixed)).error, "dependency_failed");
  const ended = await enqueue(tenant, on(good), on(bad), on(gone), done(bad), { ...any, ...on(bad, good) });
  assert.deepEqual(await statuses(ended), ["queued", "failed", "cancelled", "queued", "queued"]);
  await runAll();
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
});

test("a chain, a diamond and a fan run in their order", async () => {
  const tenant = await engine.tenant();
  const ids: string[] = Array.from({ length: 50 }, () => randomUUID());
  await enqueue(tenant, ...ids.map((id, index) => ({ id, ...(index > 0 && on(ids[index - 1] ?? "")) })));
  const [top, left, right, bottom] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  await enqueue(
    tenant,
    { id: top },
    { id: left, ...on(top) },
    { id: right, ...on(top) },
    { id: bottom, ...on(left, right) },
  );
  const spokes = await enqueue(tenant, ...Array.from({ length: 200 }, () => ({})));
  const [hub = ""] = await enqueue(tenant, on(...spokes));
  const order = await runAll();
  assert.deepEqual(
    order.filter((id) => ids.includes(id)),
    ids,
  );
  assert.deepEqual(
    [order.indexOf(top) < order.indexOf(left), order.indexOf(right) < order.indexOf(bottom)],
    [true, true],
  );
  assert.equal(order.length, 50 + 4 + 201);
  assert.ok(spokes.every((id) => order.indexOf(id) < order.indexOf(hub)));
});

test("the failure at the head of a chain of two hundred ends all of it", async () => {
  const tenant = await engine.tenant();
  const ids = Array.from({ length: 200 }, () => randomUUID());
  await enqueue(tenant, ...ids.map((id, index) => ({ id, ...(index > 0 && on(ids[index - 1] ?? "")) })));
  await runAll({ [ids[0] ?? ""]: FAILED });
  assert.deepEqual(new Set(await statuses(ids)), new Set(["failed"]));
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
});

test("a circle is refused", async () => {
  const tenant = await engine.tenant();
  const [first, second] = [randomUUID(), randomUUID()];
  const circle = { code: "TN011", message: /circle/ };
  await assert.rejects(enqueue(tenant, { id: first, ...on(second) }, { id: second, ...on(first) }), circle);
  await enqueue(tenant, { id: first }, { id: second, ...on(first) });
  const insert = "insert into tasks.task_dependencies (organization_id, task_id, depends_on_id) values ($1, $2, $3)";
  await assert.rejects(admin.query(insert, [tenant.id, first, second]), circle);
  await assert.rejects(admin.query(insert, [tenant.id, first, first]), { code: "23514" });
  await assert.rejects(enqueue(tenant, on(randomUUID())), { code: "TN012" });
  await runAll();
});

test("a task that has divided itself goes on with the end of its last part, however that ended", async () => {
  const tenant = await engine.tenant();
  const [whole = ""] = await enqueue(tenant);
  const [claimed] = await engine.claim();
  assert.ok(claimed);
  const parts = await enqueue(tenant, { parent_task_id: whole }, { parent_task_id: whole });
  await engine.finish(claimed, { [whole]: { status: "divided" } });
  assert.deepEqual([(await task(whole)).status, (await task(whole)).blocked_by], ["waiting", 2]);
  const [late = ""] = await enqueue(tenant, { parent_task_id: whole });
  assert.equal((await task(whole)).blocked_by, 3, "a part that comes while it waits is waited for too");
  await work((id) => (id === parts[0] ? FAILED : DONE), 2);
  assert.deepEqual([(await task(whole)).status, (await task(whole)).blocked_by], ["waiting", 1]);
  assert.deepEqual(await work(), [late]);
  assert.equal((await task(whole)).status, "queued");
  assert.deepEqual(await work(), [whole]);
  assert.deepEqual(await statuses([whole, ...parts]), ["completed", "failed", "completed"]);
  await assert.rejects(enqueue(tenant, { parent_task_id: whole }), { code: "TN011" });
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
});

test("a task that divides itself when its parts are over, or into none, goes on at once", async () => {
  const tenant = await engine.tenant();
  const [whole = ""] = await enqueue(tenant);
  const [claimed] = await engine.claim();
  assert.ok(claimed);
  await enqueue(tenant, { parent_task_id: whole });
  await work();
  await engine.finish(claimed, { [whole]: { status: "divided" } });
  assert.equal((await task(whole)).status, "queued");
  assert.deepEqual(await work(), [whole]);
});

test("the end of a task that was not wished cancels its parts, and theirs", async () => {
  const tenant = await engine.tenant();
  for (const how of ["cancelled", "failed"]) {
    const [root = ""] = await enqueue(tenant, { attempts_max: 1 });
    const [claimed] = await engine.claim();
    assert.ok(claimed);
    const [part = ""] = await enqueue(tenant, { parent_task_id: root });
    const [deep = "", free = ""] = await enqueue(tenant, { parent_task_id: part }, {});
    if (how === "failed") await engine.finish(claimed, { [root]: FAILED });
    else {
      await engine.finish(claimed, { [root]: { status: "divided" } });
      await cancel(tenant, root);
    }
    assert.deepEqual(await statuses([root, part, deep, free]), [how, "cancelled", "cancelled", "queued"]);
    assert.equal((await task(deep)).error, "parent_ended");
    assert.deepEqual(await work(), [free]);
  }
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
});

test("a workflow counts its tasks, and is what they were with the last", async () => {
  const tenant = await engine.tenant();
  const figures = async (id: string) =>
    (
      await admin.query(
        "select w.status, f.total, f.completed, f.failed, f.cancelled from tasks.workflows w join tasks.workflow_figures f on f.workflow_id = w.id where w.id = $1",
        [id],
      )
    ).rows[0];
  const workflow_id = await engine.workflow(tenant);
  const [good = "", bad = ""] = await enqueue(tenant, { workflow_id }, { workflow_id });
  const [after = "", gone = ""] = await enqueue(tenant, { workflow_id, ...on(bad) }, { workflow_id, ...on(good) });
  await cancel(tenant, gone);
  assert.deepEqual(await figures(workflow_id), { status: "running", total: 4, completed: 0, failed: 0, cancelled: 1 });
  await runAll({ [bad]: FAILED });
  assert.deepEqual(await figures(workflow_id), { status: "failed", total: 4, completed: 1, failed: 2, cancelled: 1 });
  await assert.rejects(enqueue(tenant, { workflow_id }), { code: "TN011" });

  await engine.replay(tenant, bad, after);
  assert.deepEqual(await figures(workflow_id), { status: "running", total: 4, completed: 1, failed: 0, cancelled: 1 });
  await runAll();
  assert.deepEqual(await figures(workflow_id), {
    status: "cancelled",
    total: 4,
    completed: 3,
    failed: 0,
    cancelled: 1,
  });
  const well = await engine.workflow(tenant);
  const [only = ""] = await enqueue(tenant, { workflow_id: well });
  await assert.rejects(enqueue(tenant, { workflow_id: randomUUID() }), { code: "23503" });
  await enqueue(tenant, { parent_task_id: only });
  await runAll();
  assert.deepEqual(await figures(well), { status: "completed", total: 2, completed: 2, failed: 0, cancelled: 0 });
});

test("a replay of what depends on what has failed waits for it once more", async () => {
  const tenant = await engine.tenant();
  const [cause = ""] = await enqueue(tenant, { deadline_at: new Date(Date.now() + 3_600_000) });
  const [dependant = ""] = await enqueue(tenant, on(cause));
  await runAll({ [cause]: FAILED });
  await engine.replay(tenant, dependant);
  assert.deepEqual(await statuses([cause, dependant]), ["failed", "failed"]);
  await engine.replay(tenant, cause, dependant);
  assert.deepEqual(await statuses([cause, dependant]), ["queued", "pending"]);
  assert.equal((await leftovers(tenant)).deadlines, 1, "its deadline counts again");
  await runAll();
  assert.deepEqual(await statuses([cause, dependant]), ["completed", "completed"]);
  await assert.rejects(engine.replay(tenant, cause), { code: "TN011" });
});

test("one idempotency key is one task, asked for at once, again, and within a list", async () => {
  const tenant = await engine.tenant();
  const key = { idempotency_key: "once" };
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => engine.ask(tenant, [{ idempotency_key: "more" }, key, {}])),
  );
  const ids = new Set(answers.map(([, one]) => one?.id));
  assert.equal(ids.size, 1);
  assert.equal(answers.filter(([, one]) => one?.is_new).length, 1);
  const [again, twice, other] = await engine.ask(tenant, [key, key, {}]);
  assert.deepEqual(
    [again, twice],
    [
      { id: [...ids][0], is_new: false },
      { id: [...ids][0], is_new: false },
    ],
  );
  assert.equal(other?.is_new, true);
  assert.deepEqual(await engine.ask(tenant, [key]), [{ id: [...ids][0], is_new: false }]);
  assert.equal((await runAll()).length, 2 + 8 + 1);
});

test("limits by which nobody could count are refused", async () => {
  const tenant = await engine.tenant();
  const unfit = [
    { lane: "a" },
    { lane: "a", slots: 0 },
    { lane: "a", slots: 1.5 },
    { lane: "a", slots: "2" },
    { lane: "x".repeat(301), slots: 1 },
    { rate: "a", seconds: 1, per: 0 },
    { rate: "a", seconds: 0, per: 1 },
    { rate: 1, seconds: 1, per: 1 },
    { rate: "a", seconds: 1, per: 1, burst: 0 },
  ];
  for (const limits of unfit)
    await assert.rejects(enqueue(tenant, { limits }), { code: "23514" }, JSON.stringify(limits));
  await enqueue(tenant, { limits: { lane: "a", slots: 2, rate: "r", seconds: 1, per: 3, burst: 2 } }, { limits: {} });
  assert.equal((await runAll()).length, 2);
});
