import assert from "node:assert/strict";
import { test } from "node:test";
import { createTenant } from "../../../test/harness.ts";
import { PersonWish } from "../people-contract.ts";
import { humanWish } from "./asking.ts";
import {
  admin,
  approvalOfTask,
  ask,
  database,
  hire,
  http,
  makeTasks,
  makeWork,
  roleOf,
  rowOf,
  taskOf,
} from "./people.fixture.ts";

const tenant = await createTenant(database);
const [admins, labelers] = await Promise.all([roleOf(tenant, "admin"), roleOf(tenant, "labeler")]);
const form = [{ name: "weight", type: "number", title: "Weight", required: true, min: 0 }];

test("a person's task waits for that person; the answer is its result, and what depends on it begins", async () => {
  const worker = await hire(tenant, "labeler");
  const wish = humanWish(PersonWish.parse({ member: worker.userId, form }));
  const [task = ""] = await makeTasks(tenant, wish);
  const [next = ""] = await makeTasks(tenant, { name: "Send it", depends_on: [{ task_id: task }] });
  assert.deepEqual([(await taskOf(tenant, task)).status, (await taskOf(tenant, next)).status], ["waiting", "pending"]);

  const { body: list } = await ask(tenant, worker, "");
  const [item] = list.items;
  assert.deepEqual(
    [item.kind, item.title, item.task.id, item.assigned_to.id],
    ["work", "Pack the parcel", task, worker.userId],
  );
  const { body: read } = await ask(tenant, worker, `/${item.id}`);
  assert.deepEqual([read.input, read.form[0].title], [{ parcel: 7 }, "Weight"]);

  for (const answer of [{}, { weight: -1 }, { weight: "1" }, { weight: 1, more: 2 }])
    assert.equal((await ask(tenant, worker, `/${item.id}/decide`, { decision: "done", answer })).status, 400);
  assert.equal(
    (await ask(tenant, worker, `/${item.id}/decide`, { decision: "approved", answer: { weight: 1 } })).status,
    400,
  );
  assert.equal(
    (await ask(tenant, worker, `/${item.id}/decide`, { decision: "done", answer: { weight: 2.5 } })).status,
    200,
  );
  const { status, output, assigned_to } = await taskOf(tenant, task);
  assert.deepEqual(
    { status, output, assigned_to },
    { status: "completed", output: { weight: 2.5 }, assigned_to: worker.userId },
  );
  assert.equal((await taskOf(tenant, next)).status, "queued");
  assert.deepEqual(
    (await ask(tenant, worker, "?status=done")).body.items.map(({ id }: { id: string }) => id),
    [item.id],
  );
});

test("a person's task is started over HTTP, with its form and its time, and with tags", async () => {
  const tenant = await createTenant(database);
  const worker = await hire(tenant, "labeler");
  const role = await roleOf(tenant, "labeler");
  const send = async (path: string, payload: object) => {
    const url = `/api/organizations/${tenant.slug}/${path}`;
    const { statusCode, body } = await http.ask(tenant.owner, { method: "POST", url, payload });
    return { status: statusCode, body: JSON.parse(body) };
  };
  const [urgent, small] = await Promise.all(
    ["Urgent", "Small"].map(async (name) => (await send("organizations/tags", { name })).body.id as string),
  );
  const due_at = "2200-01-02T09:00:00+00:00";
  const pack = { type: "warehouse.pack", name: "Pack it", description: "In a box", input: { parcel: 8 } };
  const person = { role, form, due_at, reminders: [60] };
  const tags = ["URGENT", small, "urgent"];
  const { status, body } = await send("tasks", { ...pack, person, tags, idempotency_key: "pack" });
  assert.equal(status, 200, JSON.stringify(body));
  const again = await send("tasks", { ...pack, person, tags: ["Small"], idempotency_key: "pack" });
  assert.deepEqual(again.body, { id: body.id, is_new: false });

  const approval = await approvalOfTask(tenant, body.id);
  const { body: read } = await ask(tenant, worker, `/${approval}`);
  assert.deepEqual(
    [read.title, read.details, read.input, read.due_at, read.form[0].name, read.role.id],
    ["Pack it", "In a box", { parcel: 8 }, due_at, "weight", role],
  );
  await ask(tenant, worker, `/${approval}/decide`, { decision: "done", answer: { weight: 3 } });
  const task = (await http.ask(tenant.owner, { url: `/api/organizations/${tenant.slug}/tasks/${body.id}` })).json();
  assert.deepEqual(
    [task.type, task.worker_type, task.status, task.output, task.attempts_max],
    ["warehouse.pack", "human", "completed", { weight: 3 }, 1],
  );
  assert.deepEqual(task.tags, [
    { id: small, name: "Small" },
    { id: urgent, name: "Urgent" },
  ]);
  const viewer = await hire(tenant, "viewer");
  const refused = await send("tasks", { ...pack, person: { member: viewer.userId } });
  assert.deepEqual([refused.status, refused.body.detail], [400, `No active member ${viewer.userId} works on tasks.`]);
});

