import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type pg from "pg";
import { environmentOf, runCommand } from "../../cli/command.fixture.ts";
import { withRoleNames } from "../../kernel/database/roles.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import {
  addMember,
  createTenant,
  openAs,
  type Person,
  runEndings,
  type Tenant,
  testServer,
} from "../../test/harness.ts";
import { readRelations } from "../../test/isolation/catalog.ts";
import { createRowMaker } from "../../test/isolation/rows.ts";
import { ENGINE_TABLES } from "../../test/schema/rules/global-tables.ts";
import { eraseDue, finishErasure } from "./erasure.ts";
import { openRecord, type TestRecord } from "./seals.fixture.ts";

afterEach(runEndings);

const NOW = { signal: new AbortController().signal };
const AGO = "now() - interval '31 days'";
/** What an erased organization leaves: it names the ids of what is gone, and nothing else. */
const KEPT = ["audit.audit_logs"];

/** Every tenant table gets rows of the organization. */
async function fill(record: TestRecord, tenant: Tenant): Promise<string[]> {
  const all = await readRelations(record.admin);
  const relations = all.filter(({ kind, tenantColumn }) => kind === "table" && tenantColumn);
  const maker = createRowMaker(record.admin, all, tenant, tenant.owner.userId);
  for (const relation of relations) if (!KEPT.includes(relation.name)) await maker.ensureRow(relation);
  await record.admin.query(
    "update audit.legal_holds set released_by = placed_by, released_at = now() where organization_id = $1",
    [tenant.id],
  );
  return relations
    .map(({ name }) => name)
    .filter((name) => !name.endsWith("_search") && name !== "organizations.organizations");
}

async function countOf(admin: pg.Client, table: string, organization: string): Promise<number> {
  const { rows } = await admin.query(`select count(*)::int as count from ${table} where organization_id = $1`, [
    organization,
  ]);
  return rows[0].count;
}

async function erasureOf(admin: pg.Client, subject: string) {
  const { rows } = await admin.query("select * from audit.erasures where subject_id = $1", [subject]);
  return rows[0];
}

function deleteOrganization(admin: pg.Client, id: string, when = AGO): Promise<unknown> {
  return admin.query(`update organizations.organizations set status = 'deleted', deleted_at = ${when} where id = $1`, [
    id,
  ]);
}

test("a deleted organization is erased, table by table, and the counts say how much; another one stays as it was", async () => {
  const record = await openRecord();
  const { admin, database, tenant } = record;
  const other = await createTenant(database);
  const tables = await fill(record, tenant);
  await fill(record, other);
  await record.seal();
  const before: Record<string, number> = {};
  for (const table of tables) before[table] = await countOf(admin, table, tenant.id);
  const others = async () => Promise.all(tables.map((table) => countOf(admin, table, other.id)));
  const othersBefore = await others();
  await deleteOrganization(admin, tenant.id);
  before["audit.audit_logs"] = await countOf(admin, "audit.audit_logs", tenant.id);
  await eraseDue({ database, ...NOW });

  const { counts, finished_at } = await erasureOf(admin, tenant.id);
  assert.ok(finished_at);
  for (const table of tables) {
    if (KEPT.includes(table)) continue;
    assert.equal(await countOf(admin, table, tenant.id), 0, table);
    assert.ok((before[table] ?? 0) > 0, `${table} had no row to erase`);
    // What the task engine holds goes with the organization's line, before it is its turn.
    if (!(table in ENGINE_TABLES)) assert.equal(counts[table], before[table], table);
  }
  assert.equal(counts["audit.audit_logs"], before["audit.audit_logs"]);
  assert.equal(await countOf(admin, "audit.audit_logs", tenant.id), before["audit.audit_logs"]);
  const { rows } = await admin.query(
    "select count(*)::int from audit.audit_logs where organization_id = $1 and (old_values is not null or new_values is not null or details is not null or ip_address is not null)",
    [tenant.id],
  );
  assert.deepEqual(rows, [{ count: 0 }]);
  assert.equal((await admin.query("select from organizations.organizations where id = $1", [tenant.id])).rowCount, 0);
  assert.deepEqual(await others(), othersBefore);
  await record.seal();
  assert.deepEqual((await record.verify()).told, []);
});

