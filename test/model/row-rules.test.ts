import assert from "node:assert/strict";
import { test } from "node:test";
import { RUNTIME_ROLES, type RuntimeRole, roleName } from "../../kernel/database/roles.ts";
import type { Permission } from "../../kernel/database/types.gen.ts";
import type { EnteringRole } from "../../kernel/tenancy/context.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";
import {
  addMember,
  contextOf,
  createScratchDatabase,
  createTenant,
  openAdmin,
  openTestDatabase,
  type Person,
  testServer,
} from "../harness.ts";
import { ENGINE_TABLES } from "../schema/rules/global-tables.ts";
import { VIEWS } from "./row-parts.ts";
import { CHANGES, fillRows, type Held, ROWS, readRoles } from "./row-rules.fixture.ts";
import { AREAS, type Area, BUILT_IN_ROLES, type BuiltInRole, type Reach, ROLE_OF_OPENING } from "./row-rules.ts";
import { TABLES } from "./table-rules.ts";

// The matrix of row-rules.ts against what permissions, grants and policies say, and against what people get.

const server = await createScratchDatabase();
const database = openTestDatabase(server);
const admin = await openAdmin(server);

const tenant = await createTenant(database);
const people = new Map<BuiltInRole, Person>([["owner", tenant.owner]]);

for (const role of BUILT_IN_ROLES.slice(1)) people.set(role, await addMember(admin, database, tenant, role));
await fillRows(admin, tenant, {
  people: [...people.values()],
  client: people.get("client") ?? assert.fail(),
  colleague: await addMember(admin, database, tenant, "member"),
});

const areas: [string, Area][] = Object.entries(AREAS);

const REACH_OF_SCOPE: Record<string, Reach> = { organization: "all", own: "own", client: "customer" };

/** What a permission of an area reaches in the hands of a role. */
function reachOf(area: Area, permission: Permission | undefined, { scope, permissions }: Held): Reach {
  if (permission && permissions.has(permission))
    return (scope === "client" ? area.client : undefined) ?? REACH_OF_SCOPE[scope] ?? "none";
  return area.own && permissions.has(area.own) ? "own" : "none";
}

/** What a role sees of an area. */
function seenOf(area: Area, held: Held): Reach {
  const part = area.parts?.find(([permission]) => held.permissions.has(permission));
  const reach = reachOf(area, area.see, held);
  return reach === "none" && part ? part[1] : reach;
}

test("the built-in roles hold the permissions that the matrix says, in its reach", async () => {
  const held = await readRoles(admin);
  assert.deepEqual([...held.keys()].sort(), [...BUILT_IN_ROLES].sort());
  for (const [name, area] of areas) {
    for (const role of BUILT_IN_ROLES) {
      const theirs = held.get(role) ?? assert.fail(role);
      const found = { see: seenOf(area, theirs), write: reachOf(area, area.write, theirs) };
      assert.deepEqual(found, area.rules[role] ?? { see: "none", write: "none" }, `${role}: ${name}`);
    }
  }
});

test("every permission of an organization is one of the matrix, or is held by what it says here", async () => {
  const named = new Set(
    areas.flatMap(([, { see, write, own, parts = [] }]) => [see, write, own, ...parts.map(([part]) => part)]),
  );
  const { rows } = await admin.query<{ name: string; holders: string[] }>(
    `select name, array(select role from organizations.role_template_permissions where permission = name order by 1) as holders
     from organizations.permissions order by 1`,
  );
  const others = rows.filter(({ name }) => !named.has(name as Permission));
  const modules = others.filter(({ name }) => !/^(organization|role|key|member)\./.test(name));
  assert.deepEqual(modules, [
    { name: "analytics.event.write", holders: ["admin", "member", "owner"] },
    { name: "billing.invoice.manage", holders: ["admin", "billing_admin", "owner"] },
    { name: "content.item.publish", holders: ["admin", "moderator", "owner"] },
    { name: "labeling.terms.manage", holders: ["admin", "owner"] },
    { name: "projects.worklog.manage", holders: ["admin", "owner"] },
    { name: "tasks.webhook.manage", holders: ["admin", "owner"] },
  ]);
});

