import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { openAdmin } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { endTasks, openDoors, type TaskDoors } from "./tasks.fixture.ts";

let http: TestHttpServer;
let admin: Awaited<ReturnType<typeof openAdmin>>;
let doors: TaskDoors;
let foreign: TaskDoors;

before(async () => {
  http = await openTestServer();
  admin = await openAdmin();
  doors = await openDoors(http);
  foreign = await openDoors(http);
});

const LATER = "2999-01-01T00:00:00.000Z";

async function entryOf(id: string) {
  const { rows } = await admin.query("select state, sort_key, ready_at from tasks.entries where task_id = $1", [id]);
  return rows[0];
}

/** Has a worker take what is in line of an organization. */
async function take({ tenant }: TaskDoors, id: string): Promise<void> {
  await admin.query("update tasks.entries set sort_key = '-infinity' where task_id = $1", [id]);
  await admin.query("select tasks.take($1, 'a worker', '{example.echo}', 1, '1 hour')", [tenant.id]);
}

describe("a change", () => {
  test("of the priority moves the task in line, by 400 seconds a step", async () => {
    const urgent = await doors.start({ priority: 4 });
    const id = await doors.start({ priority: 9 });
    const before = await entryOf(id);
    assert.equal((await doors.get(`tasks/${id}`)).line?.place, 2);
    await doors.ask("PATCH", `tasks/${id}`, { priority: 2 });
    const after = await entryOf(id);
    assert.equal(before.sort_key - after.sort_key, 7 * 400_000);
    assert.deepEqual(
      [(await doors.get(`tasks/${id}`)).line?.place, (await doors.get(`tasks/${urgent}`)).line?.place],
      [1, 2],
    );
    await doors.post("tasks/cancel", { ids: [urgent, id] });
  });

  test("of the time it begins takes it out of line and puts it back", async () => {
    const id = await doors.start();
    const change = async (scheduled_for: string | null) => {
      assert.equal((await doors.ask("PATCH", `tasks/${id}`, { scheduled_for })).statusCode, 204);
      const { status, scheduled_for: at, line } = await doors.get(`tasks/${id}`);
      return [status, at && new Date(at).toISOString(), line?.state];
    };
    assert.deepEqual(await change(LATER), ["pending", LATER, "later"]);
    assert.deepEqual(await change(null), ["queued", null, "ready"]);
    await doors.post(`tasks/${id}/cancel`);
  });

  test("of the deadline is what the engine goes by", async () => {
    const id = await doors.start();
    const deadlines = async () =>
      (await admin.query("select deadline_at from tasks.deadlines where task_id = $1", [id])).rows;
    for (const deadline_at of [LATER, "2998-01-01T00:00:00.000Z"]) {
      await doors.ask("PATCH", `tasks/${id}`, { deadline_at });
      assert.deepEqual(await deadlines(), [{ deadline_at: new Date(deadline_at) }]);
    }
    await doors.ask("PATCH", `tasks/${id}`, { deadline_at: null });
    assert.deepEqual(await deadlines(), []);
    const part = await doors.start({ parent: id });
    await doors.ask("PATCH", `tasks/${id}`, { deadline_at: "2998-01-01T00:00:00.000Z" });
    await doors.ask("PATCH", `tasks/${part}`, { deadline_at: LATER });
    assert.match((await doors.get(`tasks/${part}`)).deadline_at ?? "", /^2998/);
    await doors.post(`tasks/${id}/cancel`);
  });

  test("of what waits for others is kept for the time that it comes into line", async () => {
    const { items } = await doors.post("tasks/batch", {
      tasks: [
        { ref: "a", type: "example.echo" },
        { type: "example.echo", depends_on: [{ task: "a" }] },
      ],
    });
    const [cause = "", id = ""] = items.map((item) => item.id);
    assert.equal((await doors.ask("PATCH", `tasks/${id}`, { priority: 1, scheduled_for: LATER })).statusCode, 204);
    assert.deepEqual([(await doors.get(`tasks/${id}`)).status, await entryOf(id)], ["pending", undefined]);
    await endTasks(admin, doors.tenant, [cause], "completed");
    const { status, line, priority } = await doors.get(`tasks/${id}`);
    assert.deepEqual([status, line?.state, priority], ["pending", "later", 1]);
    await doors.post(`tasks/${id}/cancel`);
  });

  test("is refused while a worker has the task, when it is over, after a try, and of an older version", async () => {
    const refusal = async (id: string, change: object) => {
      const answer = await doors.ask("PATCH", `tasks/${id}`, change);
      return [answer.statusCode, answer.json().detail];
    };
    const id = await doors.start();
    const { version } = await doors.get(`tasks/${id}`);
    assert.equal((await doors.ask("PATCH", `tasks/${id}`, { priority: 1, version })).statusCode, 204);
    assert.deepEqual(await refusal(id, { priority: 2, version }), [409, "Somebody has changed the task since."]);
    await admin.query("update tasks.tasks set attempts = 1 where id = $1", [id]);
    assert.deepEqual(await refusal(id, { scheduled_for: LATER }), [409, "The task has begun."]);
    await take(doors, id);
    assert.deepEqual(await refusal(id, { priority: 2 }), [409, "The task is under way."]);
    await admin.query("select tasks.lose_claim(c) from tasks.claims c where c.organization_id = $1", [doors.tenant.id]);
    await doors.post(`tasks/${id}/cancel`);
    assert.deepEqual(await refusal(id, { priority: 2 }), [409, "The task is cancelled."]);
    assert.equal((await foreign.ask("PATCH", `tasks/${id}`, { priority: 2 })).statusCode, 404);
  });
});

