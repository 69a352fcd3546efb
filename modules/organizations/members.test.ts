import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import type pg from "pg";
import type { Permission } from "../../kernel/database/types.gen.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";
import { adminOf, contextOf, createTenant, type Person } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import type { MemberRow } from "./contract.ts";
import { type House, openHouse } from "./organizations.fixture.ts";

type Page = { items: MemberRow[]; next_cursor: string | null };

let http: TestHttpServer;
let admin: pg.Client;

before(async () => {
  http = await openTestServer();
  admin = await adminOf(http.database);
});

const rename = (person: Person, name: string) =>
  admin.query("update identity.users set full_name = $2 where id = $1", [person.userId, name]);

async function namedHouse(): Promise<House & Record<"ada" | "bob" | "cyd", Person>> {
  const house = await openHouse(http, admin);
  const [ada, bob, cyd] = [await house.join("admin"), await house.join("labeler"), await house.join("viewer")];
  await rename(house.tenant.owner, "Zoe 100%");
  await rename(ada, "ada");
  await rename(bob, "Bob");
  await rename(cyd, "Cyd");
  return { ...house, ada, bob, cyd };
}

test("members are listed by name, in pages, and found by what they begin with", async () => {
  const { tenant, get, ask, roleIds, ada, cyd } = await namedHouse();
  const list = (query = "") => get<Page>(tenant.owner, "GET", `/members${query}`);
  const namesOf = ({ items }: Page) => items.map(({ name }) => name);
  assert.deepEqual(namesOf(await list()), ["ada", "Bob", "Cyd", "Zoe 100%"]);
  const first = await list("?limit=3");
  assert.deepEqual([namesOf(first), first.next_cursor], [["ada", "Bob", "Cyd"], cyd.userId]);
  assert.deepEqual(await list(`?limit=3&cursor=${first.next_cursor}`), {
    items: (await list()).items.slice(3),
    next_cursor: null,
  });
  assert.deepEqual(namesOf(await list("?search=ZOE")), ["Zoe 100%"]);
  assert.deepEqual(namesOf(await list("?search=zoe%20100%25")), ["Zoe 100%"]);
  assert.deepEqual(namesOf(await list("?search=%25")), []);
  assert.deepEqual(namesOf(await list("?search=_da")), []);
  assert.deepEqual(namesOf(await list(`?search=${ada.email.slice(0, 20).toUpperCase()}`)), ["ada"]);
  assert.deepEqual(namesOf(await list(`?role=${(await roleIds()).labeler}`)), ["Bob"]);
  await get(tenant.owner, "PUT", `/members/${cyd.userId}/status`, { status: "suspended" });
  assert.deepEqual(namesOf(await list("?status=suspended")), ["Cyd"]);
  const foreign = (await createTenant(http.database)).owner.userId;
  for (const cursor of [foreign, randomUUID()])
    assert.equal((await ask(tenant.owner, "GET", `/members?cursor=${cursor}`)).statusCode, 400);
  assert.equal(
    (await list()).items.some((item) => "effective_permissions" in item),
    false,
  );
});

test("who sees only their own sees themselves: in the list, in roles, and in explanations", async () => {
  const { tenant, get, ask, bob, ada } = await namedHouse();
  const { items, next_cursor } = await get<Page>(bob, "GET", "/members");
  assert.deepEqual([items.map(({ user_id }) => user_id), next_cursor], [[bob.userId], null]);
  assert.equal((await ask(bob, "GET", `/members?cursor=${tenant.owner.userId}`)).json().items?.length ?? 0, 0);
  assert.equal((await get<MemberRow>(bob, "GET", `/members/${bob.userId}`)).user_id, bob.userId);
  const roles = await get<{ items: { name: string; members: number | null }[] }>(bob, "GET", "/roles");
  assert.deepEqual(
    roles.items.map(({ name, members }) => [name, members]),
    [["labeler", null]],
  );
  for (const path of [`/members/${ada.userId}`, `/permissions/explain?member=${ada.userId}&permission=member.read`])
    assert.equal((await ask(bob, "GET", path)).statusCode, 404, path);
});

