import assert from "node:assert/strict";
import { before, test } from "node:test";
import type pg from "pg";
import { adminOf, createPerson, createTenant } from "../../test/harness.ts";
import { essenceOf, openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { eventsOf, lastToken, mailsTo, makeProofOld, newAddress, post } from "./accounts.fixture.ts";

let http: TestHttpServer;
let admin: pg.Client;

before(async () => {
  http = await openTestServer();
  admin = await adminOf(http.database);
});

const confirm = (token: string) => post(http, "/api/email-change/confirmation", { token });
const templates = async (address: string) => (await mailsTo(admin, address)).map(({ template }) => template);

async function emailOf(userId: string) {
  const { rows } = await admin.query("select email from identity.users where id = $1", [userId]);
  return rows[0]?.email;
}

test("an address changes when the new one is proved, both are told, and colleagues see it", async () => {
  const { id, owner } = await createTenant(http.database);
  const email = newAddress();
  await admin.query("update identity.users set email_verified_at = null where id = $1", [owner.userId]);
  assert.equal((await post(http, "/api/me/email", { email }, owner)).statusCode, 204);
  assert.equal(await emailOf(owner.userId), owner.email);
  assert.deepEqual(await templates(owner.email), ["email_change_requested"]);
  const token = await lastToken(admin, email, "confirm_email_change");
  assert.equal((await confirm(token)).statusCode, 204);
  const { rows } = await admin.query(
    `select u.email, m.email as shown, u.email_verified_at is not null as verified
     from identity.users u join organizations.memberships m on m.user_id = u.id and m.organization_id = $2 where u.id = $1`,
    [owner.userId, id],
  );
  assert.deepEqual(rows, [{ email, shown: email, verified: true }]);
  assert.deepEqual(await templates(owner.email), ["email_change_requested", "email_changed"]);
  assert.deepEqual(await templates(email), ["confirm_email_change", "email_changed"]);
  assert.equal((await eventsOf(admin, owner.userId)).at(-1), "email_changed");
  assert.equal((await confirm(token)).statusCode, 410);
  const entries = await admin.query(
    "select user_id, operation from audit.audit_logs where organization_id = $1 and resource_type = 'organizations.memberships' and action = 'update' order by seq desc limit 1",
    [id],
  );
  assert.deepEqual(entries.rows, [{ user_id: owner.userId, operation: "identity.email.confirm_change" }]);
});

test("somebody else's address is answered alike; its owner gets a mail, and nothing can be confirmed", async () => {
  const [one, two, other] = await Promise.all([1, 2, 3].map(() => createPerson(http.database)));
  assert.ok(one && two && other);
  const taken = await post(http, "/api/me/email", { email: other.email.toUpperCase() }, one);
  const free = await post(http, "/api/me/email", { email: newAddress() }, two);
  assert.deepEqual(essenceOf(taken), essenceOf(free));
  assert.equal(taken.statusCode, 204);
  assert.deepEqual(
    await mailsTo(admin, other.email).then((mails) => mails.map((mail) => [mail.template, mail.token])),
    [["already_registered", undefined]],
  );
  assert.deepEqual(await templates(one.email), ["email_change_requested"]);
});

test("an address that was taken in the meantime is a conflict", async () => {
  const [one, two] = [await createPerson(http.database), await createPerson(http.database)];
  const email = newAddress();
  await post(http, "/api/me/email", { email }, one);
  const first = await lastToken(admin, email, "confirm_email_change");
  await post(http, "/api/me/email", { email }, two);
  const second = await lastToken(admin, email, "confirm_email_change");
  const statuses = (await Promise.all([confirm(first), confirm(second)])).map(({ statusCode }) => statusCode);
  assert.deepEqual(statuses.sort(), [204, 409]);
});

test("without a recent proof no change is begun", async () => {
  const person = await createPerson(http.database);
  await makeProofOld(admin, person);
  const email = newAddress();
  const answer = await post(http, "/api/me/email", { email }, person);
  assert.deepEqual([answer.statusCode, answer.json().code], [403, "proof_needed"]);
  assert.deepEqual(await templates(email), []);
});

test("a mail to the old address opens nothing after the change", async () => {
  const person = await createPerson(http.database);
  await post(http, "/api/password-reset", { email: person.email });
  const reset = await lastToken(admin, person.email, "reset_password");
  const email = newAddress();
  await post(http, "/api/me/email", { email }, person);
  assert.equal((await confirm(await lastToken(admin, email, "confirm_email_change"))).statusCode, 204);
  const answer = await post(http, "/api/password-reset/confirmation", {
    token: reset,
    password: "a long enough sentence",
  });
  assert.equal(answer.statusCode, 410);
});

for (const email of [
  "x",
  "a b@example.com",
  "a@b,c@example.com",
  "a@example.com\r\nBcc: b@example.com",
  "Ada <a@example.com>",
]) {
  test(`${JSON.stringify(email)} is no address`, async () => {
    const answer = await post(http, "/api/password-reset", { email });
    assert.deepEqual([answer.statusCode, answer.json().errors[0].field], [400, "email"]);
  });
}
