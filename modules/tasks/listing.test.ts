import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { AnswerOf } from "../../kernel/http/endpoint.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import { contextOf, openAdmin } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { pageOf } from "./listing.ts";
import { endTasks, openDoors, type TaskDoors } from "./tasks.fixture.ts";
import type { listTasks, TaskFilter } from "./tasks-contract.ts";

let http: TestHttpServer;
let admin: Awaited<ReturnType<typeof openAdmin>>;
let doors: TaskDoors;
/** Ids of what was made, by status, in the order of their making. */
let made: Record<string, string[]>;

before(async () => {
  http = await openTestServer();
  admin = await openAdmin();
  doors = await openDoors(http);
  made = await makeTasks();
});

/** Some of each status and priority, made in several statements, so that several have the same time. */
async function makeTasks(): Promise<Record<string, string[]>> {
  const batch = async (count: number, task: object) => {
    const tasks = Array.from({ length: count }, (_, index) => ({
      type: "example.echo",
      priority: 1 + (index % 10),
      ...task,
    }));
    return (await doors.post("tasks/batch", { tasks })).items.map(({ id }: { id: string }) => id).sort() as string[];
  };
  const pending = await batch(12, { scheduled_for: "2999-01-01T00:00:00Z" });
  const failed = await batch(23, {});
  await endTasks(admin, doors.tenant, failed, "failed");
  const completed = await batch(5, {});
  await endTasks(admin, doors.tenant, completed, "completed");
  await admin.query("update tasks.tasks set assigned_to = $2 where id = any ($1)", [
    completed,
    doors.tenant.owner.userId,
  ]);
  const queued = await batch(14, {});
  return { pending, failed, completed, queued };
}

/** All pages of a list, of so many each. */
async function pagesOf(search: string, limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  let more = "";
  do {
    const page: AnswerOf<typeof listTasks> = await doors.get(`tasks?${search}&limit=${limit}${more}`);
    pages.push(page.items.map(({ id }) => id));
    more = page.next_cursor === null ? "" : `&cursor=${page.next_cursor}`;
  } while (more !== "");
  return pages;
}

const all = () => ["pending", "failed", "completed", "queued"].flatMap((status) => made[status] ?? []);
const newestFirst = (ids: readonly string[]) => ids.toReversed();

test("pages hold every task once, newest first, whatever the filter and the size of the page", async () => {
  const wanted: Record<string, readonly string[]> = {
    "": all(),
    "status=pending": made.pending ?? [],
    "status=failed": made.failed ?? [],
    "status=completed": made.completed ?? [],
    "status=queued": made.queued ?? [],
    "status=cancelled": [],
    "type=example.echo": all(),
    "type=example.echo&status=failed": made.failed ?? [],
    "type=example.other&status=failed": [],
    "category=content&status=queued": made.queued ?? [],
    "category=content": all(),
    "category=system": [],
    "assigned_to=me": made.completed ?? [],
    [`assigned_to=${doors.tenant.owner.userId}&status=completed`]: made.completed ?? [],
    "assigned_to=me&status=failed": [],
  };
  for (const [search, ids] of Object.entries(wanted)) {
    for (const limit of [4, 7, 200]) {
      const pages = await pagesOf(search, limit);
      assert.deepEqual(pages.flat(), newestFirst(ids), `${search} by ${limit}`);
      assert.ok(
        pages.slice(0, -1).every((page) => page.length === limit),
        `${search} by ${limit}`,
      );
    }
  }
});

test("the parts of a task and the tasks of a workflow are listed", async () => {
  const { id, tasks } = await doors.post("workflows", {
    name: "One",
    tasks: [
      { ref: "whole", type: "example.echo" },
      { ref: "part", type: "example.echo", parent: "whole" },
    ],
  });
  const [whole, part] = tasks.map(({ id: task }: { id: string }) => task);
  assert.deepEqual(new Set((await pagesOf(`workflow=${id}`, 1)).flat()), new Set([whole, part]));
  assert.deepEqual(await pagesOf(`parent=${whole}`, 10), [[part]]);
  await doors.post(`workflows/${id}/cancel`);
});

