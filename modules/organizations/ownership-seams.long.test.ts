import assert from "node:assert/strict";
import { test } from "node:test";
import { addMember } from "../../test/harness.ts";
import {
  accept,
  admin,
  database,
  http,
  invite,
  membershipOf,
  newAddress,
  newTenant,
  personAt,
  proveDomain,
  tokenTo,
  within,
} from "./joining.fixture.ts";

test("whoever comes back as an owner has every right of one, whatever was denied before", async () => {
  const tenant = await newTenant();
  const person = await addMember(admin, database, tenant, "viewer");
  const denials = { grants: [], denials: ["organization.own"] };
  assert.equal(
    (await within(tenant, tenant.owner, "PUT", `/members/${person.userId}/exceptions`, denials)).statusCode,
    204,
  );
  assert.equal((await within(tenant, tenant.owner, "DELETE", `/members/${person.userId}`)).statusCode, 204);
  await invite(tenant, person.email, ["owner"]);
  assert.equal((await accept(person, await tokenTo(person.email))).statusCode, 200);
  const { effective_permissions: held } = (await membershipOf(tenant, person.userId)) ?? assert.fail();
  assert.equal(held["organization.own"], "organization");
});

test("organization.own over one's own rows brings no deleted organization back", async () => {
  const tenant = await newTenant();
  const role = { name: "Odd", scope: "own", permissions: ["organization.own"] };
  assert.equal((await within(tenant, tenant.owner, "POST", "/roles", role)).statusCode, 200);
  const person = await addMember(admin, database, tenant, "Odd");
  await admin.query("update organizations.organizations set status = 'deleted', deleted_at = now() where id = $1", [
    tenant.id,
  ]);
  const me = (await http.ask(person, { url: "/api/me" })).json();
  assert.deepEqual(me.deleted_organizations, []);
  const answer = await http.ask(person, { method: "POST", url: `/api/me/organizations/${tenant.id}/restoration` });
  assert.equal(answer.statusCode, 403, answer.body);
});

test("an organization is not handed to somebody whose account is closed", async () => {
  for (const status of ["suspended", "deleted"]) {
    const tenant = await newTenant();
    const person = await addMember(admin, database, tenant, "admin");
    await admin.query("update identity.users set status = $2 where id = $1", [person.userId, status]);
    const answer = await within(tenant, tenant.owner, "POST", "/ownership", { member: person.userId });
    assert.equal(answer.statusCode, 409, answer.body);
  }
});

/** Makes the last proof of who they are older than delicate changes ask for. */
async function makeProofOld({ userId }: { userId: string }): Promise<void> {
  await admin.query("update identity.user_sessions set proved_at = now() - interval '16 minutes' where user_id = $1", [
    userId,
  ]);
}

test("a session that was found open makes no API key, which would outlive it, and rotates none", async () => {
  const tenant = await newTenant();
  const body = { name: "Robot", scopes: ["organization.read"] };
  const { id } = (await within(tenant, tenant.owner, "POST", "/keys", body)).json();
  await makeProofOld(tenant.owner);
  const made = await within(tenant, tenant.owner, "POST", "/keys", body);
  const rotated = await within(tenant, tenant.owner, "POST", `/keys/${id}/rotation`, { overlap_hours: 1 });
  assert.deepEqual([made.json().code, rotated.json().code], ["proof_needed", "proof_needed"]);
});

test("neither a key, nor an old proof, does without the second factor that an organization wants", async () => {
  const tenant = await newTenant();
  const scopes = ["organization.update", "organization.read"];
  const { token } = (await within(tenant, tenant.owner, "POST", "/keys", { name: "Robot", scopes })).json();
  await admin.query("update identity.user_sessions set second_factor = true where user_id = $1", [tenant.owner.userId]);
  const payload = { second_factor_required: true };
  assert.equal((await within(tenant, tenant.owner, "PATCH", "", payload)).statusCode, 200);
  await makeProofOld(tenant.owner);
  const off = { second_factor_required: false };
  assert.equal((await within(tenant, tenant.owner, "PATCH", "", off)).json().code, "proof_needed");
  const url = `/api/organizations/${tenant.slug}`;
  const headers = { authorization: `Bearer ${token}` };
  const byKey = await http.server.inject({ method: "PATCH", url, payload: off, headers });
  assert.deepEqual([byKey.statusCode, byKey.json().code], [403, "forbidden"]);
  const other = await http.server.inject({ method: "PATCH", url, payload: { description: "Fine" }, headers });
  assert.equal(other.statusCode, 200, other.body);
});

test("who asks to join is let in by a decision about the request, and by nothing else", async () => {
  const tenant = await newTenant();
  const domain = newAddress().split("@")[1] ?? "";
  await proveDomain(tenant, domain);
  const person = await personAt(newAddress(domain));
  const url = `/api/me/joinable/${tenant.slug}`;
  assert.equal((await http.ask(person, { method: "POST", url })).json().outcome, "requested");
  const path = `/members/${person.userId}/status`;
  assert.equal((await within(tenant, tenant.owner, "PUT", path, { status: "active" })).statusCode, 409);
  assert.equal((await membershipOf(tenant, person.userId))?.status, "pending");
});

test("an owner whose account the operator closed does not count as one who is left", async () => {
  const tenant = await newTenant();
  const other = await addMember(admin, database, tenant, "owner");
  const third = await addMember(admin, database, tenant, "viewer");
  await admin.query("select identity.suspend_person($1)", [other.email]);
  const departure = `/api/me/organizations/${tenant.slug}/departure`;
  assert.equal((await http.ask(tenant.owner, { method: "POST", url: departure })).statusCode, 409);
  assert.equal((await http.ask(tenant.owner, { method: "POST", url: "/api/me/deletion" })).statusCode, 409);
  // Work goes on while the last owner is shut out too.
  await admin.query("select identity.suspend_person($1)", [tenant.owner.email]);
  assert.equal((await http.ask(third, { method: "POST", url: departure })).statusCode, 204);
});
