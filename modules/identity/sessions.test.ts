import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import type { SessionCredential } from "../../kernel/tenancy/credential.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import { adminOf, callerOf, openAdmin, openTestDatabase } from "../../test/harness.ts";
import { createOrganization } from "../organizations/organizations.ts";
import { createPerson } from "./people.ts";
import { signIn, signOut } from "./sessions.ts";

const database = openTestDatabase();
const PASSWORD = "correct horse battery staple";

async function newPerson(): Promise<string> {
  const email = `${randomUUID()}@example.com`;
  await createPerson(await adminOf(database), { email, name: "Ada", password: PASSWORD });
  return email;
}

async function open(email: string, password = PASSWORD): Promise<SessionCredential | undefined> {
  const opening = await signIn(callerOf(database), { email, password });
  return opening && "credential" in opening ? opening.credential : undefined;
}

test("the right password opens a session that opens an organization", async () => {
  const email = await newPerson();
  const credential = await open(email);
  assert.ok(credential);
  const { id } = await createOrganization(
    { ...callerOf(database), credential },
    { name: "Acme", slug: `o-${randomUUID()}` },
  );
  assert.match(id, /^[0-9a-f-]{36}$/);
});

test("the address is found whatever its case", async () => {
  const email = await newPerson();
  assert.ok(await open(email.toUpperCase()));
});

test("a wrong password and an unknown address are answered alike", async () => {
  const email = await newPerson();
  assert.equal(await open(email, `${PASSWORD}!`), undefined);
  assert.equal(await open(`${randomUUID()}@example.com`), undefined);
});

test("an unknown address has a salt like any other, the same each time", async () => {
  const email = `${randomUUID()}@example.com`;
  const ask = () => callOutside(database, "gate", "select * from identity.password_parameters($1)", [email]);
  const [first, second] = [await ask(), await ask()];
  assert.deepEqual(first, second);
  assert.ok(Buffer.isBuffer(first[0]?.password_salt) && first[0].password_salt.length === 16);
});

test("an ended session opens nothing", async () => {
  const credential = await open(await newPerson());
  assert.ok(credential);
  const caller = { ...callerOf(database), credential };
  assert.equal(await signOut(caller), true);
  assert.equal(await signOut(caller), false);
  await assert.rejects(createOrganization(caller, { name: "Acme", slug: `o-${randomUUID()}` }), { code: "TN001" });
});

test("a session's secret is not in the database", async () => {
  const credential = await open(await newPerson());
  const admin = await openAdmin();
  const { rows } = await admin.query("select s::text as text from identity.user_sessions s where id = $1", [
    credential?.sessionId,
  ]);
  assert.equal(rows.length, 1);
  assert.ok(credential && !rows[0].text.includes(credential.secret));
});

test("a weak password makes no person", async () => {
  await assert.rejects(
    createPerson(await adminOf(database), { email: `${randomUUID()}@example.com`, name: "Ada", password: "short" }),
    /password/i,
  );
});
