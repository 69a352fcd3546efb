import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { queryText } from "../../kernel/tenancy/transaction.ts";
import { addMember, contextOf, createTenant, type Tenant } from "../../test/harness.ts";
import { missingIds, requestOf, verbRoutes } from "../../test/http/requests.ts";
import { essenceOf, openTestServer } from "../../test/http/server.ts";
import { makeWorld, type World } from "../../test/http/world.ts";
import { admin, askWith, at, grantTo, http, knock, type Made, makeKey, post, tenantWithKey } from "./keys.fixture.ts";

const IN = [200, undefined];
const DEAD = [401, "unauthenticated"];

test("a key opens what its scopes name, as its member, and the record says so", async () => {
  const tenant = await createTenant(http.database);
  const key = await makeKey(tenant, tenant.owner, ["organization.read", "key.create"]);
  assert.match(key.token, new RegExp(`^tak_${tenant.id}_${key.id}_[A-Za-z0-9_-]{43}$`));
  assert.deepEqual(await knock(key, tenant), IN);
  const child = {
    method: "POST",
    url: at(tenant, "keys"),
    payload: { name: "Child", scopes: ["key.create"] },
  } as const;
  const made = await askWith(key.token, child);
  assert.equal(made.statusCode, 200, made.body);
  const { rows } = await admin.query(
    "select actor_kind, user_id, api_key_id from audit.audit_logs where organization_id = $1 and resource_type = 'organizations.api_keys' and resource_id = $2",
    [tenant.id, made.json().id],
  );
  assert.deepEqual(rows, [{ actor_kind: "api_key", user_id: tenant.owner.userId, api_key_id: key.id }]);
});

test("a key without the scope is refused, though its member may", async () => {
  const { tenant, key } = await tenantWithKey();
  const refused = await askWith(key.token, { url: at(tenant, "audit/entries") });
  assert.deepEqual([refused.statusCode, refused.json().code], [403, "forbidden"]);
  assert.match(refused.json().hint, /scopes/);
});

test("a key's rights shrink with its member's, and grow back no further than its scopes", async () => {
  const tenant = await createTenant(http.database);
  const person = await addMember(admin, http.database, tenant, "admin");
  const key = await makeKey(tenant, person, ["organization.read", "audit.read"]);
  const audit = async () => (await askWith(key.token, { url: at(tenant, "audit/entries") })).statusCode;
  assert.equal(await audit(), 200);
  const deny = (denials: string[]) =>
    admin.query(
      "update organizations.memberships set permissions = jsonb_set(permissions, '{denials}', $2) where user_id = $1",
      [person.userId, JSON.stringify(denials)],
    );
  await deny(["audit.read"]);
  assert.equal(await audit(), 403);
  assert.deepEqual(await knock(key, tenant), IN);
  const current = await askWith(key.token, { url: at(tenant, "keys/current") });
  assert.deepEqual(current.json().scopes, ["audit.read", "organization.read"]);
  assert.deepEqual(current.json().effective_scopes, ["organization.read"]);
  await deny([]);
  assert.equal(await audit(), 200);
});

/** What ends a key, by SQL on its row, member or person. */
const ENDINGS: Record<string, string> = {
  expired: "update organizations.api_keys set expires_at = now() where id = $1",
  revoked: "update organizations.api_keys set revoked_at = now() where id = $1",
  "of a suspended member":
    "update organizations.memberships set status = 'suspended' where user_id = (select user_id from organizations.api_keys where id = $1)",
  "of a member who left":
    "update organizations.memberships set status = 'left' where user_id = (select user_id from organizations.api_keys where id = $1)",
  "of a suspended person":
    "update identity.users set status = 'suspended' where id = (select user_id from organizations.api_keys where id = $1)",
  "of a deleted person":
    "update identity.users set status = 'deleted' where id = (select user_id from organizations.api_keys where id = $1)",
  "for other addresses": "update organizations.api_keys set allowed_addresses = '{10.9.8.0/24}' where id = $1",
  "that was erased": "delete from organizations.api_keys where id = $1",
};

