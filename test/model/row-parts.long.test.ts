import assert from "node:assert/strict";
import { test } from "node:test";
import { RUNTIME_ROLES } from "../../kernel/database/roles.ts";
import { createScratchDatabase, openAdmin, testServer } from "../harness.ts";
import { BY_VERB, HIDDEN, VIEWS } from "./row-parts.ts";
import { readRoles } from "./row-rules.fixture.ts";
import { AREAS, type Area, type BuiltInRole, type Opening, ROLE_OF_OPENING } from "./row-rules.ts";
import { TABLES } from "./table-rules.ts";

// Whose rows those see who see a part of an organization, by what the catalog says of policies, views and columns.

const admin = await openAdmin(await createScratchDatabase());

/** What the policy of each opening asks beside the organization. */
const CONDITIONS: Record<Opening, RegExp> = {
  all: /^$/,
  own: /^\w+ = kernel\.user_id\(\)$/,
  benchmark: /^\w+ = ANY \(kernel\.benchmark_ids\(\)\)$/,
  customer: /^\w+ = ANY \(kernel\.customer_ids\(\)\)$/,
  client: /^user_id = kernel\.user_id\(\)$/,
  published: /^status = 'published'::text$/,
};

test("the policies ask what the openings of the matrix say, and nothing less", async () => {
  const { rows } = await admin.query<{ name: string; role: string; condition: string }>(
    `select p.polrelid::regclass::text as name, r as role, pg_get_expr(p.polqual, p.polrelid) as condition
     from pg_policy p cross join unnest($1::text[]) r where ($2 || '_' || r)::regrole = any (p.polroles)`,
    [["member", "own", "client"], testServer.prefix],
  );
  const seen = new Set<string>();
  for (const { name, role, condition } of rows) {
    // The policy of the organization stands before every table, but where nothing is granted nothing is open.
    const opening = TABLES[name]?.openings.find((one) => ROLE_OF_OPENING[one] === role) ?? "all";
    const rest = /^\(*organization_id = kernel\.organization_id\(\)\)(?: AND \((.*)\)\))?$/.exec(condition);
    if (!(name in TABLES)) continue;
    assert.match(rest ? (rest[1] ?? "") : "other", CONDITIONS[opening], `${name} to ${role}: ${condition}`);
    seen.add(`${name} to ${opening}`);
  }
  const wanted = Object.entries(TABLES).flatMap(([name, { openings }]) => openings.map((one) => `${name} to ${one}`));
  assert.deepEqual(
    wanted.filter((one) => !seen.has(one)),
    [],
  );
});

test("the views of parts are open to the roles that the matrix says, and to nobody else", async () => {
  const { rows } = await admin.query<{ name: string; roles: string[] }>(
    `select c.oid::regclass::text as name,
       array(select r from unnest($1::text[]) r where has_any_column_privilege($2 || '_' || r, c.oid, 'select') order by r) as roles
     from pg_class c where c.relkind = 'v' and c.relname !~ '_search$' and pg_get_userbyid(c.relowner) = $2 || '_reader'`,
    [RUNTIME_ROLES, testServer.prefix],
  );
  const expected = Object.entries(VIEWS).map(([name, { roles }]) => [name, roles.toSorted()]);
  assert.deepEqual(Object.fromEntries(rows.map(({ name, roles }) => [name, roles])), Object.fromEntries(expected));
});

/** The database role of who sees a part, by the scope of their role. */
const partRoleOf = (scope: string) => (scope === "client" ? "client" : "own");

test("what a role sees a part of is open to it, by a table or a view, or the matrix says why a verb shows it", async () => {
  const held = await readRoles(admin);
  const missing = new Set<string>();
  for (const [name, { area, openings }] of Object.entries(TABLES)) {
    const rules: Area["rules"] = AREAS[area].rules;
    for (const [role, { see }] of Object.entries(rules)) {
      if (see === "all" || see === "none") continue;
      const part = partRoleOf(held.get(role as BuiltInRole)?.scope ?? assert.fail(role));
      const isOpen =
        openings.some((opening) => ROLE_OF_OPENING[opening] === part) ||
        Object.values(VIEWS).some((view) => view.of === name && view.area === area && view.roles.includes(part));
      if (!isOpen) missing.add(`${name} to ${part}`);
    }
  }
  const reasons = Object.entries(BY_VERB).flatMap(([name, parts]) =>
    Object.keys(parts).map((part) => `${name} to ${part}`),
  );
  assert.deepEqual([...missing].sort(), reasons.sort());
});

test("who sees a part of a table sees all of its columns but the hidden ones", async () => {
  const { rows } = await admin.query<{ name: string; columns: string[] }>(
    `select c.oid::regclass || ' to ' || r as name,
       array_agg(a.attname::text order by a.attnum) filter (where not has_column_privilege($2 || '_' || r, c.oid, a.attnum, 'select')) as columns
     from pg_class c cross join unnest($1::text[]) r
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.oid::regclass::text = any ($3) and has_any_column_privilege($2 || '_' || r, c.oid, 'select')
     group by 1 having not bool_and(has_column_privilege($2 || '_' || r, c.oid, a.attnum, 'select'))`,
    [["own", "client"], testServer.prefix, Object.keys(TABLES)],
  );
  assert.deepEqual(Object.fromEntries(rows.map(({ name, columns }) => [name, columns])), HIDDEN);
});