describe("to cancel", () => {
  test("ends what nobody works on, with its parts, and tells the worker of the rest", async () => {
    const whole = await doors.start();
    const part = await doors.start({ parent: whole });
    const taken = await doors.start();
    await take(doors, taken);
    const { items } = await doors.post("tasks/cancel", { ids: [whole, taken] });
    const statusOf = (id: string) => items.find((item) => item.id === id);
    assert.equal(statusOf(whole)?.status, "cancelled");
    assert.equal(statusOf(taken)?.status, "queued");
    assert.notEqual(statusOf(taken)?.cancel_requested_at, null);
    assert.equal((await doors.get(`tasks/${part}`)).status, "cancelled");
    const { rows } = await admin.query("select cancelled from tasks.claims where organization_id = $1", [
      doors.tenant.id,
    ]);
    assert.deepEqual(rows, [{ cancelled: [taken] }]);
    await admin.query("select tasks.lose_claim(c) from tasks.claims c where c.organization_id = $1", [doors.tenant.id]);
    assert.equal((await doors.post(`tasks/${whole}/cancel`)).status, "cancelled");
  });

  test("is all or nothing: one foreign task, and none is cancelled", async () => {
    const [own, theirs] = [await doors.start(), await foreign.start()];
    for (const id of [theirs, randomUUID()])
      assert.equal((await doors.ask("POST", "tasks/cancel", { ids: [own, id] })).statusCode, 404);
    assert.equal((await doors.get(`tasks/${own}`)).status, "queued");
    await doors.post(`tasks/${own}/cancel`);
  });
});

describe("to replay", () => {
  test("tries again what failed, by id, and no one else's", async () => {
    const [id, theirs] = [await doors.start(), await foreign.start()];
    await endTasks(admin, doors.tenant, [id], "failed");
    await endTasks(admin, foreign.tenant, [theirs], "failed");
    assert.equal((await doors.ask("POST", "tasks/replay", { ids: [id, theirs] })).statusCode, 404);
    assert.deepEqual(await doors.post("tasks/replay", { ids: [id] }), { items: [{ id }] });
    assert.deepEqual(
      [(await doors.get(`tasks/${id}`)).status, (await foreign.get(`tasks/${theirs}`)).status],
      ["queued", "failed"],
    );
    const again = await doors.ask("POST", "tasks/replay", { ids: [id] });
    assert.deepEqual([again.statusCode, again.json().detail], [409, "None of these tasks has failed."]);
    await doors.post(`tasks/${id}/cancel`);
  });

  test("tries again all of a type that failed in a time", async () => {
    const [old, fresh] = [await doors.start(), await doors.start()];
    await endTasks(admin, doors.tenant, [old, fresh], "failed");
    await admin.query("update tasks.tasks set completed_at = '2020-01-01' where id = $1", [old]);
    const none = { type: "example.echo", failed_to: "2019-01-01T00:00:00Z" };
    assert.deepEqual(await doors.post("tasks/replay", none), { items: [] });
    const wanted = { type: "example.echo", failed_from: "2020-01-01T00:00:00Z", failed_to: "2021-01-01T00:00:00Z" };
    assert.deepEqual(await doors.post("tasks/replay", wanted), { items: [{ id: old }] });
    assert.equal((await doors.get(`tasks/${fresh}`)).status, "failed");
    assert.deepEqual(await doors.post("tasks/replay", { type: "example.other" }), { items: [] });
  });
});

