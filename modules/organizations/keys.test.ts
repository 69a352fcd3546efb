import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import { addMember, createTenant, type Person, type Tenant } from "../../test/harness.ts";
import { admin, askWith, at, grantTo, http, knock, listed, makeKey, post, tenantWithKey } from "./keys.fixture.ts";

type Change = { method: "PATCH" | "DELETE" | "POST"; url: string; payload?: object };

async function status(person: Person, request: Change): Promise<number> {
  return (await http.ask(person, request)).statusCode;
}

function changesOf(tenant: Tenant, id: string): Record<"update" | "rotate" | "revoke", Change> {
  return {
    update: { method: "PATCH", url: at(tenant, `keys/${id}`), payload: { name: "Taken" } },
    rotate: { method: "POST", url: at(tenant, `keys/${id}/rotation`), payload: { overlap_hours: 0 } },
    revoke: { method: "DELETE", url: at(tenant, `keys/${id}`) },
  };
}

test("a key is shown once, and listed without its secret", async () => {
  const { tenant, key } = await tenantWithKey({
    allowed_addresses: ["127.0.0.1", "2001:db8::/32"],
    expires_in_days: 7,
  });
  const [found] = await listed(tenant, tenant.owner);
  assert.ok(found);
  const secret = key.token.slice(-43);
  assert.ok(!JSON.stringify(found).includes(secret));
  assert.equal(found.secret_prefix, secret.slice(0, 8));
  assert.deepEqual(found.member, { id: tenant.owner.userId, name: "A Person", kind: "person" });
  assert.deepEqual(found.allowed_addresses, ["127.0.0.1", "2001:db8::/32"]);
  assert.deepEqual([found.status, found.last_used_at, found.scopes], ["live", null, ["organization.read"]]);
  const days = (Date.parse(found.expires_at) - Date.parse(found.created_at)) / 86_400_000;
  assert.equal(days, 7);
  const { rows } = await admin.query(
    "select count(*)::int as count from audit.audit_logs where organization_id = $1 and new_values::text like '%masked%' and resource_id = $2",
    [tenant.id, key.id],
  );
  assert.equal(rows[0].count, 1);
});

test("the first use is told, and keys that nobody uses are found", async () => {
  const { tenant, key } = await tenantWithKey();
  const idle = await makeKey(tenant, tenant.owner, ["organization.read"]);
  await http.server.inject({ url: at(tenant, "keys/current"), headers: { authorization: `Bearer ${key.token}` } });
  const usedAt = async () => (await listed(tenant, tenant.owner)).find(({ id }) => id === key.id)?.last_used_at;
  while (!(await usedAt())) await admin.query("select");
  await admin.query(
    "update organizations.api_keys set created_at = now() - interval '40 days' where organization_id = $1",
    [tenant.id],
  );
  const unused = await listed(tenant, tenant.owner, "?unused_for_days=30");
  assert.deepEqual(
    unused.map(({ id, last_used_at }) => [id, last_used_at]),
    [[idle.id, null]],
  );
});

test("the old secret counts as use too, and a wrong one does not", async () => {
  const { tenant, key } = await tenantWithKey();
  await post(tenant.owner, at(tenant, `keys/${key.id}/rotation`), { overlap_hours: 1 });
  const touch = (secret: string) =>
    callOutside(http.database, "gate", "select organizations.touch_key($1, $2, $3)", [tenant.id, key.id, secret]);
  await touch("x".repeat(43));
  assert.equal((await listed(tenant, tenant.owner))[0]?.last_used_at, null);
  await touch(key.token.slice(-43));
  assert.ok((await listed(tenant, tenant.owner))[0]?.last_used_at);
});

test("members see and change their own keys only; key.manage sees all, and ends them, but does not take them over", async () => {
  const tenant = await createTenant(http.database);
  const [member, other, boss] = await Promise.all(
    ["member", "member", "admin"].map((role) => addMember(admin, http.database, tenant, role)),
  );
  assert.ok(member && other && boss);
  const key = await makeKey(tenant, member, ["organization.read"]);
  const { update, rotate, revoke } = changesOf(tenant, key.id);
  assert.deepEqual(await listed(tenant, other), []);
  assert.deepEqual(
    (await listed(tenant, boss)).map(({ id }) => id),
    [key.id],
  );
  for (const change of [update, rotate, revoke]) assert.equal(await status(other, change), 404);
  assert.equal(await status(boss, rotate), 403);
  assert.equal(await status(boss, update), 204);
  assert.deepEqual(await knock(key, tenant), [200, undefined]);
  assert.equal(await status(boss, revoke), 204);
  assert.deepEqual(await knock(key, tenant), [401, "unauthenticated"]);
  assert.deepEqual(
    (await listed(tenant, member)).map(({ name, status: now }) => [name, now]),
    [["Taken", "revoked"]],
  );
  for (const change of [update, rotate]) assert.equal(await status(member, change), 409);
  assert.equal(await status(member, revoke), 204);
});