/** The database roles that have a privilege on a table, or on a column of it, under a policy that covers it. */
async function openTo(privileges: string[], command: string): Promise<Map<string, RuntimeRole[]>> {
  const { rows } = await admin.query<{ name: string; roles: RuntimeRole[] }>(
    `select c.oid::regclass::text as name, array(
       select r from unnest($1::text[]) r
       where exists (
         select from unnest($3::text[]) privilege
         where has_table_privilege($2 || '_' || r, c.oid, privilege)
            or privilege <> 'delete' and has_any_column_privilege($2 || '_' || r, c.oid, privilege)
       ) and ((select rolbypassrls from pg_roles where rolname = $2 || '_' || r) or exists (
         select from pg_policy p where p.polrelid = c.oid and p.polcmd::text in ('*', $4) and ($2 || '_' || r)::regrole = any (p.polroles)
       )) order by 1) as roles
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped
     where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace::regnamespace::text !~ '^pg_'`,
    [RUNTIME_ROLES, testServer.prefix, privileges, command],
  );
  return new Map(rows.filter(({ name }) => !(name in ENGINE_TABLES)).map(({ name, roles }) => [name, roles]));
}

test("every tenant table is in the matrix, and open for reading to the database roles of its openings alone", async () => {
  const found = await openTo(["select"], "r");
  assert.deepEqual([...found.keys()].sort(), Object.keys(TABLES).sort());
  for (const [name, { openings, changed }] of Object.entries(TABLES)) {
    const expected = new Set<RuntimeRole>(openings.length > 0 ? ["steward", "worker"] : []);
    for (const opening of openings)
      if (opening !== "all" || changed !== "steward") expected.add(ROLE_OF_OPENING[opening]);
    assert.deepEqual(found.get(name), [...expected].sort(), name);
  }
});

test("members change rows themselves only where the matrix says so, and nobody who sees a part changes any", async () => {
  const found = await openTo(["insert", "update", "delete"], "*");
  for (const [name, { changed }] of Object.entries(TABLES)) {
    const roles = found.get(name) ?? [];
    assert.equal(roles.includes("member"), changed === "rows", name);
    for (const role of ["own", "client", "public", "gate", "dispatcher"] as const)
      assert.ok(!roles.includes(role), `${name}: ${role}`);
  }
});

/** Columns that look as if they held a secret, with why they do not. */
const NO_SECRETS: Record<string, string> = {
  "audit.audit_logs.salt to member": "It goes into an entry's digest, which members may verify.",
  "datasets.versions.content_hash to member": "It tells whether the content changed.",
  "labeling.exports.content_hash to member": "It tells whether the file is whole.",
  "tasks.task_attempts.fencing_token to member": "It is the number of an attempt.",
};

test("no role that serves requests reads a secret, a hash, gold or a score", async () => {
  const { rows } = await admin.query<{ name: string; role: string }>(
    `select c.oid::regclass || '.' || a.attname as name, r as role
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     cross join unnest($1::text[]) r
     where c.relkind in ('r', 'p', 'v', 'm') and c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
       and (a.attname ~ '(hash|sealed|secret|password|salt|token_|_token$|^seed|recovery|credential)' and a.attname !~ '^usage_tokens$'
         or c.relnamespace::regnamespace::text || '.' || c.relname in
           ('datasets.dataset_answers', 'labeling.gold_placements', 'evaluation.scores', 'evaluation.prediction_chunks', 'commerce.store_credentials',
            'identity.credentials', 'kernel.secrets', 'kernel.signing_keys'))
       and has_column_privilege($2 || '_' || r, c.oid, a.attnum, 'select')`,
    [["gate", "member", "own", "client", "dispatcher", "public", "loader"], testServer.prefix],
  );
  assert.deepEqual(
    rows
      .map(({ name, role }) => `${name} to ${role}`)
      .filter((fault) => !(fault in NO_SECRETS))
      .sort(),
    [],
  );
});

