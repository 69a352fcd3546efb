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
import { AREAS, type Area, BUILT_IN_ROLES, type BuiltInRole, type Reach, TABLES } from "./row-rules.ts";

// The matrix of row-rules.ts against what permissions, grants and policies say, and against what people get.

const server = await createScratchDatabase();
const database = openTestDatabase(server);
const admin = await openAdmin(server);

const tenant = await createTenant(database);
const people = new Map<BuiltInRole, Person>([["owner", tenant.owner]]);

for (const role of BUILT_IN_ROLES.slice(1)) people.set(role, await addMember(admin, database, tenant, role));
await fill();

const areas: [string, Area][] = Object.entries(AREAS);

/** What each built-in role may do, in which scope. */
async function templates(): Promise<Map<string, { scope: string; permissions: Set<string> }>> {
  const { rows } = await admin.query<{ name: string; scope: string; permissions: string[] }>(
    `select name, scope, array(select permission from organizations.role_template_permissions where role = name) as permissions
     from organizations.role_templates`,
  );
  return new Map(rows.map(({ name, scope, permissions }) => [name, { scope, permissions: new Set(permissions) }]));
}

const REACH_OF_SCOPE: Record<string, Reach> = { organization: "all", own: "own", client: "customer" };

function reachOf(permission: Permission | undefined, own: Permission | undefined, held: Set<string>, scope: string) {
  if (permission && held.has(permission)) return REACH_OF_SCOPE[scope] ?? "none";
  return own && held.has(own) ? "own" : "none";
}

test("the built-in roles hold the permissions that the matrix says, in its reach", async () => {
  const held = await templates();
  assert.deepEqual([...held.keys()].sort(), [...BUILT_IN_ROLES].sort());
  for (const [name, area] of areas) {
    for (const role of BUILT_IN_ROLES) {
      const { scope, permissions } = held.get(role) ?? assert.fail(role);
      const found = {
        see: reachOf(area.see, area.own, permissions, scope),
        write: reachOf(area.write, area.own, permissions, scope),
      };
      assert.deepEqual(found, area.rules[role] ?? { see: "none", write: "none" }, `${role}: ${name}`);
    }
  }
});