test("feedback is kept when there is a result, and what is left out stays", async () => {
  const id = await doors.start();
  const early = await doors.ask("POST", `tasks/${id}/feedback`, { quality_score: 1 });
  assert.deepEqual([early.statusCode, early.json().detail], [409, "The task is not over."]);
  await endTasks(admin, doors.tenant, [id], "completed");
  await doors.post(`tasks/${id}/feedback`, { quality_score: 4.25 });
  await doors.post(`tasks/${id}/feedback`, { user_feedback: { helpful: true } });
  const { quality_score, user_feedback } = await doors.get(`tasks/${id}`);
  assert.deepEqual({ quality_score, user_feedback }, { quality_score: 4.25, user_feedback: { helpful: true } });
  assert.equal((await foreign.ask("POST", `tasks/${id}/feedback`, { quality_score: 1 })).statusCode, 404);
  const { items } = await doors.get("task-performance?type=example.echo");
  assert.equal(items.length, 1);
  assert.deepEqual([items[0]?.type, items[0]?.average_quality_score], ["example.echo", 4.25]);
});

test("a workflow has figures, goes on by its tasks, and is cancelled with them", async () => {
  const tasks = [
    { ref: "a", type: "example.echo" },
    { ref: "b", type: "example.echo", depends_on: [{ task: "a" }] },
    { type: "example.echo", depends_on: [{ task: "b" }] },
  ];
  const { id, tasks: started } = await doors.post("workflows", { name: "In a row", tasks });
  const figures = async () => {
    const { status, total, completed, failed, cancelled, progress_percentage } = await doors.get(`workflows/${id}`);
    return { status, total, completed, failed, cancelled, progress_percentage };
  };
  assert.deepEqual(
    (await doors.get(`workflows/${id}`)).tasks.map((task: { id: string }) => task.id),
    started.map((task: { id: string }) => task.id),
  );
  await endTasks(admin, doors.tenant, [started[0]?.id ?? ""], "completed");
  const running = { status: "running", total: 3, completed: 1, failed: 0, cancelled: 0, progress_percentage: 33 };
  assert.deepEqual(await figures(), running);
  assert.equal((await foreign.ask("POST", `workflows/${id}/cancel`)).statusCode, 404);
  await doors.post(`workflows/${id}/cancel`);
  assert.deepEqual(await figures(), { ...running, status: "cancelled", cancelled: 2, progress_percentage: 100 });
  assert.equal((await doors.ask("POST", `workflows/${id}/cancel`)).statusCode, 409);
  const late = await doors.ask("POST", "tasks", { type: "example.echo", workflow: id });
  assert.deepEqual([late.statusCode, late.json().detail], [409, "This workflow is over."]);
  const second = await doors.post("workflows", { name: "Another", tasks: [{ type: "example.echo" }] });
  const page = await doors.get("workflows?limit=1");
  assert.deepEqual([page.items[0]?.id, page.items[0]?.created_by?.id], [second.id, doors.tenant.owner.userId]);
  assert.equal((await doors.get(`workflows?cursor=${page.next_cursor}&status=cancelled`)).items[0]?.id, id);
  assert.deepEqual((await doors.get("workflows?status=failed")).items, []);
});