test("gold answers and scores are read by tenon_steward and tenon_worker, and by nobody else", async () => {
  const found = await openTo(["select"], "r");
  for (const name of [
    "datasets.dataset_answers",
    "labeling.gold_placements",
    "evaluation.scores",
    "evaluation.prediction_chunks",
  ])
    assert.deepEqual(found.get(name), ["steward", "worker"], name);
});

/** The permission is missing, or held in another scope; nothing is granted. */
const REFUSED = ["TN003", "TN004", "42501"];

/** Tries a change; the error's code where it is refused. */
async function touch(person: Person, role: EnteringRole, permission: string, text: string): Promise<string> {
  try {
    await queryText(contextOf(database, tenant, { person, role, permission }), { text, values: [] });
    return "done";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

/** How many rows somebody sees, entering for a permission; the error's code where they are not let in or may not read. */
async function count(person: Person, role: EnteringRole, permission: string, table: string): Promise<number | string> {
  try {
    const text = await queryText(contextOf(database, tenant, { person, role, permission }), {
      text: `select count(*)::text from ${table}`,
      values: [],
    });
    return Number(text);
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

/** Whether a role is let into rows of an area as a database role, and sees what is open to that. */
function isLetIn(reach: Reach, scope: string, entering: EnteringRole): boolean {
  if (reach === "none") return false;
  if (scope === "client") return entering === "client";
  if (scope === "own") return entering === "own";
  // A permission for a part is no wall within the organization: who holds it there may be served as tenon_member and as tenon_own.
  return entering === "own" || entering === "member";
}

/** What somebody of a role gets of a table or view as one database role, with each permission of its area. */
async function tryTable(role: BuiltInRole, scope: string, name: string, entering: "member" | "own" | "client") {
  const person = people.get(role) ?? assert.fail();
  const area: Area = AREAS[(TABLES[name] ?? VIEWS[name] ?? assert.fail(name)).area];
  const reach = area.rules[role]?.see ?? "none";
  const permissions = [area.see, area.own, ...(area.parts ?? []).map(([part]) => part)].filter(
    (one) => one !== undefined,
  );
  const seen = await Promise.all(permissions.map((permission) => count(person, entering, permission, name)));
  const what = `${entering} of ${name}: ${seen}`;
  const counted = seen.filter((one) => typeof one === "number");
  const expected = ROWS[name]?.[entering];
  if (expected === undefined || !isLetIn(reach, scope, entering)) assert.deepEqual(counted, [], what);
  else assert.ok(counted.length > 0 && counted.every((one) => one === expected), what);
  for (const one of seen) assert.ok(typeof one === "number" || REFUSED.includes(one), what);
}

for (const role of BUILT_IN_ROLES) {
  test(`${role}: sees of each table what the matrix says, and is let in no other way`, async () => {
    const { scope } = (await readRoles(admin)).get(role) ?? assert.fail(role);
    for (const name of Object.keys(ROWS)) {
      for (const entering of ["member", "own", "client"] as const) await tryTable(role, scope, name, entering);
    }
  });
}

for (const role of BUILT_IN_ROLES) {
  test(`${role}: changes rows only where the matrix says so`, async () => {
    const person = people.get(role) ?? assert.fail();
    for (const [table, change] of Object.entries(CHANGES)) {
      const area: Area = AREAS[(TABLES[table] ?? assert.fail(table)).area];
      const mayWrite = area.rules[role]?.write === "all";
      for (const entering of ["member", "own", "client"] as const) {
        const outcome = await touch(person, entering, area.write ?? assert.fail(table), change);
        if (mayWrite && entering === "member") assert.ok(outcome === "done", `${table}: ${outcome}`);
        else assert.ok(REFUSED.includes(outcome), `${table} as ${entering}: ${outcome}`);
      }
    }
  });
}

test("of everything that is open to those who see a part, the tests above count the rows", () => {
  const open = [
    ...Object.entries(TABLES).flatMap(([name, { openings }]) => openings.map((one) => [name, ROLE_OF_OPENING[one]])),
    ...Object.entries(VIEWS).flatMap(([name, { roles }]) => roles.map((role) => [name, role])),
  ].filter(([, role]) => role !== "member");
  const counted = Object.entries(ROWS).flatMap(([name, counts]) => Object.keys(counts).map((role) => [name, role]));
  assert.deepEqual(open.sort(), counted.filter(([, role]) => role !== "member").sort());
});

type Loosened = { name: string; role: "own" | "client"; breach: string; repair: string };

/** Every policy and view for those who see a part, and how to take away from it whose rows it shows, and to give it back. */
async function loosenings(): Promise<Loosened[]> {
  const { rows: policies } = await admin.query<Loosened>(
    `select p.polrelid::regclass::text as name, r as role,
       format('alter policy %I on %s using (organization_id = kernel.organization_id())', p.polname, p.polrelid::regclass) as breach,
       format('alter policy %I on %s using (%s)', p.polname, p.polrelid::regclass, pg_get_expr(p.polqual, p.polrelid)) as repair
     from pg_policy p cross join unnest(array['own', 'client']) r where ($1 || '_' || r)::regrole = any (p.polroles)`,
    [testServer.prefix],
  );
  const { rows: views } = await admin.query<{ name: string; definition: string }>(
    "select name, pg_get_viewdef(name::regclass) as definition from unnest($1::text[]) name",
    [Object.keys(VIEWS)],
  );
  const ofViews = views.flatMap(({ name, definition }) => {
    const make = `create or replace view ${name} with (security_barrier) as `;
    const loose = definition.replace(
      / AND \(\w+\.(user_id = kernel\.user_id\(\)|customer_id = ANY \(kernel\.customer_ids\(\)\))\)/,
      "",
    );
    return (VIEWS[name]?.roles ?? []).map((role) => ({ name, role, breach: make + loose, repair: make + definition }));
  });
  return [...policies, ...ofViews];
}

test("a policy or a view that forgets whose rows it shows is noticed, each one", async () => {
  const found = await loosenings();
  assert.ok(found.length > 40, String(found.length));
  for (const { name, role, breach, repair } of found) {
    const area: Area = AREAS[(TABLES[name] ?? VIEWS[name] ?? assert.fail(name)).area];
    const person = people.get(role === "client" ? "client" : "owner") ?? assert.fail();
    const wishes = [area.see, area.own, ...(area.parts ?? []).map(([part]) => part)].filter((one) => one !== undefined);
    const look = async () => {
      const seen = await Promise.all(wishes.map((permission) => count(person, role, permission, name)));
      return seen.filter((one) => typeof one === "number");
    };
    const expected = ROWS[name]?.[role];
    assert.ok(
      (await look()).every((one) => one === expected),
      name,
    );
    await admin.query(breach);
    const loose = await look();
    await admin.query(repair);
    assert.ok(loose.length > 0 && loose.every((one) => one !== expected), `${name} to ${role}: ${loose}`);
  }
});

test("the matrix notices a grant, a policy, and a permission too many", async () => {
  const owner = roleName(testServer.prefix, "owner");
  await admin.query("begin");
  try {
    await admin.query(`set local role ${owner}`);
    await admin.query(`grant select on datasets.dataset_answers to ${roleName(testServer.prefix, "member")}`);
    await admin.query(
      "insert into organizations.role_template_permissions (role, permission) values ('viewer', 'crm.customer.write')",
    );
    await admin.query("reset role");
    const found = await openTo(["select"], "r");
    assert.deepEqual(found.get("datasets.dataset_answers"), ["member", "steward", "worker"]);
    assert.ok((await readRoles(admin)).get("viewer")?.permissions.has("crm.customer.write"));
  } finally {
    await admin.query("rollback");
  }
});