test("an admin suspends, lets in again and removes; the person is told and has no rights left", async () => {
  const { tenant, get, ask, ada, cyd } = await namedHouse();
  const place = `/members/${cyd.userId}`;
  await get(ada, "PUT", `${place}/exceptions`, { grants: ["audit.read"], denials: ["member.read"] });
  await get(ada, "PUT", `${place}/status`, { status: "suspended" });
  assert.equal((await ask(cyd, "GET", "")).statusCode, 404);
  await get(ada, "PUT", `${place}/status`, { status: "active" });
  assert.equal((await ask(cyd, "GET", "")).statusCode, 200);
  await get(ada, "DELETE", place);
  assert.equal((await ask(cyd, "GET", "")).statusCode, 404);
  const member = await get<Record<string, unknown>>(ada, "GET", place);
  const { status, roles, grants, denials, effective_permissions } = member;
  assert.deepEqual(
    { status, roles, grants, denials, effective_permissions },
    { status: "left", roles: [], grants: [], denials: ["member.read"], effective_permissions: {} },
  );
  const { rows } = await admin.query(
    "select template, data ->> 'organization' as organization from kernel.mails where recipient = $1",
    [cyd.email],
  );
  assert.deepEqual(rows, [{ template: "membership_ended", organization: "Test organization" }]);
  assert.equal((await ask(ada, "DELETE", place)).statusCode, 409);
  assert.equal((await ask(ada, "PUT", `${place}/status`, { status: "active" })).statusCode, 409);
  const record = await admin.query(
    "select distinct operation, user_id from audit.audit_logs where organization_id = $1 and operation like '%.member.remove'",
    [tenant.id],
  );
  assert.deepEqual(record.rows, [{ operation: "organizations.member.remove", user_id: ada.userId }]);
});

test("an admin touches no owner, makes none, and gives nobody more than they have", async () => {
  const { tenant, ask, roleIds, ada, bob } = await namedHouse();
  const { owner, admin: adminRole } = await roleIds();
  const refused = async (method: "PUT" | "DELETE", path: string, payload?: object) =>
    assert.equal((await ask(ada, method, `/members/${path}`, payload)).statusCode, 403, path);
  for (const target of [tenant.owner, ada, bob])
    await refused("PUT", `${target.userId}/roles`, { roles: [adminRole, owner] });
  await refused("PUT", `${tenant.owner.userId}/roles`, { roles: [adminRole] });
  await refused("PUT", `${tenant.owner.userId}/status`, { status: "suspended" });
  await refused("DELETE", tenant.owner.userId);
  for (const target of [ada, bob])
    await refused("PUT", `${target.userId}/exceptions`, { grants: ["organization.own"], denials: [] });
  // Not hidden behind a denial either, which somebody else might lift.
  await admin.query(
    `update organizations.memberships set permissions = '{"grants": [], "denials": ["organization.own"]}' where organization_id = $1 and user_id = $2`,
    [tenant.id, bob.userId],
  );
  await refused("PUT", `${bob.userId}/roles`, { roles: [owner] });
  await refused("PUT", `${bob.userId}/exceptions`, { grants: ["organization.own"], denials: [] });
});

test("nobody lifts their own denial or gives themselves a right that they lack", async () => {
  const { tenant, get, ask, roleIds, ada } = await namedHouse();
  const place = `/members/${ada.userId}`;
  await get(tenant.owner, "PUT", `${place}/exceptions`, { grants: [], denials: ["audit.read"] });
  const before = await get(ada, "GET", place);
  assert.equal((await ask(ada, "PUT", `${place}/exceptions`, { grants: [], denials: [] })).statusCode, 403);
  assert.equal((await ask(ada, "PUT", `${place}/exceptions`, { grants: ["audit.read"], denials: [] })).statusCode, 403);
  assert.equal((await ask(ada, "PUT", `${place}/status`, { status: "suspended" })).statusCode, 409);
  assert.deepEqual(await get(ada, "GET", place), before);
  const { viewer } = await roleIds();
  await get(ada, "PUT", `${place}/roles`, { roles: [viewer] });
  assert.equal((await ask(ada, "PUT", `${place}/roles`, { roles: [viewer] })).statusCode, 403);
});

