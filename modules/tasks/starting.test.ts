import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { transaction } from "../../kernel/tenancy/transaction.ts";
import { addMember, contextOf, openAdmin, testServices } from "../../test/harness.ts";
import { testKinds } from "../../test/http/kinds.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { askForTasks, wishOf } from "./asking.ts";
import { openDoors, type TaskDoors } from "./tasks.fixture.ts";

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

test("the types that may be started are listed with the shape of their input, and no others", async () => {
  const { items } = await doors.get("task-types");
  assert.ok(!items.some(({ type }) => type === "example.closed"));
  const echo = items.find(({ type }) => type === "example.echo") ?? assert.fail();
  assert.deepEqual(
    { ...echo, input: Object.keys(echo.input.properties as object) },
    {
      type: "example.echo",
      summary: "Answers what it is given",
      category: "content",
      worker_type: "internal",
      input: ["text", "cost", "provider", "payload"],
      time_limit_seconds: 60,
      attempts_max: 4,
    },
  );
});

test("a task has what its kind says and what was asked for, and stands in line", async () => {
  const deadline_at = new Date(Date.now() + 3_600_000).toISOString();
  const id = await doors.start({
    input: { text: "Hello", cost: 12.2, provider: "acme" },
    priority: 2,
    description: "All of it",
    deadline_at,
    cost_cap: 100,
    tree_cost_cap: 1000,
    credit_policy: "fail",
  });
  const task = await doors.get(`tasks/${id}`);
  const { name, category, worker_type, attempts_max, status, priority, input, estimated_cost, limits, credit_policy } =
    task;
  assert.deepEqual(
    { name, category, worker_type, attempts_max, status, priority, input, estimated_cost, limits, credit_policy },
    {
      name: "Answers what it is given",
      category: "content",
      worker_type: "internal",
      attempts_max: 4,
      status: "queued",
      priority: 2,
      input: { text: "Hello", cost: 12.2, provider: "acme" },
      estimated_cost: 13,
      limits: { lane: "provider:acme", slots: 2, rate: "provider:acme", per: 10, seconds: 60, burst: 5 },
      credit_policy: "fail",
    },
  );
  assert.deepEqual([task.cost_cap, task.tree_cost_cap, task.tree_id], [100, 1000, id]);
  assert.deepEqual([task.created_by?.id, task.assigned_to], [doors.tenant.owner.userId, null]);
  assert.equal(new Date(task.deadline_at ?? "").toISOString(), deadline_at);
  assert.deepEqual([task.line?.state, task.line?.place], ["ready", 1]);
});

test("what the line reads as limits is what its own function admits by", async () => {
  const id = await doors.start({ input: { provider: "other" } });
  const { rows } = await admin.query("select tasks.admit(e) as admitted from tasks.entries e where e.task_id = $1", [
    id,
  ]);
  const slots = await admin.query("select lane from tasks.slots where task_id = $1", [id]);
  assert.deepEqual([rows, slots.rows], [[{ admitted: true }], [{ lane: "provider:other" }]]);
  await admin.query("delete from tasks.slots where task_id = $1", [id]);
});

test("an idempotency key is one task, however often and with whatever it is asked for", async () => {
  const key = { idempotency_key: "once" };
  const first = await doors.post("tasks", { type: "example.echo", ...key });
  const second = await doors.post("tasks", { type: "example.echo", name: "Another", ...key });
  assert.deepEqual([first.is_new, second], [true, { id: first.id, is_new: false }]);
  const many = await doors.post("tasks/batch", {
    tasks: [
      { ref: "a", type: "example.echo", ...key },
      { ref: "b", type: "example.echo", depends_on: [{ task: "a" }] },
    ],
  });
  assert.deepEqual(many.items[0], { id: first.id, is_new: false, ref: "a" });
  const { depends_on } = await doors.get(`tasks/${many.items[1]?.id}`);
  assert.equal(depends_on[0]?.id, first.id);
  // A key may be called like what every object has.
  const odd = await doors.post("tasks/batch", {
    tasks: [
      { ref: "a", type: "example.echo", idempotency_key: "constructor" },
      { type: "example.echo", depends_on: [{ task: "a" }] },
    ],
  });
  assert.equal((await doors.get(`tasks/${odd.items[1]?.id}`)).depends_on[0]?.id, odd.items[0]?.id);
  const theirs = await foreign.post("tasks", { type: "example.echo", ...key });
  assert.notEqual(theirs.id, first.id);
});