test("dead keys are all answered alike: as no key at all", async () => {
  const tenant = await createTenant(http.database);
  const url = at(tenant, "keys/current");
  const bodyOf = async (token: string) => {
    const { statusCode, body } = essenceOf(await askWith(token, { url }));
    return { statusCode, body };
  };
  const nothing = await bodyOf("x");
  assert.equal(nothing.statusCode, 401);
  for (const [how, sql] of Object.entries(ENDINGS)) {
    const person = await addMember(admin, http.database, tenant, "admin");
    const key = await makeKey(tenant, person, ["organization.read"]);
    assert.deepEqual(await knock(key, tenant), IN, how);
    await admin.query(sql, [key.id]);
    assert.deepEqual(await bodyOf(key.token), nothing, how);
  }
  const { key, tenant: other } = await tenantWithKey();
  const wrong = {
    "another secret": `${key.token.slice(0, -4)}AAAA`,
    "another key's id": key.token.replace(key.id, randomUUID()),
    "another organization's id": key.token.replace(other.id, tenant.id),
    "no secret": key.token.slice(0, -43),
    "one letter more": `${key.token}A`,
  };
  for (const [how, token] of Object.entries(wrong)) assert.deepEqual(await bodyOf(token), nothing, how);
});

test("the hash that the database keeps is no secret", async () => {
  const { tenant, key } = await tenantWithKey();
  const { rows } = await admin.query(
    "select encode(secret_hash, 'hex') as hash, k::text as text from organizations.api_keys k where id = $1",
    [key.id],
  );
  assert.ok(!rows[0].text.includes(key.token.slice(-43)));
  assert.deepEqual(await knock({ ...key, token: `${key.token.slice(0, -43)}${rows[0].hash}` }, tenant), DEAD);
});

test("the old secret is good while it overlaps, and then no more", async () => {
  const { tenant, key } = await tenantWithKey();
  const rotate = (overlap_hours: number): Promise<Made> =>
    post(tenant.owner, at(tenant, `keys/${key.id}/rotation`), { overlap_hours });
  const second = await rotate(2);
  assert.notEqual(second.token, key.token);
  assert.deepEqual([await knock(key, tenant), await knock(second, tenant)], [IN, IN]);
  const third = await rotate(2);
  assert.deepEqual([await knock(key, tenant), await knock(second, tenant), await knock(third, tenant)], [DEAD, IN, IN]);
  await admin.query("update organizations.api_keys set old_secret_until = now() where id = $1", [key.id]);
  assert.deepEqual([await knock(second, tenant), await knock(third, tenant)], [DEAD, IN]);
  const fourth = await rotate(0);
  assert.deepEqual([await knock(third, tenant), await knock(fourth, tenant)], [DEAD, IN]);
});

test("an allow-list lets in its addresses, of both families and in either clothes, and no others", async () => {
  const allowed_addresses = ["203.0.113.0/24", "198.51.100.7", "2001:db8:1::/48", "10.1.2.3/16"];
  const { tenant, key } = await tenantWithKey({ allowed_addresses });
  const from = (remoteAddress: string) => knock(key, tenant, { remoteAddress });
  for (const address of ["203.0.113.9", "::ffff:203.0.113.9", "198.51.100.7", "2001:db8:1:2::3", "10.1.255.1"])
    assert.deepEqual(await from(address), IN, address);
  for (const address of ["203.0.114.9", "::ffff:203.0.114.9", "198.51.100.8", "2001:db8:2::3", "::1", "127.0.0.1"])
    assert.deepEqual(await from(address), DEAD, address);
});

test("whom a request says it comes from counts only where a trusted proxy says it", async () => {
  const { tenant, key } = await tenantWithKey({ allowed_addresses: ["203.0.113.0/24"] });
  const request = { url: at(tenant, "keys/current"), remoteAddress: "10.0.0.1" };
  const headers = (name: string) => ({ authorization: `Bearer ${key.token}`, "x-forwarded-for": name });
  const ask = async (server: typeof http.server, name: string) =>
    (await server.inject({ ...request, headers: headers(name) })).statusCode;
  const behind = await openTestServer([], { trustedProxies: "10.0.0.0/8" });
  assert.equal(await ask(http.server, "203.0.113.9"), 401);
  assert.equal(await ask(behind.server, "203.0.113.9"), 200);
  assert.equal(await ask(behind.server, "203.0.113.9, 198.51.100.1"), 401);
  assert.equal(await ask(behind.server, "nonsense"), 401);
});

