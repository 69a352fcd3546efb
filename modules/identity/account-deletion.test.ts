import assert from "node:assert/strict";
import { before, test } from "node:test";
import type pg from "pg";
import { addMember, adminOf, createPerson, createTenant, type Person } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import {
  eventsOf,
  isSignedIn,
  lastToken,
  makeProofOld,
  newPerson,
  PASSWORD,
  post,
  signInAs,
} from "./accounts.fixture.ts";

let http: TestHttpServer;
let admin: pg.Client;

before(async () => {
  http = await openTestServer();
  admin = await adminOf(http.database);
});

const remove = (person: Person) => post(http, "/api/me/deletion", undefined, person);
const restore = (token: string) => post(http, "/api/account-restoration", { token });

test("a deleted account lets nobody in, and the mail brings everything back, once", async () => {
  const person = await newPerson(http);
  const other = await signInAs(http, person.email);
  const tenant = await createTenant(http.database);
  await admin.query("select organizations.add_member($1, $2, '{admin}')", [tenant.id, person.userId]);
  assert.equal((await remove(person)).statusCode, 204);
  assert.deepEqual([await isSignedIn(http, person), await isSignedIn(http, other)], [false, false]);
  const signIn = () => post(http, "/api/session", { email: person.email, password: PASSWORD });
  assert.equal((await signIn()).statusCode, 401);
  const { rows } = await admin.query(
    "select status, deleted_at is not null as dated from identity.users where id = $1",
    [person.userId],
  );
  assert.deepEqual(rows, [{ status: "deleted", dated: true }]);

  const token = await lastToken(admin, person.email, "account_deleted");
  assert.equal((await restore(token)).statusCode, 204);
  assert.equal((await restore(token)).statusCode, 410);
  assert.equal(await isSignedIn(http, person), false);
  const me = (await http.ask(await signInAs(http, person.email), { url: "/api/me" })).json();
  assert.deepEqual(
    me.organizations.map(({ id }: { id: string }) => id),
    [tenant.id],
  );
  const kinds = (await eventsOf(admin, person.userId)).filter((kind) => kind.startsWith("account"));
  assert.deepEqual(kinds, ["account_deleted", "account_restored"]);
});

test("the only owner of an organization is told which it is, and stays", async () => {
  const tenant = await createTenant(http.database);
  await admin.query("update organizations.organizations set name = 'Only mine' where id = $1", [tenant.id]);
  await addMember(admin, http.database, tenant, "admin");
  const answer = await remove(tenant.owner);
  assert.equal(answer.statusCode, 409);
  assert.match(answer.json().detail, /only owner of Only mine/);
  assert.equal(await isSignedIn(http, tenant.owner), true);
  await admin.query("update organizations.organizations set status = 'deleted' where id = $1", [tenant.id]);
  assert.equal((await remove(tenant.owner)).statusCode, 204);
});

test("of two owners who go at once, one stays", async () => {
  for (let round = 0; round < 5; round += 1) {
    const tenant = await createTenant(http.database);
    const second = await addMember(admin, http.database, tenant, "owner");
    const statuses = (await Promise.all([remove(tenant.owner), remove(second)])).map(({ statusCode }) => statusCode);
    assert.deepEqual(statuses.sort(), [204, 409]);
  }
});

test("an owner whose account is deleted does not count as one", async () => {
  const tenant = await createTenant(http.database);
  const second = await addMember(admin, http.database, tenant, "owner");
  assert.equal((await remove(second)).statusCode, 204);
  assert.equal((await remove(tenant.owner)).statusCode, 409);
  const demotion = admin.query("delete from organizations.member_roles where organization_id = $1 and user_id = $2", [
    tenant.id,
    tenant.owner.userId,
  ]);
  await assert.rejects(demotion, /needs an active owner/);
});

test("without a recent proof nothing is deleted", async () => {
  const person = await createPerson(http.database);
  await makeProofOld(admin, person);
  const answer = await remove(person);
  assert.deepEqual([answer.statusCode, answer.json().code], [403, "proof_needed"]);
  assert.equal(await isSignedIn(http, person), true);
});

test("a restoration is refused when its time is over", async () => {
  const person = await createPerson(http.database);
  assert.equal((await remove(person)).statusCode, 204);
  const token = await lastToken(admin, person.email, "account_deleted");
  await admin.query("update identity.one_time_tokens set expires_at = now() where user_id = $1", [person.userId]);
  assert.equal((await restore(token)).statusCode, 410);
});