test("tasks of a call name each other in any order, as causes and as wholes", async () => {
  const { items } = await doors.post("tasks/batch", {
    tasks: [
      { ref: "last", type: "example.echo", depends_on: [{ task: "part", policy: "done" }, { task: "first" }] },
      { ref: "part", type: "example.echo", parent: "whole" },
      { type: "example.echo", parent: "part" },
      { ref: "whole", type: "example.echo", tree_cost_cap: 7 },
      { ref: "first", type: "example.echo" },
    ],
  });
  assert.deepEqual(
    items.map(({ ref }: { ref?: string }) => ref),
    ["last", "part", undefined, "whole", "first"],
  );
  const [last, part, small, whole, first] = items.map(({ id }: { id: string }) => id);
  const read = await doors.get(`tasks/${last}`);
  assert.deepEqual([read.status, read.blocked_by, read.line], ["pending", 2, null]);
  assert.deepEqual(
    new Map(read.depends_on.map(({ id, policy }: { id: string; policy: string }) => [id, policy])),
    new Map([
      [part, "done"],
      [first, "succeeded"],
    ]),
  );
  const parts = await Promise.all([part, small].map((id) => doors.get(`tasks/${id}`)));
  assert.deepEqual(
    parts.map(({ parent_task_id, tree_id }) => [parent_task_id, tree_id]),
    [
      [whole, whole],
      [part, whole],
    ],
  );
  assert.deepEqual((await doors.get(`tasks/${whole}`)).parts, { queued: 1 });
  assert.deepEqual((await doors.get(`tasks/${first}`)).dependants[0], {
    id: last,
    name: "Answers what it is given",
    status: "pending",
    policy: "succeeded",
  });
});

