import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { before, test } from "node:test";
import type pg from "pg";
import { createPerson, createTenant, openAdmin } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { readRelations } from "../../test/isolation/catalog.ts";
import { createRowMaker } from "../../test/isolation/rows.ts";

let http: TestHttpServer;
before(async () => {
  http = await openTestServer();
});

test("a person takes out all that is kept of them, without secrets, and only after a fresh proof", async () => {
  const { database } = http;
  const tenant = await createTenant(database);
  const { owner } = tenant;
  const admin = await openAdmin();
  const relations = await readRelations(admin);
  const maker = createRowMaker(admin, relations, tenant, owner.userId);
  const { rows: places } = await admin.query<{ name: string }>(
    "select target::text as name from audit.tables_of_person() where column_name = 'user_id'",
  );
  for (const { name } of places) {
    const { rowCount } = await admin.query(`select from ${name} where user_id = $1`, [owner.userId]);
    if (rowCount === 0) await maker.addRow(relations.find((relation) => relation.name === name) ?? assert.fail(name));
  }
  await admin.query("update identity.passkeys set public_key = $2 where user_id = $1", [owner.userId, randomBytes(64)]);
  const answer = await http.ask(owner, { url: "/api/me/export" });
  assert.equal(answer.statusCode, 200, answer.body);
  const copy = answer.json();
  assert.equal(copy.profile.email, owner.email);
  for (const { name } of places) assert.ok(copy.account[name].length >= 1, name);
  const [membership] = copy.organizations;
  assert.deepEqual([membership.id, membership.roles], [tenant.id, ["owner"]]);
  assert.ok(membership.rows["organizations.member_roles.user_id"] >= 1);
  assert.ok(membership.rows["audit.audit_logs.user_id"] >= 1);
  for (const secret of await secretsOf(admin, owner.userId)) assert.ok(!answer.body.includes(secret), secret);

  await admin.query("update identity.user_sessions set proved_at = now() - interval '16 minutes' where user_id = $1", [
    owner.userId,
  ]);
  assert.deepEqual((await http.ask(owner, { url: "/api/me/export" })).json().code, "proof_needed");
  const stranger = await createPerson(database);
  assert.ok(!(await http.ask(stranger, { url: "/api/me/export" })).body.includes(owner.userId));
});

/** Whatever is kept in bytes about a person, but public keys, in every way in which JSON could show it. */
async function secretsOf(admin: pg.Client, person: string): Promise<string[]> {
  const { rows } = await admin.query<{ name: string; column: string }>(
    `select t.target::text as name, quote_ident(a.attname) as column from audit.tables_of_person() t
     join pg_attribute a on a.attrelid = t.target and a.attnum > 0 and a.atttypid = 'bytea'::regtype
     where t.column_name = 'user_id' and a.attname <> 'public_key'`,
  );
  const secrets: string[] = [];
  for (const { name, column } of rows) {
    const { rows: values } = await admin.query<{ value: Buffer }>(
      `select ${column} as value from ${name} where user_id = $1 and ${column} is not null`,
      [person],
    );
    for (const { value } of values)
      if (value.length > 0) secrets.push(value.toString("hex"), value.toString("base64"), value.toString("base64url"));
  }
  assert.notEqual(secrets.length, 0);
  return secrets;
}