test("an erasure that is cut off between any two steps goes on where it was, and counts each row once", async () => {
  const record = await openRecord();
  const { admin, database, tenant } = record;
  await record.write(12);
  await deleteOrganization(admin, tenant.id);
  await admin.query("select audit.begin_erasure('organization', $1)", [tenant.id]);
  const dispatcher = await openAs(database, "dispatcher");
  const step = "select audit.erase_organization($1, 25) as done";
  for (let done = false; !done; ) {
    await dispatcher.query("begin");
    await dispatcher.query(step, [tenant.id]);
    await dispatcher.query("rollback");
    done = (await dispatcher.query(step, [tenant.id])).rows[0].done;
  }
  const { counts } = await erasureOf(admin, tenant.id);
  assert.equal(counts["organizations.tags"], 12);
  assert.equal(counts["audit.audit_logs"], await countOf(admin, "audit.audit_logs", tenant.id));
  await finishErasure(database, { kind: "organization", id: tenant.id });
});

test("an erasure is ended by its signal, and two at once erase each row once", async () => {
  const record = await openRecord();
  const { admin, database, tenant } = record;
  await record.write(40);
  await deleteOrganization(admin, tenant.id);
  await admin.query("select audit.begin_erasure('organization', $1)", [tenant.id]);
  const subject = { kind: "organization", id: tenant.id } as const;
  await assert.rejects(finishErasure(database, subject, AbortSignal.abort()), { name: "AbortError" });
  await Promise.all([1, 2, 3].map(() => finishErasure(database, subject, undefined, 20)));
  assert.equal((await erasureOf(admin, tenant.id)).counts["organizations.tags"], 40);
});

test("what was deleted lately waits, and so does what a legal hold keeps", async () => {
  const record = await openRecord();
  const { admin, database, tenant } = record;
  await deleteOrganization(admin, tenant.id, "now() - interval '29 days'");
  await eraseDue({ database, ...NOW });
  assert.equal(await erasureOf(admin, tenant.id), undefined);
  await deleteOrganization(admin, tenant.id);
  await admin.query("insert into audit.legal_holds (organization_id, reason, placed_by) values ($1, 'x', $2)", [
    tenant.id,
    tenant.owner.userId,
  ]);
  await eraseDue({ database, ...NOW });
  assert.equal(await erasureOf(admin, tenant.id), undefined);
  await admin.query("update audit.legal_holds set released_by = placed_by, released_at = now()");
  await eraseDue({ database, ...NOW });
  assert.ok((await erasureOf(admin, tenant.id)).finished_at);
});

test("only an erasure leaves no trace of deleted rows, and none deletes entries of the record", async () => {
  const { admin, database, tenant } = await openRecord();
  const change = "update organizations.organizations set name = name || '!' where id = $1";
  const entries = async () => countOf(admin, "audit.audit_logs", tenant.id);
  const before = await entries();
  await admin.query("begin");
  await admin.query("select set_config('tenon.erasing', $1, true)", [tenant.id]);
  await admin.query(change, [tenant.id]);
  assert.equal(await entries(), before + 1);
  await assert.rejects(admin.query("delete from audit.audit_logs"), { code: "23001" });
  await admin.query("rollback");
  const text = "select set_config('tenon.erasing', $1, true)";
  for (const role of ["dispatcher", "gate"] as const)
    await assert.rejects(callOutside(database, role, text, [tenant.id]), { code: "42501" });
});

/** Tables that erasing leaves: they name a member or a founder, and the organization's rows go on naming one. */
const STAYING = ["identity.users", "organizations.memberships", "organizations.organizations"];

/** Whatever table refers to a person must be found by the erasing function: this reads the catalog another way. */
test("every table that holds something of a person is erased or blanked", async () => {
  const { admin } = await openRecord();
  const { rows } = await admin.query<{ name: string }>(
    `select distinct c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid
     left join pg_constraint f on f.conrelid = c.oid and f.contype = 'f' and f.confrelid = 'identity.users'::regclass
     where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace::regnamespace::text = any ('{identity,kernel,organizations,audit}')
       and (f.oid is not null or a.attname ~ '^(user|person)_id$' and c.relnamespace = 'identity'::regnamespace)
     order by 1`,
  );
  const { rows: known } = await admin.query<{ name: string }>(
    "select distinct target::text as name from audit.tables_of_person() order by 1",
  );
  assert.deepEqual(
    rows.map(({ name }) => name).filter((name) => !STAYING.includes(name)),
    known.map(({ name }) => name).filter((name) => !STAYING.includes(name)),
  );
});

