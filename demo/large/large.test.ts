import assert from "node:assert/strict";
import { test } from "node:test";
import type pg from "pg";
import { createScratchDatabase, openAdmin } from "../../test/harness.ts";
import { largeExists, makeLarge } from "./large.ts";

const SIZE = { organizations: 4, scale: 0.0005 };

async function makeOne(): Promise<pg.Client> {
  const admin = await openAdmin(await createScratchDatabase());
  await admin.query("set timezone = 'UTC'");
  const lines: string[] = [];
  await makeLarge(admin, SIZE, (line) => lines.push(line));
  assert.ok(
    lines.some((line) => /labeling tasks: 500$/.test(line)),
    lines.join("\n"),
  );
  assert.equal(await largeExists(admin), true);
  return admin;
}

const admin = await makeOne();

/** Figures that triggers keep; days and parts of labeling are left out, as a trigger counts on the day that it runs. */
const FIGURES: Record<string, string> = {
  customers:
    "select customer_id, total_orders, total_spent, total_refunded, first_order_at, last_order_at from crm.customer_figures",
  stages: "select customer_id, from_stage, to_stage from crm.customer_stages",
  days: "select organization_id, day, event_type, currency, sum(events) as events, sum(revenue) as revenue from analytics.daily group by 1, 2, 3, 4",
  datasets: "select dataset_id, total_items from datasets.dataset_figures",
  projects: "select project_id, tasks, tasks_done, actual_minutes from projects.project_figures",
  labeling: `select project_id, sum(total) as total, sum(pending) as pending, sum(in_progress) as in_progress, sum(submitted) as submitted, sum(approved) as approved,
    sum(rejected) as rejected
    from labeling.project_figures group by 1`,
  labelers: `select project_id, user_id, sum(submitted) as submitted, sum(rework) as rework, sum(approved) as approved, sum(approved_at_once) as at_once,
    sum(approved_rework) as approved_rework, sum(rejected) as rejected, sum(reviewed) as reviewed, sum(lead_time_ms) as lead_time_ms from labeling.metrics group by 1, 2`,
  tasks: "select id, status, rework, lead_time_ms from labeling.tasks",
  revisions: "select label_id, revision, user_id, label, lead_time_ms from labeling.label_revisions",
};

async function figures(client: pg.Client): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const [name, text] of Object.entries(FIGURES)) {
    const { rows } = await client.query<{ row: unknown }>(
      `select to_jsonb(f) as row from (${text}) f order by to_jsonb(f)`,
    );
    found[name] = rows.map(({ row }) => row);
  }
  return found;
}

const REPLAYED = [
  "projects.projects",
  "datasets.datasets",
  "datasets.dataset_items",
  "labeling.configurations",
  "labeling.choices",
  "labeling.tasks",
  "labeling.assignments",
  "labeling.labels",
  "crm.customers",
  "commerce.orders",
  "analytics.events",
];

/** Columns that are not generated, so that a row can be written again. */
async function copyOf(table: string, values: Record<string, string> = {}): Promise<string> {
  const { rows } = await admin.query<{ name: string }>(
    "select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''",
    [table],
  );
  const names = rows.map(({ name }) => name);
  return `insert into ${table} (${names.join(", ")}) select ${names.map((name) => values[name] ?? `c.${name}`).join(", ")} from ${saved(table)} c`;
}

function saved(table: string): string {
  return `pg_temp.${table.replace(".", "_")}`;
}