test("an owner is granted and denied nothing; faults in exceptions and roles are told", async () => {
  const { tenant, ask, bob } = await namedHouse();
  const foreign = await openHouse(http, admin);
  const { viewer } = await foreign.roleIds();
  const put = async (person: Person, what: string, payload: object) =>
    (await ask(tenant.owner, "PUT", `/members/${person.userId}/${what}`, payload)).statusCode;
  assert.equal(await put(tenant.owner, "exceptions", { grants: [], denials: ["member.read"] }), 409);
  assert.equal(await put(bob, "exceptions", { grants: ["member.read"], denials: ["member.read"] }), 400);
  assert.equal(await put(bob, "exceptions", { grants: ["no.such"], denials: [] }), 400);
  assert.equal(await put(bob, "roles", { roles: [viewer] }), 400);
  assert.equal(await put(foreign.tenant.owner, "roles", { roles: [] }), 404);
  assert.equal(await put(bob, "roles", { roles: [] }), 204);
});

test("the last owner cannot be demoted, removed or suspended", async () => {
  const { tenant, ask, roleIds, join } = await openHouse(http, admin);
  const { admin: adminRole } = await roleIds();
  const place = `/members/${tenant.owner.userId}`;
  const suspended = await join("owner");
  await ask(tenant.owner, "PUT", `/members/${suspended.userId}/status`, { status: "suspended" });
  for (const attempt of [
    ask(tenant.owner, "PUT", `${place}/roles`, { roles: [adminRole] }),
    ask(tenant.owner, "DELETE", place),
    ask(tenant.owner, "PUT", `${place}/status`, { status: "suspended" }),
  ])
    assert.equal((await attempt).statusCode, 409);
});

const ROUNDS = 6;

test("of two owners who demote, remove, suspend or leave at once exactly one succeeds", async () => {
  const { roleIds, tenant, ask, join } = await openHouse(http, admin);
  const { admin: adminRole = "", owner: ownerRole = "" } = await roleIds();
  const attempts = {
    demote: (actor: Person, other: Person) =>
      ask(actor, "PUT", `/members/${other.userId}/roles`, { roles: [adminRole] }),
    remove: (actor: Person, other: Person) => ask(actor, "DELETE", `/members/${other.userId}`),
    suspend: (actor: Person, other: Person) =>
      ask(actor, "PUT", `/members/${other.userId}/status`, { status: "suspended" }),
    leave: (actor: Person) =>
      http.ask(actor, { method: "POST", url: `/api/me/organizations/${tenant.slug}/departure` }),
    demoteSelf: (actor: Person) => ask(actor, "PUT", `/members/${actor.userId}/roles`, { roles: [adminRole] }),
  };
  let owner = tenant.owner;
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, attempt] of Object.entries(attempts)) {
      const second = await join("owner");
      const answers = await Promise.all([attempt(owner, second), attempt(second, owner)]);
      const done = answers.filter(({ statusCode }) => statusCode === 204);
      assert.equal(
        done.length,
        1,
        `${name}: ${answers.map(({ statusCode, body }) => `${statusCode} ${body}`).join(" | ")}`,
      );
      assert.ok(
        answers.every(({ statusCode }) => [204, 403, 404, 409].includes(statusCode)),
        name,
      );
      const { rows } = await admin.query<{ user_id: string }>(
        `select mr.user_id from organizations.member_roles mr
         join organizations.memberships m using (organization_id, user_id)
         where mr.organization_id = $1 and mr.role_id = $2 and m.status = 'active'`,
        [tenant.id, ownerRole],
      );
      assert.equal(rows.length, 1, name);
      owner = rows[0]?.user_id === owner.userId ? owner : second;
    }
  }
});

test("a member's own statements change no membership, role or permission", async () => {
  const { tenant, join } = await openHouse(http, admin);
  const member = await join("labeler");
  for (const [role, person] of [
    ["member", tenant.owner],
    ["own", member],
    ["steward", tenant.owner],
  ] as const) {
    for (const text of [
      "update organizations.memberships set status = 'active'",
      "update organizations.member_roles set role_id = role_id",
      "insert into organizations.member_roles (organization_id, user_id, role_id) select organization_id, user_id, role_id from organizations.member_roles",
      "delete from organizations.member_roles",
      "update organizations.role_permissions set permission = 'organization.own'",
      "insert into organizations.role_permissions (organization_id, role_id, permission) values (null, null, null)",
      "update organizations.roles set scope = 'organization'",
      "delete from organizations.slug_history",
    ]) {
      const permission: Permission = "organization.read";
      const context = contextOf(http.database, tenant, { role, person, permission });
      await assert.rejects(queryText(context, { text }), { code: "42501" }, `${role}: ${text}`);
    }
  }
});