test("a person's task that waits for others is in nobody's list before they are over", async () => {
  const worker = await hire(tenant, "labeler");
  const [first = "", second = ""] = await makeTasks(
    tenant,
    { id: crypto.randomUUID(), worker_type: "human", assigned_to: worker.userId },
    { worker_type: "internal", scheduled_for: "2200-01-01T00:00:00Z" },
  );
  const [later = ""] = await makeTasks(tenant, {
    worker_type: "human",
    assigned_to: worker.userId,
    depends_on: [{ task_id: first }],
  });
  assert.equal((await ask(tenant, worker, "")).body.items.length, 1);
  await ask(tenant, worker, `/${await approvalOfTask(tenant, first)}/decide`, { decision: "done" });
  const { items } = (await ask(tenant, worker, "")).body;
  assert.deepEqual(
    items.map((item: { task: { id: string } }) => item.task.id),
    [later],
  );
  assert.equal((await taskOf(tenant, second)).status, "pending");
});

test("nobody, or somebody who does not work on tasks, is given none", async () => {
  const viewer = await hire(tenant, "viewer");
  const viewers = await roleOf(tenant, "viewer");
  for (const wish of [
    {},
    { assigned_to: viewer.userId },
    { person: { role: viewers } },
    { person: { role: "nobody" } },
  ])
    await assert.rejects(makeTasks(tenant, { worker_type: "human", ...wish }), { code: "TN012" }, JSON.stringify(wish));
});

test("a rejection needs a reason, fails the task, and says who and why", async () => {
  const worker = await hire(tenant, "labeler");
  const { task, approval } = await makeWork(tenant, { assigned_to: worker.userId });
  assert.equal((await ask(tenant, worker, `/${approval}/decide`, { decision: "rejected", reason: " " })).status, 400);
  assert.equal(
    (await ask(tenant, worker, `/${approval}/decide`, { decision: "rejected", reason: "No box" })).status,
    200,
  );
  const { status, error_details } = await taskOf(tenant, task);
  assert.deepEqual(
    [status, error_details.code, error_details.message, error_details.by],
    ["failed", "rejected", "No box", worker.userId],
  );
});

test("one holder of a role takes what waits for it; the others are told who has it, and may have it handed over", async () => {
  const [first, second, stranger] = await Promise.all([
    hire(tenant, "labeler"),
    hire(tenant, "labeler"),
    hire(tenant, "reviewer"),
  ]);
  const { task, approval } = await makeWork(tenant, { person: { role: labelers } });
  assert.equal((await ask(tenant, stranger, `/${approval}`)).status, 404);
  assert.equal((await ask(tenant, stranger, `/${approval}/take`, {})).status, 404);
  assert.equal((await ask(tenant, second, `/${approval}`)).status, 200);
  const taking = await Promise.all([first, second].map((person) => ask(tenant, person, `/${approval}/take`, {})));
  assert.deepEqual(taking.map(({ status }) => status).sort(), [200, 409]);
  const [winner, loser] = taking[0]?.status === 200 ? [first, second] : [second, first];
  assert.equal((await taskOf(tenant, task)).assigned_to, winner.userId);
  const late = await ask(tenant, loser, `/${approval}/decide`, { decision: "done" });
  assert.deepEqual([late.status, late.body.detail], [409, "A Person has taken this."]);
  assert.equal((await ask(tenant, loser, "")).body.items.length, 0);

  assert.equal((await ask(tenant, winner, `/${approval}/hand-over`, { member: stranger.userId })).status, 200);
  assert.equal((await ask(tenant, winner, `/${approval}`)).status, 404);
  assert.equal((await ask(tenant, stranger, `/${approval}/hand-over`, { role: labelers })).status, 200);
  assert.equal((await ask(tenant, loser, `/${approval}/decide`, { decision: "done" })).status, 200);
  assert.equal((await rowOf(tenant, approval)).assigned_to, loser.userId);
});

