import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { parseToken } from "../../kernel/tenancy/credential.ts";
import { addMember, createPerson, createTenant, type Person, type Tenant } from "../../test/harness.ts";
import { missingIds, requestOf, verbRoutes } from "../../test/http/requests.ts";
import { makeWorld } from "../../test/http/world.ts";
import { resumePerson, revokePlatformRole, suspendPerson } from "../identity/operators.ts";
import { admin, askWith, at, http, makeService, post } from "./keys.fixture.ts";
import { mails } from "./mails.ts";

const REASON = "Ticket 4711: labels are missing";

/** Somebody with a platform role, signed in with a second factor. */
async function createSupporter(role = "support"): Promise<Person> {
  const person = await createPerson(http.database);
  await admin.query("select identity.grant_platform_role($1, $2)", [person.email, role]);
  await admin.query("update identity.user_sessions set second_factor = true where user_id = $1", [person.userId]);
  return person;
}

async function allow(tenant: Tenant, hours = 24): Promise<string> {
  return (await post(tenant.owner, at(tenant, "support-grants"), { reason: "Please look", expires_in_hours: hours }))
    .id;
}

/** Opens a visit and expects the status. */
async function visit(supporter: Person, tenant: Tenant, member: string, status = 200) {
  return post(supporter, "/api/support/visits", { organization: tenant.slug, member, reason: REASON }, status);
}

/** An organization that lets support in, and a visit in an administrator's place. */
async function visited(hours = 24) {
  const tenant = await createTenant(http.database);
  const member = await addMember(admin, http.database, tenant, "admin");
  const grant = await allow(tenant, hours);
  const supporter = await createSupporter();
  const { token, ends_at }: { token: string; ends_at: string } = await visit(supporter, tenant, member.userId);
  return { tenant, member, grant, supporter, token, ends_at };
}

async function statusOf(token: string, url: string): Promise<number> {
  return (await askWith(token, { url })).statusCode;
}

async function visitsOf(tenant: Tenant) {
  const { items } = (await http.ask(tenant.owner, { url: at(tenant, "support-grants") })).json();
  return items.flatMap((grant: { visits: unknown[] }) => grant.visits);
}

test("a supporter works in a member's place, in the rights of the member, and both stand on every entry", async () => {
  const { tenant, member, supporter, token, ends_at } = await visited();
  assert.ok(parseToken(token));
  const minutes = (Date.parse(ends_at) - Date.now()) / 60_000;
  assert.ok(minutes > 55 && minutes <= 60, ends_at);
  const me = (await askWith(token, { url: "/api/me" })).json();
  assert.deepEqual([me.user_id, me.impersonator_id, me.second_factor], [member.userId, supporter.userId, true]);
  assert.deepEqual(
    me.organizations.map(({ slug }: { slug: string }) => slug),
    [tenant.slug],
  );

  const payload = { name: "Made by support", labels: [{ name: "a" }, { name: "b" }] };
  const made = await askWith(token, { method: "POST", url: at(tenant, "labeling/projects"), payload });
  assert.equal(made.statusCode, 200, made.body);
  const { rows } = await admin.query(
    "select distinct resource_type, user_id, impersonator_id from audit.audit_logs where organization_id = $1 and (impersonator_id is not null or resource_id = $2) order by 1",
    [tenant.id, made.json().id],
  );
  assert.ok(rows.some(({ resource_type }) => resource_type === "projects.projects"));
  assert.ok(rows.some(({ resource_type }) => resource_type === "organizations.support_visits"));
  for (const row of rows) assert.deepEqual([row.user_id, row.impersonator_id], [member.userId, supporter.userId]);
});

test("a visit and its reason are shown to the organization, told to its owners, and in the history of both accounts", async () => {
  const { tenant, member, supporter } = await visited();
  const [shown] = await visitsOf(tenant);
  assert.deepEqual(
    [shown.supporter, shown.member.id, shown.reason, shown.ended_at],
    [{ id: supporter.userId, name: "A Person" }, member.userId, REASON, null],
  );
  const sent = await admin.query(
    "select template, data from kernel.mails where recipient = $1 and template = 'support_visited'",
    [tenant.owner.email],
  );
  assert.equal(sent.rows.length, 1);
  const words = mails.find(({ name }) => name === "support_visited")?.write(sent.rows[0].data);
  assert.equal(words?.subject, "Support is working in Test organization");
  assert.ok(words?.lines.some((line) => line.includes(REASON)));
  assert.ok(!JSON.stringify(words).includes("undefined"));
  for (const person of [member, supporter]) {
    const { rows } = await admin.query(
      "select details from identity.user_events where user_id = $1 and kind = 'support_visited'",
      [person.userId],
    );
    assert.deepEqual(
      [rows.length, rows[0]?.details.member, rows[0]?.details.supporter],
      [1, member.userId, supporter.userId],
    );
  }
});

