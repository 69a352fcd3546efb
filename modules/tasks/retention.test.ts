import assert from "node:assert/strict";
import { before, test } from "node:test";
import { openAdmin } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { removeOldTasks } from "./retention.ts";
import { endTasks, openDoors, type TaskDoors } from "./tasks.fixture.ts";

let http: TestHttpServer;
let admin: Awaited<ReturnType<typeof openAdmin>>;

before(async () => {
  http = await openTestServer();
  admin = await openAdmin();
});

const remove = (batch?: number) =>
  removeOldTasks({ database: http.database, signal: new AbortController().signal }, batch);

/** Sets the times of tasks back. */
async function age(ids: readonly string[], days: number): Promise<void> {
  await admin.query(
    `update tasks.tasks set created_at = created_at - make_interval(days => $2), started_at = null,
       completed_at = completed_at - make_interval(days => $2) where id = any ($1)`,
    [ids, days],
  );
}

async function left({ tenant }: TaskDoors, ids: readonly string[]): Promise<boolean[]> {
  const { rows } = await admin.query<{ id: string }>("select id from tasks.tasks where organization_id = $1", [
    tenant.id,
  ]);
  return ids.map((id) => rows.some((row) => row.id === id));
}

test("what ended 90 days ago goes, whole by whole, and all else stays", async () => {
  const doors = await openDoors(http);
  const { items } = await doors.post("tasks/batch", {
    tasks: [
      { type: "example.echo", name: "old" },
      { type: "example.echo", name: "not so old" },
      { type: "example.echo", name: "made long ago, and not over" },
      { ref: "whole", type: "example.echo" },
      { type: "example.echo", parent: "whole", depends_on: [] },
      { type: "example.echo", depends_on: [{ task: "whole", policy: "done" }] },
    ],
  });
  const ids = items.map(({ id }) => id);
  const [old = "", young = "", open = "", whole = "", part = "", dependant = ""] = ids;
  const keeping = await doors.start();
  const openPart = await doors.start({ parent: keeping });
  const flow = await doors.post("workflows", {
    name: "Long",
    tasks: [{ type: "example.echo" }, { type: "example.echo" }],
  });
  const [ofFlow = "", openOfFlow = ""] = flow.tasks.map(({ id }) => id);
  await endTasks(admin, doors.tenant, [old, young, part, whole, keeping, ofFlow], "completed");
  await admin.query(
    `insert into tasks.task_attempts (organization_id, task_id, attempt, worker, fencing_token, status, started_at, ended_at)
     values ($1, $2, 1, 'a worker', 1, 'succeeded', now(), now())`,
    [doors.tenant.id, old],
  );
  await age([old, open, whole, part, keeping, ofFlow, openOfFlow], 91);
  await age([young], 89);
  // Two at a time: the whole comes before its part, and goes when that is gone.
  await remove(2);
  await remove(2);
  assert.deepEqual(await left(doors, [...ids, ofFlow]), [false, true, true, false, false, true, true]);
  assert.deepEqual(await left(doors, [keeping, openPart]), [true, true]);
  const { depends_on, status } = await doors.get(`tasks/${dependant}`);
  assert.deepEqual([depends_on, status], [[], "queued"]);
  const attempts = await admin.query("select from tasks.task_attempts where task_id = $1", [old]);
  assert.equal(attempts.rowCount, 1);
  await endTasks(admin, doors.tenant, [openOfFlow], "completed");
  await remove();
  assert.deepEqual(await left(doors, [ofFlow]), [false]);
});

test("a legal hold keeps everything, and what somebody has locked stays until the next time", async () => {
  const doors = await openDoors(http);
  const id = await doors.start();
  await endTasks(admin, doors.tenant, [id], "failed");
  await age([id], 400);
  const { id: hold } = (await doors.ask("POST", "audit/holds", { reason: "A case" })).json();
  await remove();
  assert.deepEqual(await left(doors, [id]), [true]);
  await http.ask(doors.tenant.owner, {
    method: "DELETE",
    url: `/api/organizations/${doors.tenant.slug}/audit/holds/${hold}`,
  });
  await admin.query("begin");
  await admin.query("select from tasks.tasks where id = $1 for update", [id]);
  await remove();
  await admin.query("commit");
  assert.deepEqual(await left(doors, [id]), [true]);
  await remove();
  assert.deepEqual(await left(doors, [id]), [false]);
});
