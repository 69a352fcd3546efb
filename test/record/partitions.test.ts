import assert from "node:assert/strict";
import { test } from "node:test";
import { RUNTIME_ROLES, roleName } from "../../kernel/database/roles.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import { createScratchDatabase, createTenant, openAdmin, openTestDatabase, testServer } from "../harness.ts";

const MONTHS_AHEAD_MIN = 12;

const server = await createScratchDatabase();
const database = openTestDatabase(server);
const admin = await openAdmin(server);
const tenant = await createTenant(database);

/** The partitions of the record, this month's first. */
async function partitionNames(): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'audit.audit_logs'::regclass order by 1",
  );
  return rows.map(({ name }) => name);
}

function makePartitions(): Promise<{ made: number }[]> {
  return callOutside(database, "dispatcher", "select kernel.make_partitions('audit.audit_logs') as made");
}

async function refusal(text: string, role?: string): Promise<string | undefined> {
  await admin.query("begin");
  try {
    if (role) await admin.query(`set local role ${role}`);
    await admin.query(text);
  } catch (error) {
    return (error as { code?: string }).code;
  } finally {
    await admin.query("rollback");
  }
}

test("an entry lands in the partition of its month", async () => {
  const { rows } = await admin.query(
    "select distinct tableoid::regclass::text as partition, 'audit.audit_logs_' || to_char(created_at at time zone 'UTC', 'YYYY_MM') as expected from audit.audit_logs",
  );
  assert.notEqual(rows.length, 0);
  for (const { partition, expected } of rows) assert.equal(partition, expected);
});

test("partitions are made twelve months ahead", async () => {
  const ahead = await callOutside<{ parent: string; months: number }>(
    database,
    "dispatcher",
    "select parent, months from kernel.partitions_ahead()",
  );
  assert.ok(ahead.some(({ parent }) => parent === "audit.audit_logs"));
  for (const { parent, months } of ahead) assert.ok(months >= MONTHS_AHEAD_MIN, `${parent}: ${months}`);
});

test("making partitions again makes none, and a missing one is made as the others are", async () => {
  const names = await partitionNames();
  assert.deepEqual(await makePartitions(), [{ made: 0 }]);
  await admin.query(`drop table ${names.at(-1)}`);
  assert.deepEqual(await makePartitions(), [{ made: 1 }]);
  assert.deepEqual(await partitionNames(), names);
  assert.deepEqual(await makePartitions(), [{ made: 0 }]);
});

test("no role may do anything with a partition, and each has row-level security of its own", async () => {
  const roles = RUNTIME_ROLES.map((role) => roleName(testServer.prefix, role));
  for (const name of await partitionNames()) {
    const { rows } = await admin.query(
      `select c.relrowsecurity and c.relforcerowsecurity as secured,
              array(select r from unnest($2::text[]) r where has_any_column_privilege(r, c.oid, 'select, insert, update, references')
                    or has_table_privilege(r, c.oid, 'delete, truncate, trigger')) as roles
       from pg_class c where c.oid = $1::regclass`,
      [name, roles],
    );
    assert.deepEqual(rows, [{ secured: true, roles: [] }], name);
    for (const role of roles) assert.equal(await refusal(`select from ${name}`, role), "42501", `${role}: ${name}`);
  }
});

const OWNER = roleName(testServer.prefix, "owner");
const DEFINER = roleName(testServer.prefix, "definer");
const APPEND_ONLY = "23001";

for (const [who, role] of [
  ["a superuser", undefined],
  ["the owner", OWNER],
] as const) {
  test(`the record is append-only, even for ${who}`, async () => {
    const { rows } = await admin.query("select tableoid::regclass::text as partition from audit.audit_logs limit 1");
    for (const table of ["audit.audit_logs", rows[0].partition]) {
      assert.equal(await refusal(`update ${table} set action = 'insert'`, role), APPEND_ONLY, table);
      assert.equal(await refusal(`delete from ${table}`, role), APPEND_ONLY, table);
      assert.equal(await refusal(`truncate ${table}`, role), APPEND_ONLY, table);
    }
  });
}

test("the record is append-only for the roles that write it: they were not granted more", async () => {
  for (const role of [DEFINER, ...RUNTIME_ROLES.map((name) => roleName(testServer.prefix, name))]) {
    for (const text of [
      "update audit.audit_logs set action = 'insert'",
      "delete from audit.audit_logs",
      "truncate audit.audit_logs",
    ]) {
      assert.equal(await refusal(text, role), "42501", `${role}: ${text}`);
    }
  }
});

test("nobody who logs in can add an entry", async () => {
  for (const role of RUNTIME_ROLES.map((name) => roleName(testServer.prefix, name))) {
    const text = `insert into audit.audit_logs (organization_id, actor_kind, action, resource_type) values ('${tenant.id}', 'user', 'insert', 'x')`;
    assert.equal(await refusal(text, role), "42501", role);
  }
});

test("a refused change of the record says what to do instead", async () => {
  await assert.rejects(admin.query("delete from audit.audit_logs"), {
    message: "The record is append-only: delete is refused",
    hint: "Add a new row that corrects the old one.",
  });
});