test("support in an owner's place is refused whatever would outlast the visit", async () => {
  const { tenant, ids } = await makeWorld(http, admin);
  const { token } = await visit(await createSupporter("admin"), tenant, tenant.owner.userId);
  const { rows } = await admin.query("select unnest(kernel.closed_to_support()) as name");
  const closed = rows.map(({ name }) => name);
  assert.ok(closed.length >= 7);
  const tried = verbRoutes.filter(({ kind, endpoint }) => kind === "member" && closed.includes(endpoint.access));
  assert.ok(tried.length >= 10);
  for (const { endpoint } of tried) {
    const refused = await askWith(token, requestOf(endpoint, ids));
    assert.deepEqual([refused.statusCode, refused.json().code], [403, "forbidden"], endpoint.name);
    assert.match(refused.json().detail, /Support may not/);
  }
  assert.equal(await statusOf(token, at(tenant, "audit/entries")), 200);
});

test("a visit changes nothing of the member's account, and opens no other organization", async () => {
  const { tenant, member, token } = await visited();
  const other = await createTenant(http.database);
  await admin.query("select organizations.add_member($1, $2, '{owner}')", [other.id, member.userId]);
  const nothing = await statusOf(token, `/api/organizations/t-${randomUUID()}/audit/entries`);
  assert.deepEqual([nothing, await statusOf(token, at(other, "audit/entries"))], [404, 404]);
  assert.equal(await statusOf(token, at(tenant, "audit/entries")), 200);
  for (const { kind, endpoint } of verbRoutes) {
    if (kind !== "person" || endpoint.method === "GET" || endpoint.name === "identity.session.end") continue;
    const refused = await askWith(token, requestOf(endpoint, missingIds()));
    assert.equal(refused.statusCode, 401, endpoint.name);
  }
  const parts = parseToken(token);
  assert.ok(parts?.kind === "session");
  const found = "select organizations.create_organization($1, $2, $3, 'Mine', $4, '{}')";
  await assert.rejects(admin.query(found, [parts.userId, parts.sessionId, parts.secret, `o-${randomUUID()}`]), {
    code: "TN001",
  });
});

test("a visit needs the role, a second factor, a fresh proof, a consent and a member, in this order", async () => {
  const tenant = await createTenant(http.database);
  const member = await addMember(admin, http.database, tenant, "member");
  const person = await createPerson(http.database);
  const code = async (status: number, who = member.userId, where = tenant) =>
    (await visit(person, where, who, status)).code;
  const session = (sql: string) =>
    admin.query(`update identity.user_sessions set ${sql} where user_id = $1`, [person.userId]);
  assert.equal(await code(403), "forbidden");
  await admin.query("select identity.grant_platform_role($1, 'moderator')", [person.email]);
  assert.equal(await code(403), "forbidden");
  await admin.query("select identity.grant_platform_role($1, 'support')", [person.email]);
  assert.equal(await code(403), "second_factor_needed");
  await session("second_factor = true, proved_at = now() - interval '16 minutes'");
  assert.equal(await code(403), "proof_needed");
  await session("proved_at = now()");
  const refused = await visit(person, tenant, member.userId, 403);
  const nowhere = await visit(person, { ...tenant, slug: `t-${randomUUID()}` }, member.userId, 403);
  assert.match(refused.detail, /has not let support in/);
  assert.deepEqual({ ...refused, request_id: 0 }, { ...nowhere, request_id: 0 });
  const grant = await allow(tenant);
  const nobody = [
    randomUUID(),
    person.userId,
    await makeService(tenant, "viewer"),
    (await createTenant(http.database)).owner.userId,
  ];
  for (const who of nobody) assert.equal(await code(404, who), "not_found");
  assert.equal(await code(200), undefined);
  await admin.query("update organizations.support_grants set expires_at = now() where id = $1", [grant]);
  assert.equal(await code(403), "forbidden");
  const short = { organization: tenant.slug, member: member.userId, reason: "too short" };
  await post(person, "/api/support/visits", short, 400);
});

test("a supporter in a member's place opens no visit from there", async () => {
  const { tenant, token, member } = await visited();
  await admin.query("select identity.grant_platform_role($1, 'admin')", [member.email]);
  const payload = { organization: tenant.slug, member: tenant.owner.userId, reason: REASON };
  assert.equal((await askWith(token, { method: "POST", url: "/api/support/visits", payload })).statusCode, 401);
});

/** What ends a visit, and what the organization reads of it. */
const ENDINGS: Record<
  string,
  { end(scene: Awaited<ReturnType<typeof visited>>): Promise<unknown>; reason: string | null }
