import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import { openAdmin, openTestDatabase } from "../../test/harness.ts";
import { createOrganization } from "../organizations/organizations.ts";
import { createPerson } from "./people.ts";
import { signIn, signOut } from "./sessions.ts";

const database = openTestDatabase();
const PASSWORD = "correct horse battery staple";

async function newPerson(): Promise<string> {
  const email = `${randomUUID()}@example.com`;
  await createPerson(database, { email, name: "Ada", password: PASSWORD });
  return email;
}

test("the right password opens a session that opens an organization", async () => {
  const email = await newPerson();
  const credential = await signIn(database, { email, password: PASSWORD, address: "203.0.113.7", agent: "test" });
  assert.ok(credential);
  const id = await createOrganization(
    database,
    credential,
    { name: "Acme", slug: `o-${randomUUID()}` },
    { requestId: "r1" },
  );
  assert.match(id, /^[0-9a-f-]{36}$/);
});

test("the address is found whatever its case", async () => {
  const email = await newPerson();
  assert.ok(await signIn(database, { email: email.toUpperCase(), password: PASSWORD }));
});

test("a wrong password and an unknown address are answered alike", async () => {
  const email = await newPerson();
  assert.equal(await signIn(database, { email, password: `${PASSWORD}!` }), undefined);
  assert.equal(await signIn(database, { email: `${randomUUID()}@example.com`, password: PASSWORD }), undefined);
});

test("an unknown address has a salt like any other, the same each time", async () => {
  const email = `${randomUUID()}@example.com`;
  const ask = () => callOutside(database, "gate", "select * from identity.password_parameters($1)", [email]);
  const [first, second] = [await ask(), await ask()];
  assert.deepEqual(first, second);
  assert.ok(Buffer.isBuffer(first[0]?.password_salt) && first[0].password_salt.length === 16);
});

test("an ended session opens nothing", async () => {
  const credential = await signIn(database, { email: await newPerson(), password: PASSWORD });
  assert.ok(credential);
  assert.equal(await signOut(database, credential), true);
  assert.equal(await signOut(database, credential), false);
  await assert.rejects(
    createOrganization(database, credential, { name: "Acme", slug: `o-${randomUUID()}` }, { requestId: "r2" }),
    { code: "TN001" },
  );
});

test("a session's secret is not in the database", async () => {
  const credential = await signIn(database, { email: await newPerson(), password: PASSWORD });
  const admin = await openAdmin();
  const { rows } = await admin.query("select s::text as text from identity.user_sessions s where id = $1", [
    credential?.sessionId,
  ]);
  assert.equal(rows.length, 1);
  assert.ok(!rows[0].text.includes(credential?.secret));
});

test("a weak password makes no person", async () => {
  await assert.rejects(
    createPerson(database, { email: `${randomUUID()}@example.com`, name: "Ada", password: "short" }),
    /password/i,
  );
});