/** Takes everything away and writes it again with triggers on, labels by the steps that people take. */
async function replay(): Promise<void> {
  for (const table of REPLAYED)
    await admin.query(`create temporary table ${table.replace(".", "_")} as table ${table}`);
  await admin.query("begin; set local session_replication_role = replica");
  for (const table of [
    ...REPLAYED,
    "labeling.label_revisions",
    "labeling.reviews",
    "labeling.metrics",
    "labeling.project_figures",
    "datasets.dataset_figures",
    "projects.project_figures",
    "crm.customer_figures",
    "crm.customer_stages",
    "analytics.daily",
  ])
    await admin.query(`delete from ${table}`);
  await admin.query("commit");
  for (const table of REPLAYED.slice(0, 5)) await admin.query(await copyOf(table));
  await admin.query(await copyOf("labeling.tasks", { status: "'pending'", rework: "0", lead_time_ms: "0" }));
  await admin.query(`begin; set local session_replication_role = replica;
    update labeling.assignments a set id = c.id from ${saved("labeling.assignments")} c where c.task_id = a.task_id and c.slot = a.slot; commit`);
  const step = (
    status: string,
    which: string,
  ) => `update labeling.assignments a set status = '${status}', user_id = coalesce(a.user_id, c.user_id),
    lease_expires_at = case '${status}' when 'held' then now() end from ${saved("labeling.assignments")} c where c.id = a.id and ${which}`;
  const label = (change: string, which: string) =>
    `update labeling.labels l set ${change} from ${saved("labeling.labels")} c where c.id = l.id and ${which}`;
  await admin.query(step("held", "c.status <> 'open'"));
  await admin.query(
    await copyOf("labeling.labels", {
      status: "'submitted'",
      revision: "1",
      rework: "0",
      decision: "null",
      lead_time_ms: "c.lead_time_ms - 1000 * (c.revision - 1)",
    }),
  );
  await admin.query(step("submitted", "c.status not in ('open', 'held')"));
  await admin.query(label("status = 'rejected', decision = 'rejected', rework = 1", "c.rework = 1"));
  await admin.query(
    `update labeling.assignments a set status = 'rejected' from ${saved("labeling.labels")} c where c.assignment_id = a.id and c.rework = 1`,
  );
  await admin.query(label("status = 'submitted', revision = 2, lead_time_ms = c.lead_time_ms", "c.revision = 2"));
  await admin.query(
    `update labeling.assignments a set status = 'submitted' from ${saved("labeling.labels")} c where c.assignment_id = a.id and c.revision = 2`,
  );
  await admin.query(label("status = 'approved', decision = 'approved'", "c.status = 'approved'"));
  await admin.query(step("approved", "c.status = 'approved'"));
  for (const table of REPLAYED.slice(8)) await admin.query(await copyOf(table));
}

test("the large demo's figures are those that triggers keep", async () => {
  const filled = await figures(admin);
  for (const [name, rows] of Object.entries(filled)) assert.ok(rows.length > 0, name);
  await replay();
  assert.deepEqual(await figures(admin), filled);
});

test("the same size gives the same rows, the first organization most of them", async () => {
  const count = async (client: pg.Client) =>
    (
      await client.query(`select o.slug, (select count(*) from labeling.tasks t where t.organization_id = o.id)::integer as tasks,
      (select count(*) from crm.customers c where c.organization_id = o.id)::integer as customers, (select sum(total_amount) from commerce.orders r where r.organization_id = o.id) as sold,
      (select count(*) from analytics.events e where e.organization_id = o.id)::integer as events from organizations.organizations o order by 1`)
    ).rows;
  const sizes = await count(admin);
  assert.deepEqual(await count(await makeOne()), sizes);
  assert.ok(sizes[0].tasks > 2 * sizes[1].tasks);
  assert.equal(
    sizes.reduce((sum, { events }) => sum + events, 0),
    2_500,
  );
});

test("all references hold, though no trigger looked at them", async () => {
  const { rows } = await admin.query<{ source: string; target: string; columns: string[]; keys: string[] }>(`
    select c.conrelid::regclass::text as source, c.confrelid::regclass::text as target,
      array(select a.attname::text from unnest(c.conkey) with ordinality k (n, i) join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.n order by k.i) as columns,
      array(select a.attname::text from unnest(c.confkey) with ordinality k (n, i) join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.n order by k.i) as keys
    from pg_constraint c where c.contype = 'f' and c.conparentid = 0`);
  const broken: string[] = [];
  for (const { source, target, columns, keys } of rows) {
    const { rows: found } =
      await admin.query(`select from ${source} s where ${columns.map((column) => `s.${column} is not null`).join(" and ")}
      and not exists (select from ${target} t where ${columns.map((column, index) => `t.${keys[index]} = s.${column}`).join(" and ")}) limit 1`);
    if (found.length > 0) broken.push(`${source} (${columns.join(", ")})`);
  }
  assert.ok(rows.length > 100);
  assert.deepEqual(broken, []);
});
