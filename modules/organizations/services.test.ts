import assert from "node:assert/strict";
import { test } from "node:test";
import { addMember, createTenant, type Person, type Tenant } from "../../test/harness.ts";
import { roleIdOf } from "../../test/http/world.ts";
import { createPerson as createRealPerson } from "../identity/people.ts";
import { admin, askWith, at, grantTo, http, knock, listed, makeKey, makeService, post } from "./keys.fixture.ts";

test("a service acts through its keys, as a member of its own, and is listed with its roles", async () => {
  const tenant = await createTenant(http.database);
  const service = await makeService(tenant, "admin");
  const key = await makeKey(tenant, tenant.owner, ["organization.read", "organization.support.manage"], {
    member: service,
  });
  const made = await askWith(key.token, {
    method: "POST",
    url: at(tenant, "support-grants"),
    payload: { reason: "Help" },
  });
  assert.equal(made.statusCode, 200, made.body);
  const { rows } = await admin.query(
    "select a.user_id, a.api_key_id, m.kind, m.email from audit.audit_logs a join organizations.memberships m on m.user_id = a.user_id where a.organization_id = $1 and a.resource_id = $2",
    [tenant.id, made.json().id],
  );
  assert.deepEqual(rows, [
    { user_id: service, api_key_id: key.id, kind: "service", email: `${service}@service.invalid` },
  ]);
  const { items } = (await http.ask(tenant.owner, { url: at(tenant, "services") })).json();
  assert.deepEqual(
    items.map(({ id, name, roles, live_keys }: Record<string, unknown>) => [id, name, roles, live_keys]),
    [[service, "Robot", [{ id: await roleIdOf(admin, tenant.id, "admin"), name: "admin" }], 1]],
  );
});

test("a service's key has no more than the service, whoever makes it", async () => {
  const tenant = await createTenant(http.database);
  const service = await makeService(tenant, "viewer");
  await post(tenant.owner, at(tenant, "keys"), { name: "Wide", scopes: ["role.manage"], member: service }, 400);
});

test("nobody makes a service with roles that permit more than they may, nor an owner", async () => {
  const tenant = await createTenant(http.database);
  const person = await addMember(admin, http.database, tenant, "member");
  const make = async (maker: Person, role: string, from = tenant) =>
    (
      await http.ask(maker, {
        method: "POST",
        url: at(tenant, "services"),
        payload: { name: "Robot", roles: [await roleIdOf(admin, from.id, role)] },
      })
    ).statusCode;
  assert.equal(await make(person, "viewer"), 403);
  await grantTo(tenant, person, "key.manage");
  assert.equal(await make(person, "admin"), 403);
  assert.equal(await make(person, "labeler"), 403);
  assert.equal(await make(person, "member"), 200);
  assert.equal(await make(tenant.owner, "owner"), 400);
  assert.equal(await make(tenant.owner, "viewer", await createTenant(http.database)), 400);
});

test("key.manage rotates a service's key, unless it has more than oneself", async () => {
  const tenant = await createTenant(http.database);
  const person = await addMember(admin, http.database, tenant, "member");
  await grantTo(tenant, person, "key.manage");
  const service = await makeService(tenant, "admin");
  const rotate = async (scope: string) => {
    const { id } = await makeKey(tenant, tenant.owner, [scope], { member: service });
    return (
      await http.ask(person, { method: "POST", url: at(tenant, `keys/${id}/rotation`), payload: { overlap_hours: 0 } })
    ).statusCode;
  };
  assert.deepEqual([await rotate("organization.read"), await rotate("role.manage")], [200, 403]);
});

test("a service that is removed ends with its keys; whose it was stays to be read", async () => {
  const tenant = await createTenant(http.database);
  const service = await makeService(tenant, "viewer");
  const key = await makeKey(tenant, tenant.owner, ["organization.read"], { member: service });
  assert.deepEqual(await knock(key, tenant), [200, undefined]);
  const remove = async (id: string) =>
    (await http.ask(tenant.owner, { method: "DELETE", url: at(tenant, `services/${id}`) })).statusCode;
  assert.deepEqual([await remove(service), await remove(service)], [204, 204]);
  assert.deepEqual(await knock(key, tenant), [401, "unauthenticated"]);
  assert.deepEqual(
    (await listed(tenant, tenant.owner)).map(({ member, status }) => [member.id, member.name, status]),
    [[service, "Robot", "revoked"]],
  );
  assert.equal(await remove(tenant.owner.userId), 404);
});

test("a service's keys outlive the member who made them", async () => {
  const tenant = await createTenant(http.database);
  const maker = await addMember(admin, http.database, tenant, "admin");
  const service = await makeService(tenant, "viewer");
  const key = await makeKey(tenant, maker, ["organization.read"], { member: service });
  await admin.query("update organizations.memberships set status = 'left' where user_id = $1", [maker.userId]);
  assert.deepEqual(await knock(key, tenant), [200, undefined]);
  const [found] = await listed(tenant, tenant.owner);
  assert.deepEqual([found?.created_by.id, found?.member.id, found?.status], [maker.userId, service, "live"]);
});

/** Gives a service what a person signs in with, as somebody who got at the tables could. */
async function withPassword(tenant: Tenant, password: string): Promise<{ email: string; id: string }> {
  const id = await makeService(tenant, "viewer");
  const like = await createRealPerson(admin, { email: `${id}@example.com`, name: "A Person", password });
  await admin.query(
    "insert into identity.credentials select $1, password_salt, password_hash, memory_kib, passes, parallelism from identity.credentials where user_id = $2",
    [id, like],
  );
  return { email: `${id}@service.invalid`, id };
}

test("a service cannot sign in, not even with a password", async () => {
  const password = "correct horse battery staple";
  const { email, id } = await withPassword(await createTenant(http.database), password);
  const signIn = async (address: string) =>
    (await http.server.inject({ method: "POST", url: "/api/session", payload: { email: address, password } }))
      .statusCode;
  assert.deepEqual([await signIn(`${id}@example.com`), await signIn(email)], [200, 401]);
});

test("whichever way of signing in forgets to ask, a service has no session", async () => {
  const service = await makeService(await createTenant(http.database), "viewer");
  const open = "select identity.begin_session($1, 'any', true, 'browser', sha256('x'), null, '{}')";
  await assert.rejects(admin.query(open, [service]), { code: "23001", message: "A service does not sign in" });
});

test("a service does not count as an organization's owner", async () => {
  const tenant = await createTenant(http.database);
  const service = await makeService(tenant, "viewer");
  await admin.query("select organizations.lock_organization($1)", [tenant.id]);
  await admin.query("insert into organizations.member_roles values ($1, $2, $3)", [
    tenant.id,
    service,
    await roleIdOf(admin, tenant.id, "owner"),
  ]);
  const leave = "update organizations.memberships set status = 'left' where organization_id = $1 and user_id = $2";
  await assert.rejects(admin.query(leave, [tenant.id, tenant.owner.userId]), /needs an active owner/);
});
