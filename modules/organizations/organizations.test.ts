import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { before, test } from "node:test";
import type pg from "pg";
import { adminOf, createPerson, createTenant, type Person } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { slugOf } from "../identity/public.ts";
import { type House, openHouse, setSession } from "./organizations.fixture.ts";

let http: TestHttpServer;
let admin: pg.Client;

before(async () => {
  http = await openTestServer();
  admin = await adminOf(http.database);
});

const found = (person: Person, payload: object) =>
  http.ask(person, { method: "POST", url: "/api/organizations", payload });
const me = async (person: Person) => (await http.ask(person, { url: "/api/me" })).json();
const outside = (person: Person, method: "POST" | "PATCH", path: string, payload?: object) =>
  http.ask(person, { method, url: `/api/me/organizations/${path}`, ...(payload && { payload }) });
const mailsOf = async ({ email }: Person) => {
  const { rows } = await admin.query("select template, data from kernel.mails where recipient = $1 order by id", [
    email,
  ]);
  return rows as { template: string; data: Record<string, string> }[];
};

test("a slug is made of the name, and of a random tail when it is taken", async () => {
  const person = await createPerson(http.database);
  const name = `Acme ${randomUUID()}`;
  const first = (await found(person, { name })).json();
  assert.equal(first.slug, slugOf(name));
  const second = (await found(person, { name })).json();
  assert.match(second.slug, new RegExp(`^${first.slug}-[0-9a-f]{6}$`));
  assert.match((await found(person, { name: "Sign in" })).json().slug, /^sign-in-[0-9a-f]{6}$/);
  const taken = await found(person, { name, slug: first.slug });
  assert.deepEqual([taken.statusCode, taken.json().detail], [409, "This address is taken."]);
  assert.equal((await found(person, { name, slug: "sign-in" })).statusCode, 409);
  assert.equal((await found(person, { name, slug: "Not a slug" })).statusCode, 400);
  const { organizations } = await me(person);
  assert.deepEqual(
    organizations.map(({ roles }: { roles: string[] }) => roles),
    [["owner"], ["owner"], ["owner"]],
  );
});

test("a person makes twenty organizations and no more, in parallel neither", async () => {
  const person = await createPerson(http.database);
  await admin.query(
    "insert into organizations.organizations (name, slug, founded_by) select 'Many', 'm-' || n || '-' || $1::text, $1::uuid from generate_series(1, 17) n",
    [person.userId],
  );
  const answers = await Promise.all(Array.from({ length: 6 }, () => found(person, { name: `Many ${randomUUID()}` })));
  assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [200, 200, 200, 403, 403, 403]);
});

test("settings are changed one by one, by the version that was read, and limits are not theirs to change", async () => {
  const { tenant, ask, get } = await openHouse(http, admin);
  const { owner } = tenant;
  const old = await get<{ version: number }>(owner, "GET", "");
  const changes = {
    name: "  New name ",
    description: "What we do",
    logo_url: "https://example.com/logo.png",
    brand_colors: { primary: "#102030" },
    address: { city: "Vienna" },
    timezone: "Europe/Vienna",
    currency: "CHF",
    settings: { a: [1, { b: null }] },
    ai_preferences: { model: "small" },
  };
  const changed = await get<object>(owner, "PATCH", "", { ...changes, version: old.version });
  assert.deepEqual(changed, { ...old, ...changes, name: "New name", version: old.version + 1 });
  assert.deepEqual(await get(owner, "GET", ""), changed);
  assert.equal((await ask(owner, "PATCH", "", { name: "Late", version: old.version })).statusCode, 409);
  const cleared = await get<{ description: null; name: string }>(owner, "PATCH", "", { description: null });
  assert.deepEqual([cleared.description, cleared.name], [null, "New name"]);
  for (const wrong of [
    { usage_limits: { seats: 1000 } },
    { status: "active" },
    { name: " " },
    { logo_url: "http://example.com/a.png" },
    { timezone: "Moon/Sea" },
    { currency: "euro" },
    { brand_colors: { primary: "red" } },
    {
      settings: {
        a: "x"
          .repeat(1000)
          .split("")
          .map(() => randomBytes(50).toString("hex")),
      },
    },
  ]) {
    const answer = await ask(owner, "PATCH", "", wrong);
    assert.equal(answer.statusCode, 400, JSON.stringify(wrong).slice(0, 80));
  }
  const { rows } = await admin.query(
    "select operation, user_id from audit.audit_logs where organization_id = $1 and resource_type = 'organizations.organizations' and action = 'update'",
    [tenant.id],
  );
  assert.deepEqual(rows, Array(2).fill({ operation: "organizations.organization.update", user_id: owner.userId }));
});