> = {
  "signing out with its token": {
    end: ({ token }) => askWith(token, { method: "DELETE", url: "/api/session" }),
    reason: "signed out",
  },
  "taking the consent back": {
    end: ({ tenant, grant }) =>
      http.ask(tenant.owner, { method: "DELETE", url: at(tenant, `support-grants/${grant}`) }),
    reason: "consent taken back",
  },
  "taking the role away": {
    end: ({ supporter }) => revokePlatformRole(admin, supporter.email, "support"),
    reason: "the supporter lost the role",
  },
  "shutting the supporter out": {
    end: ({ supporter }) => suspendPerson(admin, supporter.email),
    reason: "the supporter's account is closed",
  },
  "its time": {
    end: ({ member }) =>
      admin.query(
        // The end as well: a session that is just being used is prolonged up to there.
        "update identity.user_sessions set expires_at = now() - interval '1 minute', ends_at = now() - interval '1 minute' where user_id = $1 and kind = 'impersonation'",
        [member.userId],
      ),
    reason: null,
  },
};
for (const [how, { end, reason }] of Object.entries(ENDINGS)) {
  test(`${how} ends a visit with the next request`, async () => {
    const scene = await visited();
    const url = at(scene.tenant, "audit/entries");
    assert.equal(await statusOf(scene.token, url), 200);
    await end(scene);
    assert.deepEqual([await statusOf(scene.token, url), await statusOf(scene.token, "/api/me")], [401, 401]);
    const [shown] = await visitsOf(scene.tenant);
    assert.deepEqual([shown.end_reason, shown.ended_at !== null], [reason, reason !== null]);
    assert.equal((await http.ask(scene.member, { url: "/api/me" })).statusCode, 200);
    await resumePerson(admin, scene.supporter.email);
    assert.equal(await statusOf(scene.token, url), 401);
  });
}

test("the supporter's signing out stands on the record with both people", async () => {
  const { tenant, member, supporter, token } = await visited();
  await askWith(token, { method: "DELETE", url: "/api/session" });
  const { rows } = await admin.query(
    "select user_id, impersonator_id from audit.audit_logs where organization_id = $1 and resource_type = 'organizations.support_visits' and action = 'update'",
    [tenant.id],
  );
  assert.deepEqual(rows, [{ user_id: member.userId, impersonator_id: supporter.userId }]);
});

test("one of two roles that let support in can go", async () => {
  const { tenant, supporter, token } = await visited();
  await admin.query("select identity.grant_platform_role($1, 'admin')", [supporter.email]);
  await revokePlatformRole(admin, supporter.email, "support");
  assert.equal(await statusOf(token, at(tenant, "audit/entries")), 200);
});

test("a visit ends no later than the consent, however much it is used", async () => {
  const tenant = await createTenant(http.database);
  const grant = await allow(tenant, 1);
  await admin.query(
    "update organizations.support_grants set expires_at = now() + interval '10 minutes' where id = $1",
    [grant],
  );
  const { token, ends_at } = await visit(await createSupporter(), tenant, tenant.owner.userId);
  const parts = parseToken(token);
  assert.ok(parts?.kind === "session");
  await admin.query("select identity.touch_session($1, $2, $3)", [parts.userId, parts.sessionId, parts.secret]);
  const { rows } = await admin.query(
    "select s.ends_at = g.expires_at and s.expires_at = g.expires_at as bounded, g.expires_at from identity.user_sessions s, organizations.support_grants g where s.id = $1 and g.id = $2",
    [parts.sessionId, grant],
  );
  assert.deepEqual([rows[0].bounded, rows[0].expires_at.toISOString()], [true, ends_at]);
});

test("visits that are opened while the consent is taken back are ended with it, or not opened", async () => {
  const supporters = await Promise.all(Array.from({ length: 8 }, () => createSupporter()));
  for (const _ of supporters) {
    const tenant = await createTenant(http.database);
    const grant = await allow(tenant);
    const payload = { organization: tenant.slug, member: tenant.owner.userId, reason: REASON };
    const open = (supporter: Person) => http.ask(supporter, { method: "POST", url: "/api/support/visits", payload });
    const [revoked, ...answers] = await Promise.all([
      http.ask(tenant.owner, { method: "DELETE", url: at(tenant, `support-grants/${grant}`) }),
      ...supporters.map(open),
    ]);
    assert.equal(revoked.statusCode, 204, revoked.body);
    for (const answer of answers) {
      if (answer.statusCode === 403) continue;
      assert.equal(answer.statusCode, 200, answer.body);
      assert.equal(await statusOf(answer.json().token, "/api/me"), 401);
    }
  }
});

test("support is let in for seven days at most, and taken back as often as one likes", async () => {
  const tenant = await createTenant(http.database);
  await post(tenant.owner, at(tenant, "support-grants"), { reason: "Please", expires_in_hours: 169 }, 400);
  const grant = await allow(tenant, 168);
  const url = at(tenant, `support-grants/${grant}`);
  for (const _ of [1, 2]) assert.equal((await http.ask(tenant.owner, { method: "DELETE", url })).statusCode, 204);
  const { items } = (await http.ask(tenant.owner, { url: at(tenant, "support-grants") })).json();
  assert.deepEqual([items.length, items[0].is_live, items[0].reason], [1, false, "Please look"]);
});