describe("what is wrong is told by field, and nothing is made", () => {
  const many = (...tasks: object[]) => ["tasks/batch", { tasks }] as const;
  const one = (task: object) => ["tasks", { type: "example.echo", ...task }] as const;
  const echo = { type: "example.echo" };
  const id = randomUUID();
  const workOf = (task: object) => ({ type: "warehouse.pack", name: "Pack", person: { role: id }, ...task });
  const work = (task: object) => ["tasks", workOf(task)] as const;
  let theirs = "";
  before(async () => {
    theirs = await foreign.start();
    await foreign.ask("POST", "organizations/tags", { name: "Theirs" });
  });
  const table: Record<string, () => readonly [readonly [string, object], number, string, RegExp]> = {
    "an unknown type": () => [one({ type: "example.nothing" }), 400, "type", /There are .*example\.echo/],
    "a type that is not open": () => [
      one({ type: "example.closed", input: { times: 1 } }),
      400,
      "type",
      /may be started/,
    ],
    "a wrong input": () => [one({ input: { text: 5 } }), 400, "input.text", /string/],
    "a wrong input of many": () => [many(echo, { ...echo, input: { text: 5 } }), 400, "tasks.1.input.text", /string/],
    "a secret": () => [
      one({ input: { payload: [{ "API-Key": "sk" }] } }),
      400,
      "input.payload.0.API-Key",
      /looks like a secret/,
    ],
    "an input too deep": () => [
      one({ input: JSON.parse(`{"payload":${"[".repeat(70)}${"]".repeat(70)}}`) }),
      400,
      "input",
      /64 deep/,
    ],
    "a cause of another organization": () => [
      one({ depends_on: [{ task: theirs }] }),
      400,
      "depends_on.0.task",
      /no such task/,
    ],
    "a cause that nobody has": () => [one({ depends_on: [{ task: id }] }), 400, "depends_on.0.task", /no such task/],
    "a whole of another organization": () => [one({ parent: theirs }), 400, "parent", /no such task/],
    "a workflow that nobody has": () => [one({ workflow: id }), 400, "workflow", /no such workflow/],
    "a ref that nothing has": () => [many({ ...echo, parent: "x" }), 400, "tasks.0.parent", /neither the id/],
    "a ref twice": () => [many({ ...echo, ref: "a" }, { ...echo, ref: "a" }), 400, "tasks.1.ref", /already/],
    "a cause twice": () => [
      many({ ...echo, ref: "a" }, { ...echo, depends_on: [{ task: "a" }, { task: "a" }] }),
      400,
      "tasks.1.depends_on.1.task",
      /already/,
    ],
    "itself as its cause": () => [
      many({ ...echo, ref: "a", depends_on: [{ task: "a" }] }),
      400,
      "tasks.0.depends_on",
      /circle: a/,
    ],
    "a circle of causes and wholes": () => [
      many(
        { ...echo, ref: "a", depends_on: [{ task: "b" }] },
        { ...echo, ref: "b", parent: "c" },
        { ...echo, ref: "c", parent: "a" },
      ),
      400,
      "tasks.0.depends_on",
      /circle: a, b, c/,
    ],
    "a tag that is another organization's": () => [one({ tags: ["Theirs"] }), 400, "tags.0", /no such tag/],
    "a tag called like what every object has": () => [one({ tags: ["constructor"] }), 400, "tags.0", /no such tag/],
    "more than 20 tags": () => [one({ tags: Array.from({ length: 21 }, () => "x") }), 400, "tags", /20/],
    "work of nobody": () => [work({ person: {} }), 400, "person", /a member or a role/],
    "work of two": () => [work({ person: { member: id, role: id } }), 400, "person", /one of the two/],
    "work without words": () => [work({ name: undefined }), 400, "name", /what is to be done/],
    "work that a program does": () => [work({ type: "example.echo" }), 400, "type", /a name of your own/],
    "work with a secret": () => [work({ input: { password: "x" } }), 400, "input.password", /looks like a secret/],
    "a form that is none": () => [
      many(echo, workOf({ person: { role: id, form: [{ type: "text", name: "A", title: "A" }] } })),
      400,
      "tasks.1.person.form.0.name",
      /name such as/,
    ],
    "more than 1,000": () => [many(...Array.from({ length: 1_001 }, () => echo)), 400, "tasks", /1000/],
  };
  for (const [what, row] of Object.entries(table)) {
    test(what, async () => {
      const before = (await doors.get("tasks?limit=1")).items[0]?.id;
      const [[path, payload], status, field, message] = row();
      const answer = await doors.ask("POST", path, payload);
      assert.equal(answer.statusCode, status, answer.body);
      const [fault] = answer.json().errors;
      assert.equal(fault.field, field);
      assert.match(fault.message, message);
      assert.equal((await doors.get("tasks?limit=1")).items[0]?.id, before);
    });
  }

  for (const [what, input] of Object.entries({
    "its JSON": { text: "x".repeat(262_144) },
    "what PostgreSQL makes of it": { payload: Array.from({ length: 60_000 }, () => 1) },
  })) {
    test(`an input is refused when ${what} has more than 256 KB`, async () => {
      const { statusCode, body } = await doors.ask("POST", "tasks", { type: "example.echo", input });
      assert.deepEqual([statusCode, JSON.parse(body).detail], [413, "The input of a task has at most 256 KB."]);
    });
  }

  test("parts of what is over", async () => {
    const over = await doors.start();
    await doors.post(`tasks/${over}/cancel`);
    const answer = await doors.ask("POST", "tasks", { ...echo, parent: over });
    assert.deepEqual([answer.statusCode, answer.json().detail], [409, "A task that is cancelled gets no more parts."]);
  });
});

test("who may not start tasks learns nothing of which types there are", async () => {
  const viewer = await addMember(admin, http.database, doors.tenant, "viewer");
  const answer = await doors.ask("POST", "tasks", { type: "example.nothing" }, viewer);
  assert.deepEqual([answer.statusCode, answer.body.includes("example")], [403, false]);
});

test("code asks in a transaction of its own, which wakes the workers, or in one that is under way, which does not", async () => {
  let woken = 0;
  const services = testServices({ wakeWorkers: () => void woken++ });
  const context = contextOf(http.database, doors.tenant, { services });
  const closed = testKinds.get("example.closed") ?? assert.fail();
  const [asked] = await askForTasks(context, [wishOf(closed, { input: { times: 1 }, context: { of: "code" } })]);
  assert.deepEqual([asked?.is_new, woken], [true, 1]);
  const rollback = new Error("rolled back");
  let inside: string | undefined;
  const work = transaction(context, async (tx) => {
    const [made] = await askForTasks(tx, [wishOf(closed, { input: { times: 2 } })]);
    inside = made?.id;
    throw rollback;
  });
  await assert.rejects(work, rollback);
  assert.equal(woken, 1);
  assert.equal((await doors.ask("GET", `tasks/${inside}`)).statusCode, 404);
  assert.throws(() => wishOf(closed, { input: { times: 1.5 } }, ["tasks", 3]), /"tasks",\s*3,\s*"input",\s*"times"/);
});