test("a second factor is demanded only by whoever has shown one", async () => {
  const { tenant, ask, get } = await openHouse(http, admin);
  const refused = await ask(tenant.owner, "PATCH", "", { second_factor_required: true });
  assert.equal(refused.statusCode, 409, refused.body);
  await setSession(admin, tenant.owner, "second_factor = true");
  await get(tenant.owner, "PATCH", "", { second_factor_required: true });
  await get(tenant.owner, "PATCH", "", { second_factor_required: true, name: "Still in" });
  await setSession(admin, tenant.owner, "second_factor = false");
  assert.equal((await ask(tenant.owner, "GET", "")).json().code, "second_factor_needed");
});

test("an old slug leads members to the new one, and nobody else anywhere", async () => {
  const { tenant, ask, get } = await openHouse(http, admin);
  const { owner } = tenant;
  const other = await createTenant(http.database);
  const fresh = `n-${randomUUID()}`;
  // Two processes with the old slug in mind, and one without.
  await get(owner, "GET", "");
  assert.deepEqual(await get(owner, "PUT", "/slug", { slug: fresh }), { slug: fresh });
  const old = `/api/organizations/${tenant.slug}`;
  const bare = await openTestServer();
  for (const { ask: asks } of [http, bare]) {
    const moved = await asks(owner, { url: `${old}/members?search=a%20b&limit=2` });
    assert.equal(moved.statusCode, 308, moved.body);
    assert.equal(moved.headers.location, `/api/organizations/${fresh}/members?search=a%20b&limit=2`);
    assert.equal((await asks(owner, { url: old })).headers.location, `/api/organizations/${fresh}`);
    const wrong = await asks(owner, { method: "POST", url: `${old}/roles`, payload: { nonsense: true } });
    assert.equal(wrong.headers.location, `/api/organizations/${fresh}/roles`);
    assert.equal((await asks(other.owner, { url: old })).statusCode, 404);
    assert.equal((await asks(undefined, { url: old })).statusCode, 401);
    assert.equal((await asks(owner, { url: `/api/organizations/${fresh}` })).statusCode, 200);
  }
  assert.deepEqual((await me(owner)).organizations[0].old_slugs, [tenant.slug]);
  assert.equal((await found(other.owner, { name: "Squatter", slug: tenant.slug })).statusCode, 409);
  const url = `/api/organizations/${other.slug}/slug`;
  const squat = await http.ask(other.owner, { method: "PUT", url, payload: { slug: tenant.slug } });
  assert.equal(squat.statusCode, 409);
  // It takes the old one back; now the newer one is the old one.
  const back = await http.ask(owner, {
    method: "PUT",
    url: `/api/organizations/${fresh}/slug`,
    payload: { slug: tenant.slug },
  });
  assert.equal(back.statusCode, 200, back.body);
  assert.equal((await ask(owner, "GET", "")).statusCode, 200);
  assert.equal((await http.ask(owner, { url: `/api/organizations/${fresh}` })).headers.location, old);
  assert.deepEqual((await me(owner)).organizations[0].old_slugs, [fresh]);
});

test("a key of the organization is led to the new slug as well", async () => {
  const { tenant, get } = await openHouse(http, admin);
  const secret = randomBytes(32).toString("base64url");
  const { rows } = await admin.query<{ id: string }>(
    `with made as (
       insert into organizations.api_keys (organization_id, user_id, name, secret_hash, secret_prefix, created_by, expires_at)
       values ($1, $2, 'key', sha256(convert_to($3, 'UTF8')), 'x', $2, now() + interval '1 day') returning organization_id, id
     ), scope as (
       insert into organizations.api_key_scopes (organization_id, key_id, permission) select organization_id, id, 'organization.read' from made
     ) select id from made`,
    [tenant.id, tenant.owner.userId, secret],
  );
  const headers = { authorization: `Bearer tak_${tenant.id}_${rows[0]?.id}_${secret}` };
  const old = `/api/organizations/${tenant.slug}`;
  assert.equal((await http.server.inject({ url: old, headers })).statusCode, 200);
  await get(tenant.owner, "PUT", "/slug", { slug: `n-${tenant.id}` });
  const moved = await http.server.inject({ url: old, headers });
  assert.deepEqual([moved.statusCode, moved.headers.location], [308, `/api/organizations/n-${tenant.id}`]);
  assert.equal((await http.server.inject({ url: String(moved.headers.location), headers })).statusCode, 200);
  assert.equal((await http.server.inject({ url: "/api/organizations/elsewhere", headers })).statusCode, 404);
});