test("who may change all tasks decides for others; who may only see them does not", async () => {
  const [boss, worker, reviewer] = await Promise.all([
    hire(tenant, "task_admin"),
    hire(tenant, "labeler"),
    hire(tenant, "reviewer"),
  ]);
  const { approval } = await makeWork(tenant, { assigned_to: worker.userId });
  await admin.query(
    `insert into organizations.role_permissions (organization_id, role_id, permission)
     select organization_id, id, 'tasks.task.read' from organizations.roles where organization_id = $1 and name = 'reviewer'`,
    [tenant.id],
  );
  assert.equal((await ask(tenant, reviewer, `/${approval}`)).status, 200);
  assert.equal((await ask(tenant, reviewer, `/${approval}/decide`, { decision: "done" })).status, 403);
  assert.equal((await ask(tenant, boss, `/${approval}/decide`, { decision: "done" })).status, 200);
});

test("everybody lists what is theirs, page by page, what is due first; who may see all tasks lists all", async () => {
  const own = await createTenant(database);
  const [worker, colleague, reviewer] = await Promise.all([
    hire(own, "labeler"),
    hire(own, "labeler"),
    hire(own, "reviewer"),
  ]);
  const due = (day: string) => ({ person: { due_at: `2200-01-${day}T09:00:00.123456Z` } });
  await makeTasks(
    own,
    ...[due("03"), {}, due("01"), due("02"), due("02"), {}].map((wish, index) => ({
      worker_type: "human",
      name: `Work ${index}`,
      assigned_to: worker.userId,
      ...wish,
    })),
    { worker_type: "human", name: "Another's", assigned_to: colleague.userId },
  );
  const titles: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const { body } = await ask(own, worker, `?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    titles.push(...body.items.map(({ title }: { title: string }) => title));
    cursor = body.next_cursor;
  }
  assert.deepEqual(titles, ["Work 2", "Work 3", "Work 4", "Work 0", "Work 1", "Work 5"]);
  const count = async (person: typeof worker, query: string) => (await ask(own, person, query)).body.items.length;
  assert.equal(await count(worker, "?due_before=2200-01-02T10:00:00Z"), 3);
  assert.equal(await count(worker, "?mine=false"), 6);
  assert.equal(await count(reviewer, "?mine=false"), 0);
  assert.equal(await count(own.owner, "?mine=false"), 7);
  assert.equal(await count(own.owner, ""), 0);
  assert.equal((await ask(own, worker, "?cursor=x")).status, 400);
});

test("of another organization nothing is seen, and nothing is decided", async () => {
  const other = await createTenant(database);
  const { approval } = await makeWork(tenant, { person: { role: admins } });
  for (const path of ["", "/decide", "/take", "/hand-over"]) {
    const bodies: Record<string, object> = {
      "/decide": { decision: "done" },
      "/hand-over": { member: other.owner.userId },
      "/take": {},
    };
    assert.equal((await ask(other, other.owner, `/${approval}${path}`, bodies[path])).status, 404, path);
  }
  assert.equal((await rowOf(tenant, approval)).status, "pending");
  const { statusCode } = await http.ask(other.owner, { url: `/api/organizations/${tenant.slug}/approvals` });
  assert.equal(statusCode, 404);
});
