import assert from "node:assert/strict";
import { test } from "node:test";
import { PARTITION_WORK } from "../../kernel/database/partitions.ts";
import { roleName } from "../../kernel/database/roles.ts";
import { checkReadiness } from "../../kernel/http/readiness.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import {
  createScratchDatabase,
  createTenant,
  openAdmin,
  openTestDatabase,
  testServer,
  testServices,
} from "../harness.ts";

// What is made ahead and what is removed, in a database of this file's own.

const server = await createScratchDatabase();
const database = openTestDatabase(server);
const admin = await openAdmin(server);
const tenant = await createTenant(database);

const KEPT_MONTHS = 25;

/** The names of all partitions. */
async function partitions(): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    "select inhrelid::regclass::text as name from pg_inherits join pg_partitioned_table on partrelid = inhparent order by 1",
  );
  return rows.map(({ name }) => name);
}

function work(): Promise<void> {
  const signal = new AbortController().signal;
  return PARTITION_WORK.run({ database, services: testServices(), signal });
}

async function readiness() {
  return checkReadiness({ server: { admin: server, kind: "external", close: async () => undefined }, database });
}

/** Makes the partition of so many months ago, with one row, and returns its name. */
async function makeOld(parent: string, months: number): Promise<string> {
  const { rows } = await admin.query<{ month: string; name: string }>(
    `select to_char(m, 'YYYY-MM-DD') as month, $2 || to_char(m, '_YYYY_MM') as name
     from (select date_trunc('month', now() at time zone 'UTC') - make_interval(months => $1)) as t (m)`,
    [months, parent],
  );
  const { month, name } = rows[0] ?? assert.fail();
  await admin.query(`set role ${roleName(testServer.prefix, "owner")}`);
  await admin.query("select kernel.make_partition($1, $2)", [parent, month]);
  await admin.query("reset role");
  const columns: Record<string, string> = {
    "analytics.events": "event_type, event_name) values ($1, $2, 'page_view', 'home'",
    "audit.audit_logs": "actor_kind, action, resource_type) values ($1, $2, 'user', 'insert', 'x'",
  };
  await admin.query(`insert into ${parent} (organization_id, created_at, ${columns[parent]})`, [tenant.id, month]);
  return name;
}

test("every partitioned table has its partitions made ahead, and is watched", async () => {
  const { rows } = await admin.query(
    `select p.partrelid::regclass::text as parent, a.months from pg_partitioned_table p
     left join kernel.partitions_ahead() a on a.parent = p.partrelid::regclass::text order by 1`,
  );
  assert.ok(rows.length >= 4);
  for (const { parent, months } of rows) assert.equal(months, 12, parent);
});

test("a table without any partition is told of, and so is one with few; the daily work makes them", async () => {
  const all = await partitions();
  for (const name of all.filter((name) => name.startsWith("analytics.events"))) await admin.query(`drop table ${name}`);
  for (const name of all.filter((name) => name.startsWith("credits.usage_events")).slice(3))
    await admin.query(`drop table ${name}`);
  assert.deepEqual((await readiness()).problems.sort(), [
    "analytics.events has partitions for only 0 more months",
    "credits.usage_events has partitions for only 2 more months",
  ]);
  await work();
  assert.deepEqual(await partitions(), all);
  assert.deepEqual((await readiness()).problems, []);
});

test("several processes at once make each partition once", async () => {
  const all = await partitions();
  for (const name of all.filter((name) => name.startsWith("credits"))) await admin.query(`drop table ${name}`);
  const made = await Promise.all(
    Array.from({ length: 4 }, () =>
      callOutside<{ made: string }>(database, "dispatcher", "select kernel.make_missing_partitions() as made"),
    ),
  );
  assert.deepEqual(
    made.map(([row]) => Number(row?.made)).sort((a, b) => a - b),
    [0, 0, 0, 26],
  );
  assert.deepEqual(await partitions(), all);
});

test("a partition is removed when its months are over, not before, and only where a rule says so", async () => {
  const old = await makeOld("analytics.events", KEPT_MONTHS + 1);
  const oldest = await makeOld("analytics.events", KEPT_MONTHS + 20);
  const last = await makeOld("analytics.events", KEPT_MONTHS);
  const entries = await makeOld("audit.audit_logs", KEPT_MONTHS + 20);
  await work();
  const left = await partitions();
  assert.deepEqual(
    [old, oldest, last, entries].map((name) => left.includes(name)),
    [false, false, true, true],
  );
  const { rows } = await admin.query("select to_regclass($1) as removed", [old]);
  assert.deepEqual(rows, [{ removed: null }]);
});

test("a legal hold keeps the partitions that hold rows of its organization", async () => {
  const held = await makeOld("analytics.events", KEPT_MONTHS + 2);
  const hold = "insert into audit.legal_holds (organization_id, reason, placed_by) values ($1, 'Case 7', $2)";
  await admin.query(hold, [tenant.id, tenant.owner.userId]);
  await work();
  assert.ok((await partitions()).includes(held));
  await admin.query("update audit.legal_holds set released_at = now(), released_by = placed_by");
  await work();
  assert.ok(!(await partitions()).includes(held));
});

test("while a query reads the table nobody is kept waiting; the partition goes the next time", async () => {
  const old = await makeOld("analytics.events", KEPT_MONTHS + 3);
  const reader = await openAdmin(server);
  await reader.query("begin; select count(*) from analytics.events");
  assert.deepEqual(await callOutside(database, "dispatcher", "select kernel.remove_old_partitions() as removed"), [
    { removed: 0 },
  ]);
  await reader.query("rollback");
  await work();
  assert.ok(!(await partitions()).includes(old));
});

test("what rules name are partitioned tables", async () => {
  const { rows } = await admin.query(
    "select name from kernel.partition_retention r where not exists (select from pg_partitioned_table where partrelid = to_regclass(r.name))",
  );
  assert.deepEqual(rows, [], testServer.prefix);
});