test("one who takes a slug in the moment that it is given up gets nothing", async () => {
  const person = await createPerson(http.database);
  for (let round = 0; round < 5; round++) {
    const { tenant, ask } = await openHouse(http, admin);
    const [changed, taken] = await Promise.all([
      ask(tenant.owner, "PUT", "/slug", { slug: `n-${tenant.id}` }),
      found(person, { name: "Squatter", slug: tenant.slug }),
    ]);
    assert.deepEqual([changed.statusCode, taken.statusCode], [200, 409]);
  }
});

test("the newest ten old slugs are kept", async () => {
  const { tenant } = await openHouse(http, admin);
  const slugs = [tenant.slug, ...Array.from({ length: 12 }, (_, index) => `s${index}-${tenant.id}`)];
  for (const [index, slug] of slugs.slice(1).entries()) {
    const url = `/api/organizations/${slugs[index]}/slug`;
    assert.equal((await http.ask(tenant.owner, { method: "PUT", url, payload: { slug } })).statusCode, 200);
  }
  assert.deepEqual((await me(tenant.owner)).organizations[0].old_slugs, slugs.slice(2, 12).sort());
});

async function deletedHouse(): Promise<House & { second: Person; plain: Person }> {
  const house = await openHouse(http, admin);
  const second = await house.join("owner");
  const plain = await house.join("admin");
  await house.get(house.tenant.owner, "DELETE", `?confirm=${house.tenant.slug}`);
  return { ...house, second, plain };
}

test("a deleted organization is closed, its owners are told, and one of them brings it back", async () => {
  const { tenant, ask, second, plain } = await deletedHouse();
  for (const person of [tenant.owner, second]) {
    assert.equal((await ask(person, "GET", "")).statusCode, 404);
    const [mail, ...others] = await mailsOf(person);
    assert.equal(others.length, 0);
    assert.equal(mail?.template, "organization_deleted");
    assert.match(mail.data.until ?? "", /^\d{4}-\d\d-\d\d$/);
  }
  assert.deepEqual(await mailsOf(plain), []);
  const { organizations, deleted_organizations } = await me(second);
  assert.deepEqual(organizations, []);
  assert.equal(deleted_organizations[0].id, tenant.id);
  assert.deepEqual((await me(plain)).deleted_organizations, []);
  assert.equal((await outside(plain, "POST", `${tenant.id}/restoration`)).statusCode, 403);
  assert.equal((await outside(await createPerson(http.database), "POST", `${tenant.id}/restoration`)).statusCode, 404);
  assert.equal((await outside(second, "POST", `${tenant.id}/restoration`)).statusCode, 204);
  assert.equal((await ask(tenant.owner, "GET", "")).statusCode, 200);
  assert.equal((await outside(second, "POST", `${tenant.id}/restoration`)).statusCode, 409);
});

test("after the grace period nobody brings it back", async () => {
  const { tenant, second } = await deletedHouse();
  await admin.query(
    "update organizations.organizations set deleted_at = now() - organizations.grace_period() where id = $1",
    [tenant.id],
  );
  assert.equal((await outside(second, "POST", `${tenant.id}/restoration`)).statusCode, 410);
  assert.deepEqual((await me(second)).deleted_organizations, []);
});

test("deleting wants the right name and somebody who lately proved who they are", async () => {
  const { tenant, ask } = await openHouse(http, admin);
  assert.equal((await ask(tenant.owner, "DELETE", "")).statusCode, 400);
  assert.equal((await ask(tenant.owner, "DELETE", "?confirm=other")).statusCode, 409);
  await setSession(admin, tenant.owner, "proved_at = now() - interval '16 minutes'");
  assert.equal((await ask(tenant.owner, "DELETE", `?confirm=${tenant.slug}`)).json().code, "proof_needed");
  const member = await createPerson(http.database);
  const answer = await ask(tenant.owner, "POST", "/ownership", { member: member.userId });
  assert.equal(answer.json().code, "proof_needed");
});

