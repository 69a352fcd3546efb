import assert from "node:assert/strict";
import { before, test } from "node:test";
import type pg from "pg";
import { roleName } from "../../kernel/database/roles.ts";
import { columnsFor } from "../../kernel/nouns/columns.ts";
import { addMember, createTenant, openAdmin, type Person, type Tenant, testServer } from "../harness.ts";
import {
  anyKey,
  isRead,
  type NounEndpoint,
  nounRequest,
  type Operation,
  type Served,
  served,
} from "./noun-requests.ts";
import { openTestServer, type TestHttpServer } from "./server.ts";

/** How whoever is let in is answered about what is not there. */
const ANSWERED = [200, 201, 204, 400, 404, 409];

/** A built-in role: whose rows its holders see, and what it permits. */
type Role = { name: string; scope: "organization" | "own" | "client"; permissions: string[] };

let http: TestHttpServer;
let admin: pg.Client;
let tenant: Tenant;
let roles: Role[];

before(async () => {
  http = await openTestServer();
  admin = await openAdmin();
  tenant = await createTenant(http.database);
  const found = await admin.query<Role>(
    `select t.name, t.scope, array_remove(array_agg(p.permission), null) as permissions
     from organizations.role_templates t left join organizations.role_template_permissions p on p.role = t.name group by t.name order by t.name`,
  );
  roles = found.rows;
});

test("each built-in role may do with nouns what its permissions and its scope say, and nothing else", async () => {
  const wrong: string[] = [];
  for (const [turn, role] of roles.entries()) {
    const person = await addMember(admin, http.database, tenant, role.name);
    for (const one of askedBy(role, turn))
      for (const each of someOf(one, turn)) wrong.push(...(await misjudged(role, person, one, each)));
  }
  assert.deepEqual(wrong, []);
});

/** Every noun for who sees a part of the rows; for the others one for each permission, another one each turn. */
function askedBy({ scope }: Role, turn: number): readonly Served[] {
  if (scope !== "organization") return served;
  const alike = Map.groupBy(served, ({ noun }) => `${noun.read} ${noun.write}`);
  return [...alike.values()].flatMap((group) => group[turn % group.length] ?? []);
}

/** A sentence for what a role may do and is refused, or the other way round. */
async function misjudged(role: Role, person: Person, one: Served, each: NounEndpoint): Promise<string[]> {
  const expected = await isLetIn(role, one, each);
  const { statusCode, body } = await ask(one, each, person);
  const isRefused = statusCode === 403 && JSON.parse(body).code === "forbidden";
  // A wrong input is told before the database is asked for more than the permission.
  if (statusCode === 400 && role.permissions.includes(each.endpoint.access)) return [];
  if (expected ? ANSWERED.includes(statusCode) : isRefused) return [];
  return [`${role.name}, ${each.endpoint.name}: ${statusCode}, ${expected ? "may" : "may not"}`];
}

test("no noun answers whoever is not signed in", async () => {
  for (const one of served)
    for (const each of one.endpoints)
      assert.equal((await ask(one, each, undefined)).statusCode, 401, each.endpoint.name);
});

test("reading and writing are asked for by the permissions that the noun names", () => {
  for (const { noun, endpoints } of served)
    for (const { endpoint, operation } of endpoints)
      assert.equal(endpoint.access, isRead(operation) ? noun.read : noun.write, endpoint.name);
});

/** Of a noun's operations one that reads and one that writes: in turn, so that each has been asked for by each role of some nouns. */
function someOf({ endpoints }: Served, turn: number): NounEndpoint[] {
  return [true, false].flatMap((reads) => {
    const some = endpoints.filter(({ operation }) => isRead(operation) === reads);
    const one = some[turn % some.length];
    return one ? [one] : [];
  });
}

/** About nothing that is there: whoever is let in is told so, and changes nothing. */
function ask(one: Served, each: NounEndpoint, person: Person | undefined) {
  const request = nounRequest(one, each, tenant.slug, anyKey(one.noun));
  return http.ask(person, { ...request, ...(each.operation === "create" && { payload: {} }) });
}

const RIGHTS: Partial<Record<Operation, string>> = {
  create: "insert",
  update: "update",
  delete: "delete",
  bulk: "delete",
};

/** The permission lets in; what a role sees of the table, or may change there, the database says. */
async function isLetIn({ scope, permissions }: Role, { noun }: Served, { endpoint, operation }: NounEndpoint) {
  if (!permissions.includes(endpoint.access)) return false;
  if (scope === "organization") return true;
  const columns = isRead(operation) ? columnsFor(noun, scope) : noun.writable;
  const { rows } = await admin.query<{ may: boolean }>(
    `select ${isRead(operation) ? "bool_and(has_column_privilege($1, $2, name, 'select'))" : "has_table_privilege($1, $2, $4)"} as may
     from unnest($3::text[]) name`,
    [
      roleName(testServer.prefix, scope),
      noun.table,
      columns,
      ...(isRead(operation) ? [] : [RIGHTS[operation] ?? "update"]),
    ],
  );
  return rows[0]?.may ?? false;
}