test("what a worker has is queued until it says so, and then is under way", async () => {
  const other = await openDoors(http);
  const id = await other.start();
  const [claim] = await claimOf(other);
  assert.deepEqual(claim, { task_ids: [id] });
  const listed = async (status: string) =>
    (await other.get(`tasks?status=${status}`)).items.map((task: { id: string }) => task.id);
  assert.deepEqual([await listed("queued"), (await other.get(`tasks/${id}`)).line], [[id], null]);
  await admin.query("update tasks.claims set begun_at = now() - interval '2 seconds' where organization_id = $1", [
    other.tenant.id,
  ]);
  await admin.query("select tasks.heartbeat(array_agg(token), '1 hour') from tasks.claims where organization_id = $1", [
    other.tenant.id,
  ]);
  assert.deepEqual([await listed("queued"), await listed("processing")], [[], [id]]);
  await admin.query("delete from tasks.claims where organization_id = $1", [other.tenant.id]);
});

async function claimOf({ tenant }: TaskDoors) {
  const { rows } = await admin.query(
    "select c.task_ids from tasks.take($1, 'a worker', '{example.echo}', 10, '1 hour') c where c.token is not null",
    [tenant.id],
  );
  return rows;
}

test("a page looks at a bounded number of tasks, and a short one tells from where to go on", async () => {
  const context = contextOf(http.database, doors.tenant, { permission: "tasks.task.read" });
  const bounds = { inAll: 9, ofEach: 2 };
  const few = { limit: 200 };
  const wanted: [filter: Omit<TaskFilter, "limit">, ids: readonly string[]][] = [
    [{ status: "completed" }, made.completed ?? []],
    [{ status: "queued" }, made.queued ?? []],
    [{ status: "failed", type: "example.echo" }, made.failed ?? []],
    [{ status: "failed", type: "example.other" }, []],
    [{ status: "pending", category: "content" }, made.pending ?? []],
    [{ type: "example.echo", category: "system" }, []],
  ];
  for (const [filter, ids] of wanted) {
    const found: string[] = [];
    let pages = 0;
    for (let cursor: string | undefined; ; pages++) {
      const { text, values } = pageOf(
        doors.tenant.id,
        { ...filter, ...few, ...(cursor !== undefined && { cursor }) },
        bounds,
      );
      const { json } = await askJson(context, text, values);
      const { items, next_cursor } = JSON.parse(json) as { items: { id: string }[]; next_cursor: string | null };
      found.push(...items.map(({ id }) => id));
      if (next_cursor === null) break;
      cursor = next_cursor;
    }
    assert.deepEqual(found, newestFirst(ids), JSON.stringify(filter));
    assert.ok(pages > 0, `${JSON.stringify(filter)} is one page`);
  }
});

test("no page of a large organization reads more than it needs", async () => {
  const large = await openDoors(http);
  await admin.query("begin");
  await admin.query("set local session_replication_role = replica");
  await admin.query(
    `insert into tasks.tasks (organization_id, type, category, name, input, status, worker_type, completed_at, priority)
     select $1, 'example.echo', 'content', 'One of many', '{}', case n % 2 when 0 then 'completed' else 'pending' end, 'internal',
       case n % 2 when 0 then now() end, 1 + n % 10
     from generate_series(1, 5000) n`,
    [large.tenant.id],
  );
  await admin.query(
    "update tasks.tasks set created_at = created_at - (random() * interval '1 day') where organization_id = $1",
    [large.tenant.id],
  );
  await admin.query("commit");
  await admin.query("analyze tasks.tasks");
  const filters: Omit<TaskFilter, "limit">[] = [
    {},
    { status: "pending" },
    { status: "completed" },
    { type: "example.echo" },
  ];
  for (const filter of filters) {
    const { text, values } = pageOf(large.tenant.id, { ...filter, limit: 20 });
    const { rows } = await admin.query(`explain (analyze, format json) ${text}`, values);
    const read = rowsRead(rows[0]["QUERY PLAN"][0].Plan);
    assert.ok(read < 500, `${JSON.stringify(filter)} reads ${read} rows`);
  }
});

type Plan = Record<string, unknown> & { Plans?: Plan[] };

/** How many rows of tasks a plan looked at. */
function rowsRead(plan: Plan): number {
  const below = (plan.Plans ?? []).reduce((sum, part) => sum + rowsRead(part), 0);
  if (plan["Relation Name"] !== "tasks") return below;
  const each = Number(plan["Actual Rows"]) + Number(plan["Rows Removed by Filter"] ?? 0);
  return below + each * Number(plan["Actual Loops"]);
}