/** One row at least in every table that is about the person, in two organizations. */
async function openPerson(): Promise<TestRecord & { person: Person; first: Tenant; second: Tenant; address: string }> {
  const record = await openRecord();
  const { admin, database, tenant: first } = record;
  const second = await createTenant(database);
  const person = await addMember(admin, database, first, "member");
  await admin.query("select organizations.add_member($1, $2, '{member}')", [second.id, person.userId]);
  const relations = await readRelations(admin);
  const maker = createRowMaker(admin, relations, first, person.userId);
  const { rows } = await admin.query<{ name: string; column: string }>(
    "select target::text as name, column_name as column from audit.tables_of_person() where column_name = 'user_id'",
  );
  for (const { name, column } of rows) {
    const { rowCount } = await admin.query(`select from ${name} where ${column} = $1`, [person.userId]);
    const relation = relations.find((candidate) => candidate.name === name) ?? assert.fail(name);
    if (rowCount === 0) await maker.addRow(relation);
    assert.notEqual((await admin.query(`select from ${name} where ${column} = $1`, [person.userId])).rowCount, 0, name);
  }
  await admin.query("insert into kernel.mails (recipient, template) values (upper($1), 'hello')", [person.email]);
  await admin.query(
    `update identity.users set username = 'anna.person', first_name = 'Anna', last_name = 'Person', avatar_url = 'https://a.example/anna.png',
       full_name = 'Anna Person', profile_data = '{"about": "Anna"}', last_login_at = now() where id = $1`,
    [person.userId],
  );
  await admin.query(
    `insert into audit.audit_logs (organization_id, actor_kind, user_id, action, resource_type, new_values, ip_address, user_agent)
     select o, 'user', $3, 'insert', 'shop.things', '{"name": "chair"}', '10.7.7.7', 'Anna''s browser' from unnest($1::uuid[]) o, generate_series(1, $2::int)`,
    [[first.id, second.id], 7, person.userId],
  );
  return { ...record, person, first, second, address: person.email };
}

test("an erased person leaves an id, and a name that says so, and nothing else that is theirs", async () => {
  const record = await openPerson();
  const { admin, database, person, address } = record;
  await record.seal();
  await admin.query(`update identity.users set status = 'deleted', deleted_at = ${AGO} where id = $1`, [person.userId]);
  await eraseDue({ database, ...NOW });

  const { rows: users } = await admin.query("select * from identity.users where id = $1", [person.userId]);
  const {
    id,
    email,
    full_name,
    status,
    username,
    first_name,
    avatar_url,
    profile_data,
    last_login_at,
    email_verified_at,
  } = users[0];
  assert.deepEqual(
    [id, email, full_name, status, username, first_name, avatar_url, profile_data, last_login_at, email_verified_at],
    [
      person.userId,
      `erased-${person.userId}@erased.invalid`,
      "Erased person",
      "deleted",
      null,
      null,
      null,
      {},
      null,
      null,
    ],
  );
  const { rows: members } = await admin.query(
    "select display_name, email, avatar_url, status from organizations.memberships where user_id = $1",
    [person.userId],
  );
  const blank = { display_name: "Erased person", email, avatar_url: null, status: "left" };
  assert.deepEqual(members, [blank, blank]);
  const { rows: places } = await admin.query(
    "select target::text as name, column_name as column from audit.tables_of_person()",
  );
  const { counts, finished_at } = await erasureOf(admin, person.userId);
  assert.ok(finished_at);
  for (const { name, column } of places) {
    assert.equal((await admin.query(`select from ${name} where ${column} = $1`, [person.userId])).rowCount, 0, name);
    if (column === "user_id") assert.ok(counts[name] >= 1, name);
  }
  assert.deepEqual(
    [counts["kernel.mails"], counts["organizations.memberships"], counts["audit.audit_logs"]],
    [1, 2, 14],
  );
  assert.deepEqual(await textsWith(admin, [address, "Anna", "10.7.7.7"]), []);
  const { rows: entries } = await admin.query(
    "select new_values from audit.audit_logs where user_id = $1 and resource_type = 'shop.things'",
    [person.userId],
  );
  assert.equal(entries.length, 14);
  assert.ok(entries.every(({ new_values }) => new_values.name === "chair"));
  await record.seal();
  assert.deepEqual((await record.verify()).told, []);
});