test("a key opens no account: person routes refuse it", async () => {
  const { key } = await tenantWithKey();
  for (const { kind, endpoint } of verbRoutes) {
    if (kind !== "person") continue;
    const refused = await askWith(key.token, requestOf(endpoint, missingIds()));
    assert.deepEqual([refused.statusCode, refused.json().code], [403, "forbidden"], endpoint.name);
  }
});

test("a key finds its organization under its present address, while it is open", async () => {
  const { tenant, key } = await tenantWithKey();
  const nothing = essenceOf(await askWith(key.token, { url: `/api/organizations/t-${randomUUID()}/keys/current` }));
  assert.equal(nothing.statusCode, 404);
  const ask = async (slug: string) =>
    essenceOf(await askWith(key.token, { url: `/api/organizations/${slug}/keys/current` }));
  const slug = `t-${randomUUID()}`;
  await admin.query("update organizations.organizations set slug = $2 where id = $1", [tenant.id, slug]);
  const moved = await ask(tenant.slug);
  assert.deepEqual([moved.statusCode, moved.headers.location], [308, `/api/organizations/${slug}/keys/current`]);
  assert.equal((await ask(slug)).statusCode, 200);
  for (const status of ["suspended", "deleted"]) {
    await admin.query("update organizations.organizations set status = $2 where id = $1", [tenant.id, status]);
    assert.deepEqual(await ask(slug), nothing, status);
  }
  await admin.query("update organizations.organizations set status = 'active' where id = $1", [tenant.id]);
  assert.equal((await ask(slug)).statusCode, 200);
});

test("a labeler's key works with the labeler's own rows only", async () => {
  const { tenant, labeler, ids } = await makeWorld(http, admin);
  await grantTo(tenant, labeler, "key.create");
  const held = ["labeling.project.read", "labeling.label.write"];
  const key = await makeKey(tenant, labeler, held);
  const url = at(tenant, `labeling/assignments/${ids.assignment}/renewal`);
  const own = await askWith(key.token, { method: "POST", url });
  assert.equal(own.statusCode, 200, own.body);

  const other = await addMember(admin, http.database, tenant, "labeler");
  await grantTo(tenant, other, "key.create");
  const foreign = await askWith((await makeKey(tenant, other, held)).token, { method: "POST", url });
  assert.equal(foreign.statusCode, 409, "another labeler's text");
  const credential = {
    kind: "api_key",
    organizationId: tenant.id,
    keyId: key.id,
    secret: key.token.slice(-43),
  } as const;
  const context = contextOf(http.database, tenant, { credential, permission: "labeling.label.write" });
  await assert.rejects(queryText(context, { text: "select 'in'" }), { code: "TN004", detail: "scope own" });
  const user = await queryText({ ...context, role: "own" }, { text: "select session_user || ' ' || kernel.user_id()" });
  assert.match(user ?? "", new RegExp(`_own ${labeler.userId}$`));
});

let foreign: World;
let key: Made;
let own: Tenant;
const memberEndpoints = verbRoutes.filter(({ kind }) => kind === "member").map(({ endpoint }) => endpoint);

before(async () => {
  foreign = await makeWorld(http, admin);
  own = await createTenant(http.database);
  const { rows } = await admin.query("select array_agg(name order by name) as names from organizations.permissions");
  const names: string[] = rows[0].names;
  assert.ok(names.length <= 100, "a key that holds everything would need more scopes than a key has");
  key = await makeKey(own, own.owner, names);
});

for (const endpoint of memberEndpoints) {
  test(`${endpoint.name} answers a key of another organization as if there were none`, async () => {
    const ask = async (organization: string) =>
      essenceOf(await askWith(key.token, { ...requestOf(endpoint, { ...foreign.ids, organization }) }));
    const nothing = await ask(missingIds().organization);
    assert.equal(nothing.statusCode, 404);
    assert.deepEqual(await ask(foreign.tenant.slug), nothing);
  });
}
