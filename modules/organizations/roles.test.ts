import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import type pg from "pg";
import { adminOf } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import type { Role } from "./contract.ts";
import { openHouse } from "./organizations.fixture.ts";

let http: TestHttpServer;
let admin: pg.Client;

before(async () => {
  http = await openTestServer();
  admin = await adminOf(http.database);
});

const GUIDE = { name: "Guide", permissions: ["member.read", "organization.read"] };

test("a role is made, given, changed for those who hold it, and deleted once nobody does", async () => {
  const { tenant, get, ask, join } = await openHouse(http, admin);
  const { owner } = tenant;
  const role = await get<Role>(owner, "POST", "/roles", GUIDE);
  assert.deepEqual(role, {
    ...GUIDE,
    id: role.id,
    scope: "organization",
    description: "",
    built_in: false,
    members: 0,
  });
  const member = await join("client");
  await get(owner, "PUT", `/members/${member.userId}/roles`, { roles: [role.id] });
  assert.equal((await ask(member, "GET", "/roles")).statusCode, 200);
  const place = `/roles/${role.id}`;
  const changed = await get<Role>(owner, "PATCH", place, { name: "Scout", permissions: ["audit.read", "audit.read"] });
  assert.deepEqual(changed, { ...role, name: "Scout", permissions: ["audit.read"], members: 1 });
  assert.equal((await ask(member, "GET", "/roles")).statusCode, 403);
  assert.equal((await ask(member, "GET", "/audit/entries")).statusCode, 200);
  const held = await ask(owner, "DELETE", place);
  assert.deepEqual([held.statusCode, held.json().detail], [409, "1 member holds this role."]);
  await get(owner, "PUT", `/members/${member.userId}/roles`, { roles: [] });
  await get(owner, "DELETE", place);
  assert.equal((await ask(owner, "DELETE", place)).statusCode, 404);
});

test("built-in roles stay as they are, and names are told apart", async () => {
  const { tenant, get, ask, roleIds } = await openHouse(http, admin);
  const { items } = await get<{ items: Role[] }>(tenant.owner, "GET", "/roles");
  assert.equal(items.filter(({ built_in }) => built_in).length, 11);
  assert.deepEqual(items.find(({ name }) => name === "owner")?.members, 1);
  for (const id of Object.values(await roleIds())) {
    assert.equal((await ask(tenant.owner, "PATCH", `/roles/${id}`, { description: "Mine" })).statusCode, 409);
    assert.equal((await ask(tenant.owner, "DELETE", `/roles/${id}`)).statusCode, 409);
  }
  assert.equal((await ask(tenant.owner, "POST", "/roles", { ...GUIDE, name: "owner" })).statusCode, 409);
  assert.equal((await ask(tenant.owner, "POST", "/roles", { ...GUIDE, permissions: ["no.such"] })).statusCode, 400);
});

test("a role holds no more than its maker, in no wider scope, and who has less does not touch it", async () => {
  const { tenant, get, ask, join } = await openHouse(http, admin);
  const clerk = await join("labeler");
  await get(tenant.owner, "PUT", `/members/${clerk.userId}/exceptions`, { grants: ["role.manage"], denials: [] });
  const make = async (scope: string, permissions: string[]) =>
    (await ask(clerk, "POST", "/roles", { name: randomUUID(), scope, permissions })).statusCode;
  assert.equal(await make("own", ["member.read"]), 200);
  assert.equal(await make("organization", ["member.read"]), 403);
  assert.equal(await make("client", ["member.read"]), 403);
  assert.equal(await make("organization", ["role.manage"]), 200);
  assert.equal(await make("own", ["audit.read"]), 403);
  const rich = await get<Role>(tenant.owner, "POST", "/roles", { name: "Rich", permissions: ["audit.read"] });
  assert.equal((await ask(clerk, "PATCH", `/roles/${rich.id}`, { permissions: [] })).statusCode, 403);
  assert.equal((await ask(clerk, "DELETE", `/roles/${rich.id}`)).statusCode, 403);
  const narrow = await get<Role>(tenant.owner, "POST", "/roles", {
    name: "Narrow",
    scope: "own",
    permissions: ["role.manage"],
  });
  const helper = await join("Narrow");
  const answer = await ask(helper, "PATCH", `/roles/${narrow.id}`, { description: "Mine" });
  assert.deepEqual([answer.statusCode, answer.json().code], [403, "forbidden"]);
  const poor = await get<Role>(tenant.owner, "POST", "/roles", { name: "Poor", permissions: ["role.manage"] });
  assert.equal((await ask(clerk, "PATCH", `/roles/${poor.id}`, { permissions: ["key.manage"] })).statusCode, 403);
  assert.equal((await ask(clerk, "PATCH", `/roles/${poor.id}`, { scope: "organization" })).statusCode, 400);
});

test("a role that somebody holds does not vouch for what is put into it", async () => {
  const { tenant, get, ask, join } = await openHouse(http, admin);
  const role = await get<Role>(tenant.owner, "POST", "/roles", { name: "Clerk", permissions: ["role.manage"] });
  const clerk = await join("Clerk");
  const answer = await ask(clerk, "PATCH", `/roles/${role.id}`, { permissions: ["role.manage", "organization.own"] });
  assert.equal(answer.statusCode, 403);
});

test("an organization has a hundred roles of its own and no more, in parallel neither", async () => {
  const { tenant, ask } = await openHouse(http, admin);
  await admin.query(
    "insert into organizations.roles (organization_id, name) select $1, 'Role ' || n from generate_series(1, 97) n",
    [tenant.id],
  );
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => ask(tenant.owner, "POST", "/roles", { name: randomUUID(), permissions: [] })),
  );
  assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [200, 200, 200, 409, 409, 409]);
});

test("every permission is listed and described", async () => {
  const { tenant, get } = await openHouse(http, admin);
  const { items } = await get<{ items: { name: string; description: string }[] }>(tenant.owner, "GET", "/permissions");
  const { rows } = await admin.query("select name, description from organizations.permissions order by name");
  assert.deepEqual(items, rows);
});