/** Every table in which some row, written out, holds one of the words. */
async function textsWith(admin: pg.Client, words: string[]): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    "select c.oid::regclass::text as name from pg_class c where c.relkind in ('r', 'p') and not c.relispartition and pg_get_userbyid(c.relowner) = $1",
    [`${testServer.prefix}_owner`],
  );
  const found: string[] = [];
  for (const { name } of rows) {
    const { rowCount } = await admin.query(
      `select from ${name} t where exists (select from unnest($1::text[]) w where strpos(lower(t::text), lower(w)) > 0)`,
      [words],
    );
    if (rowCount) found.push(name);
  }
  return found;
}

test("a person is not erased while a hold stands where they belong, nor as the last owner of an organization", async () => {
  const record = await openPerson();
  const { admin, database, person, second } = record;
  const leave = `update identity.users set status = 'deleted', deleted_at = ${AGO} where id = $1`;
  await admin.query(leave, [person.userId]);
  await admin.query("insert into audit.legal_holds (organization_id, reason, placed_by) values ($1, 'x', $2)", [
    second.id,
    second.owner.userId,
  ]);
  await eraseDue({ database, ...NOW });
  assert.equal(await erasureOf(admin, person.userId), undefined);
  await admin.query("update audit.legal_holds set released_by = placed_by, released_at = now()");
  await eraseDue({ database, ...NOW });
  assert.ok((await erasureOf(admin, person.userId)).finished_at);
  await admin.query(leave, [second.owner.userId]);
  await assert.rejects(eraseDue({ database, ...NOW }), /1 of 1 erasures/);
  assert.equal((await erasureOf(admin, second.owner.userId)).finished_at, null);
  const { rows } = await admin.query("select full_name from identity.users where id = $1", [second.owner.userId]);
  assert.deepEqual(rows, [{ full_name: "A Person" }]);
});

test("invitations to a person's address lose it, where there are any", async () => {
  const { admin, database, person, first } = await openPerson();
  const { rows } = await admin.query("select to_regclass('organizations.invitations') is null as missing");
  if (rows[0].missing)
    await admin.query(
      withRoleNames(
        "create table organizations.invitations (email text); grant select, update on organizations.invitations to tenon_definer",
        testServer.prefix,
      ),
    );
  assert.ok(first);
  if (rows[0].missing)
    await admin.query("insert into organizations.invitations values ($1)", [person.email.toUpperCase()]);
  await admin.query("select audit.begin_erasure_now('person', $1)", [person.userId]);
  await finishErasure(database, { kind: "person", id: person.userId });
  const { rowCount } = await admin.query("select from organizations.invitations where lower(email) = $1", [
    person.email,
  ]);
  assert.equal(rowCount, 0);
});

test("tenon erase says whom it is about, and erases when it is told to", async () => {
  const { admin, login, person, second } = await openPerson();
  const environment = environmentOf(login, "/nonexistent");
  const run = (...args: string[]) => runCommand(["erase", ...args], environment);
  assert.match(run("person", person.email, "--yes").stderr, /erased by itself after 30 days/);
  const asked = run("person", person.email.toUpperCase(), "--now");
  assert.deepEqual([asked.status, /Anna Person .* for good. Say --yes/.test(asked.stdout)], [1, true], asked.stderr);
  const done = run("person", person.email, "--now", "--yes");
  assert.match(done.stdout, /identity\.user_sessions +\d+/, done.stderr);
  assert.match(run("person", person.email, "--now", "--yes").stderr, /There is no person/);
  const { rows } = await admin.query("select status, full_name from identity.users where id = $1", [person.userId]);
  assert.deepEqual(rows, [{ status: "deleted", full_name: "Erased person" }]);
  assert.equal(run("organization", second.slug, "--now", "--yes").status, 0);
  assert.equal((await admin.query("select from organizations.organizations where id = $1", [second.id])).rowCount, 0);
});