test("nobody makes a key with rights that they do not have, or that acts as another person", async () => {
  const tenant = await createTenant(http.database);
  const member = await addMember(admin, http.database, tenant, "member");
  const refuse = (person: Person, payload: object, code: number) =>
    post(person, at(tenant, "keys"), { name: "Too much", scopes: ["organization.read"], ...payload }, code);
  await refuse(member, { scopes: ["organization.read", "role.manage"] }, 403);
  await refuse(member, { member: tenant.owner.userId }, 403);
  await refuse(tenant.owner, { member: member.userId }, 400);
  await refuse(tenant.owner, { member: randomUUID() }, 400);
  await refuse(tenant.owner, { scopes: ["no.such"] }, 400);
  await refuse(tenant.owner, { scopes: [] }, 400);
  await refuse(tenant.owner, { scopes: Array.from({ length: 101 }, () => "organization.read") }, 400);
  await refuse(tenant.owner, { expires_in_days: 366 }, 400);
  await refuse(tenant.owner, { expires_in_days: 0 }, 400);
  for (const address of ["nonsense", "1.2.3.4/33", "::ffff:1.2.3.4", "1.2.3.4; drop"])
    await refuse(tenant.owner, { allowed_addresses: [address] }, 400);
  assert.deepEqual(await listed(tenant, tenant.owner), []);
});

test("a key makes and rotates no key beyond its own scopes, addresses and life", async () => {
  const tenant = await createTenant(http.database);
  const here = ["127.0.0.0/8"];
  const wide = await makeKey(tenant, tenant.owner, ["organization.read", "audit.read"]);
  const maker = await makeKey(tenant, tenant.owner, ["key.create", "organization.read"], {
    allowed_addresses: here,
    expires_in_days: 3,
  });
  const ask = async (request: Change) => (await askWith(maker.token, request)).statusCode;
  const make = (payload: object) =>
    ask({
      method: "POST",
      url: at(tenant, "keys"),
      payload: { name: "Child", allowed_addresses: here, scopes: ["organization.read"], ...payload },
    });
  assert.equal(await make({ scopes: ["audit.read"] }), 403);
  assert.equal(await make({ scopes: ["key.manage"] }), 403);
  assert.equal(await make({ allowed_addresses: [] }), 403);
  assert.equal(await make({ allowed_addresses: ["0.0.0.0/0"] }), 403);
  assert.equal(await ask(changesOf(tenant, wide.id).rotate), 403);
  assert.equal(await ask({ ...changesOf(tenant, maker.id).update, payload: { allowed_addresses: [] } }), 403);
  assert.equal(await make({ expires_in_days: 300, allowed_addresses: ["127.0.0.1"] }), 200);
  const child = (await listed(tenant, tenant.owner)).find(({ name }) => name === "Child");
  assert.equal(child?.expires_at, (await listed(tenant, tenant.owner)).find(({ id }) => id === maker.id)?.expires_at);
  assert.equal(await ask(changesOf(tenant, maker.id).rotate), 200);
});

test("an organization has at most 100 live keys, also when several are made at once", async () => {
  const tenant = await createTenant(http.database);
  await admin.query(
    `insert into organizations.api_keys (organization_id, user_id, name, secret_hash, secret_prefix, created_by, expires_at, revoked_at)
     select $1, $2, 'Key ' || i, sha256(i::text::bytea), 'x', $2, now() + case when i <= 5 then interval '0' else '1 day' end, case when i > 103 then now() end
     from generate_series(1, 110) i`,
    [tenant.id, tenant.owner.userId],
  );
  const atOnce = Array.from({ length: 16 });
  // Connections that are open already: opening them one after the other would put the requests in line.
  await Promise.all(atOnce.map(() => listed(tenant, tenant.owner)));
  const payload = { name: "One more", scopes: ["organization.read"] };
  const request = { method: "POST", url: at(tenant, "keys"), payload } as const;
  const answers = await Promise.all(atOnce.map(() => http.ask(tenant.owner, request)));
  const codes = answers.map(({ statusCode }) => statusCode).sort();
  assert.deepEqual(codes, [200, 200, ...Array(14).fill(409)]);
});

test("who leaves takes the keys along, and gets none of them back", async () => {
  const tenant = await createTenant(http.database);
  const person = await addMember(admin, http.database, tenant, "member");
  const key = await makeKey(tenant, person, ["organization.read"]);
  const become = (now: string) =>
    admin.query("update organizations.memberships set status = $2 where user_id = $1", [person.userId, now]);
  await become("suspended");
  assert.deepEqual(
    (await listed(tenant, tenant.owner)).map((found) => found.status),
    ["member_inactive"],
  );
  await become("active");
  assert.deepEqual(await knock(key, tenant), [200, undefined]);
  await become("left");
  await become("active");
  assert.deepEqual(await knock(key, tenant), [401, "unauthenticated"]);
});

test("whatever the member's rights and whatever scopes are asked for, no key has more than both", async () => {
  const tenant = await createTenant(http.database);
  const { rows } = await admin.query<{ name: string }>("select name from organizations.permissions order by name");
  const names = rows.map(({ name }) => name);
  const person = await addMember(admin, http.database, tenant);
  const some = fc.subarray(names.filter((name) => name !== "key.create" && name !== "organization.read"));
  await fc.assert(
    fc.asyncProperty(some, some, some, async (held, wanted, later) => {
      const [have, scopes, haveLater] = [held, wanted, later].map((set) => [...set, "key.create", "organization.read"]);
      assert.ok(have && scopes && haveLater);
      await grantTo(tenant, person, ...have);
      const url = at(tenant, "keys");
      const made = await http.ask(person, { method: "POST", url, payload: { name: "Any", scopes } });
      assert.equal(made.statusCode, wanted.every((scope) => held.includes(scope)) ? 200 : 403, made.body);
      if (made.statusCode !== 200) return;
      await grantTo(tenant, person, ...haveLater);
      const current = (await askWith(made.json().token, { url: `${url}/current` })).json();
      assert.deepEqual(current.effective_scopes, scopes.filter((scope) => haveLater.includes(scope)).sort());
      await http.ask(person, changesOf(tenant, made.json().id).revoke);
    }),
    { numRuns: 40 },
  );
});