test("every permission of an organization is one of the matrix, or is held by what it says here", async () => {
  const named = new Set(areas.flatMap(([, { see, write, own }]) => [see, write, own]));
  const { rows } = await admin.query<{ name: string; holders: string[] }>(
    `select name, array(select role from organizations.role_template_permissions where permission = name order by 1) as holders
     from organizations.permissions order by 1`,
  );
  const others = rows.filter(({ name }) => !named.has(name as Permission));
  const modules = others.filter(({ name }) => !/^(organization|role|key|member)\./.test(name));
  assert.deepEqual(modules, [{ name: "content.item.publish", holders: ["admin", "moderator", "owner"] }]);
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
  return new Map(rows.map(({ name, roles }) => [name, roles]));
}

test("every tenant table is in the matrix, and open for reading to the database roles of its reaches alone", async () => {
  const found = await openTo(["select"], "r");
  assert.deepEqual([...found.keys()].sort(), Object.keys(TABLES).sort());
  for (const [name, { reaches, changed }] of Object.entries(TABLES)) {
    const expected = new Set<RuntimeRole>();
    if (reaches.length > 0) for (const role of ["steward", "worker"] as const) expected.add(role);
    if (reaches.includes("all") && changed !== "steward") expected.add("member");
    if (reaches.includes("own")) expected.add("own");
    if (reaches.includes("customer")) expected.add("client");
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

/** The tables of which people read rows below: how many there are, and how many are a labeler's own or a client's customer's. */
const ROWS: Record<string, { all: number; own?: number; customer?: number }> = {
  "crm.customers": { all: 3, customer: 1 },
  "crm.customer_figures": { all: 3, customer: 1 },
  "crm.contacts": { all: 1, customer: 1 },
  "crm.notes": { all: 1 },
  "projects.projects": { all: 2, customer: 1 },
  "calendar.appointments": { all: 2, customer: 1 },
  "commerce.orders": { all: 2, customer: 1 },
  "tasks.tasks": { all: 11, own: 1 },
  "content.items": { all: 1 },
  "assistant.conversations": { all: 11, own: 1 },
  "studio.sessions": { all: 11, own: 1 },
  "billing.billing_accounts": { all: 1 },
  "datasets.datasets": { all: 1 },
  "analytics.events": { all: 1 },
};

async function fill(): Promise<void> {
  const client = people.get("client") ?? assert.fail();
  const ids = Array.from({ length: 3 }, () => crypto.randomUUID());
  const run = (text: string, ...values: unknown[]) => admin.query(text, [tenant.id, ...values]);
  for (const id of ids) await run("insert into crm.customers (organization_id, id, name) values ($1, $2, 'Ada')", id);
  await run(
    "insert into crm.contacts (organization_id, customer_id, user_id, name) values ($1, $2, $3, 'Bo')",
    ids[0],
    client.userId,
  );
  await run("insert into crm.notes (organization_id, customer_id, content) values ($1, $2, 'A call')", ids[0]);
  await run(
    "insert into commerce.stores (organization_id, id, platform, name, store_url) values ($1, $2, 'shopify', 'Shop', 'https://shop.example')",
    ids[0],
  );
  await run("insert into content.items (organization_id, name, content_type) values ($1, 'Post', 'blog_post')");
  await run("insert into datasets.datasets (organization_id, name) values ($1, 'Texts')");
  await run("insert into analytics.events (organization_id, event_type, event_name) values ($1, 'page_view', 'home')");
  await run("insert into billing.billing_accounts (organization_id) values ($1) on conflict do nothing");
  for (const [index, id] of ids.slice(0, 2).entries()) {
    await run(
      "insert into projects.projects (organization_id, name, kind, customer_id) values ($1, 'Site', 'client', $2)",
      id,
    );
    await run(
      `insert into calendar.appointments (organization_id, title, customer_id, assigned_to, start_time, end_time)
       values ($1, 'Talk', $2, $3, now() + make_interval(days => $4), now() + make_interval(days => $4, hours => 1))`,
      id,
      tenant.owner.userId,
      index,
    );
    await run(
      `insert into commerce.orders (organization_id, store_id, customer_id, order_number, order_date, currency, total_amount, subtotal_amount)
       values ($1, $2, $3, $4, now(), 'EUR', 100, 100)`,
      ids[0],
      id,
      `N${index}`,
    );
  }
  for (const person of people.values()) {
    await run(
      "insert into tasks.tasks (organization_id, type, category, name, input, assigned_to, worker_type) values ($1, 'a.b', 'content', 'One', '{}', $2, 'human')",
      person.userId,
    );
    await run(
      "insert into assistant.conversations (organization_id, user_id, title) values ($1, $2, 'Talk')",
      person.userId,
    );
    await run("insert into studio.sessions (organization_id, user_id, title) values ($1, $2, 'Plan')", person.userId);
  }
}

/** The permission is missing, or held in another scope; nothing is granted. */
const REFUSED = ["TN003", "TN004", "42501"];

/** A permission for what is one's own is no wall within the organization: its operations work as tenon_own. */
const UNSCOPED: BuiltInRole[] = ["task_admin", "reviewer", "member"];
const holdsAll = (role: BuiltInRole, area: Area) => area.rules[role]?.see === "own" && UNSCOPED.includes(role);

const ROLE_OF_REACH: Record<Exclude<Reach, "none">, EnteringRole> = { all: "member", own: "own", customer: "client" };

/** Changes of rows that members make themselves. */
const CHANGES: Record<string, string> = {
  "crm.customers": "update crm.customers set company = 'Bees'",
  "projects.projects": "update projects.projects set description = 'Soon'",
  "calendar.appointments": "update calendar.appointments set location = 'Here'",
  "content.items": "update content.items set description = 'Short'",
  "datasets.datasets": "update datasets.datasets set description = 'Long'",
};

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

/** What somebody of a role gets of a table as one database role, with each permission of its area. */
async function tryTable(role: BuiltInRole, table: string, kind: Exclude<Reach, "none">): Promise<void> {
  const person = people.get(role) ?? assert.fail();
  const rule = TABLES[table] ?? assert.fail(table);
  const area: Area = AREAS[rule.area];
  const reach = area.rules[role]?.see ?? "none";
  const permissions = [area.see, area.own].filter((permission) => permission !== undefined);
  const seen = await Promise.all(
    permissions.map((permission) => count(person, ROLE_OF_REACH[kind], permission, table)),
  );
  const what = `${kind} of ${table}: ${seen}`;
  const counted = seen.filter((one) => typeof one === "number");
  // Who sees everybody's rows may be shown their own alone as well.
  const isOpen = rule.reaches.includes(kind) && (kind === reach || (kind === "own" && reach === "all"));
  const isUnscoped = kind === "all" && rule.reaches.includes("all") && holdsAll(role, area);
  const expected = isOpen || isUnscoped ? ROWS[table]?.[kind] : "nothing";
  assert.deepEqual(
    counted,
    counted.map(() => expected),
    what,
  );
  if (isOpen) assert.notEqual(counted.length, 0, what);
  for (const one of seen) assert.ok(typeof one === "number" || REFUSED.includes(one), what);
}

for (const role of BUILT_IN_ROLES) {
  test(`${role}: sees of each table what the matrix says, and is let in no other way`, async () => {
    for (const table of Object.keys(ROWS)) {
      for (const kind of ["all", "own", "customer"] as const) await tryTable(role, table, kind);
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
    assert.ok((await templates()).get("viewer")?.permissions.has("crm.customer.write"));
  } finally {
    await admin.query("rollback");
  }
});