test("the operator suspends and resumes, on the record, and nobody who serves requests may", async () => {
  const { tenant, ask } = await openHouse(http, admin);
  const suspend = () => admin.query("select organizations.suspend_organization($1, 'unpaid')", [tenant.slug]);
  await suspend();
  assert.equal((await ask(tenant.owner, "GET", "")).statusCode, 404);
  await assert.rejects(suspend(), { code: "TN011" });
  await admin.query("select organizations.resume_organization($1)", [tenant.slug]);
  assert.equal((await ask(tenant.owner, "GET", "")).statusCode, 200);
  const { rows } = await admin.query(
    "select operation from audit.audit_logs where organization_id = $1 and resource_type = 'organizations.organizations' and action = 'update' order by seq",
    [tenant.id],
  );
  assert.deepEqual(
    rows.map(({ operation }) => operation),
    ["admin.organization.suspend", "admin.organization.resume"],
  );
  for (const role of ["gate", "member", "dispatcher", "worker"] as const) {
    const text = `select organizations.suspend_organization('${tenant.slug}', 'unpaid')`;
    await assert.rejects(
      http.database.lend(role, (client) => client.query(text)),
      { code: "42501" },
    );
  }
});

test("ownership goes to another active member, and the giver stays as an admin", async () => {
  const { tenant, ask, get, join } = await openHouse(http, admin);
  const heir = await join("labeler");
  await get(tenant.owner, "PUT", `/members/${heir.userId}/exceptions`, { grants: [], denials: ["audit.read"] });
  assert.equal((await ask(tenant.owner, "POST", "/ownership", { member: tenant.owner.userId })).statusCode, 409);
  assert.equal((await ask(tenant.owner, "POST", "/ownership", { member: randomUUID() })).statusCode, 404);
  await get(tenant.owner, "POST", "/ownership", { member: heir.userId });
  const [mine, theirs] = [await me(tenant.owner), await me(heir)].map(({ organizations }) => organizations[0]);
  assert.deepEqual([mine.roles, theirs.roles], [["admin"], ["labeler", "owner"]]);
  assert.ok(theirs.permissions.includes("audit.read"));
  assert.equal((await ask(tenant.owner, "POST", "/ownership", { member: tenant.owner.userId })).statusCode, 403);
});

test("who is told what they may do is told which of it is for some rows only", async () => {
  const { tenant, join } = await openHouse(http, admin);
  const [owner, client] = [await me(tenant.owner), await me(await join("client"))];
  assert.deepEqual(owner.organizations[0].narrow_permissions, []);
  const { permissions, narrow_permissions: narrow } = client.organizations[0];
  assert.ok(narrow.includes("commerce.store.read"));
  assert.deepEqual(
    narrow.filter((permission: string) => !permissions.includes(permission)),
    [],
  );
});

test("a person leaves by slug or id, but not as the last owner, and says what to be told", async () => {
  const { tenant, ask, join } = await openHouse(http, admin);
  const member = await join("admin");
  const settings = { notification_settings: { digest: "weekly" } };
  assert.equal((await outside(member, "PATCH", tenant.id, settings)).statusCode, 204);
  assert.deepEqual((await me(member)).organizations[0].notification_settings, { digest: "weekly" });
  assert.equal((await outside(member, "PATCH", (await createTenant(http.database)).slug, settings)).statusCode, 404);
  assert.equal((await outside(member, "POST", `${tenant.slug}/departure`)).statusCode, 204);
  assert.equal((await ask(member, "GET", "")).statusCode, 404);
  assert.equal((await outside(member, "POST", `${tenant.id}/departure`)).statusCode, 404);
  const last = await outside(tenant.owner, "POST", `${tenant.id}/departure`);
  assert.deepEqual([last.statusCode, last.json().detail], [409, "An organization needs an active owner."]);
  const { rows } = await admin.query(
    "select distinct operation, user_id from audit.audit_logs where organization_id = $1 and operation like '%leave'",
    [tenant.id],
  );
  assert.deepEqual(rows, [{ operation: "organizations.membership.leave", user_id: member.userId }]);
});
