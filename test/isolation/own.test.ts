import assert from "node:assert/strict";
import { test } from "node:test";
import { roleName } from "../../kernel/database/roles.ts";
import { createScratchDatabase, openAdmin, openTestDatabase, testServer } from "../harness.ts";
import { actorsInside, createCast } from "./actors.ts";
import { parentsFirst, readRelations } from "./catalog.ts";
import { createRowMaker } from "./rows.ts";

// Within one organization: who sees only their own rows sees none of a colleague's.

const server = await createScratchDatabase();
const database = openTestDatabase(server);
const admin = await openAdmin(server);
const cast = await createCast(admin, database);
const own = actorsInside(admin, database, cast).find(({ role }) => role === "own");
const relations = await readRelations(admin);
const labelerRows = createRowMaker(admin, relations, cast.tenant, cast.labeler.userId);
const colleagueRows = createRowMaker(admin, relations, cast.tenant, cast.tenant.owner.userId);

/** The tables open to tenon_own, with the condition that tells whose a row is; $2 is the person. */
async function ownTables(): Promise<{ table: string; isTheirs: string }[]> {
  const { rows } = await admin.query<{ table: string; condition: string }>(
    `select polrelid::regclass::text as table, pg_get_expr(polqual, polrelid) as condition
     from pg_policy where $1::regrole = any (polroles) order by 1`,
    [roleName(testServer.prefix, "own")],
  );
  return rows.map(({ table, condition }) => {
    const column = /\((\w+) = kernel\.user_id\(\)\)/.exec(condition)?.[1];
    if (column) return { table, isTheirs: `${column} is not distinct from $2` };
    const benchmark = /\((\w+) = ANY \(kernel\.benchmark_ids\(\)\)\)/.exec(condition)?.[1];
    assert.ok(benchmark, `${table}: the policy names whose a row is: ${condition}`);
    return { table, isTheirs: `${benchmark} in (select benchmark_id from evaluation.participants where user_id = $2)` };
  });
}

/** How many rows the labeler sees of each table, beside how many are theirs and how many a colleague's. */
async function countAll(): Promise<{ table: string; seen: number; theirs: number; others: number }[]> {
  const counts = [];
  for (const { table, isTheirs } of await ownTables()) {
    const { rows } = await admin.query<{ theirs: number; others: number }>(
      `select count(*) filter (where ${isTheirs})::int as theirs, count(*) filter (where not (${isTheirs}))::int as others
       from ${table} where organization_id = $1`,
      [cast.tenant.id, cast.labeler.userId],
    );
    const seen = await own?.attempt(`select count(*) from ${table}`);
    counts.push({
      table,
      seen: Number(seen?.rows[0]?.[0]),
      theirs: rows[0]?.theirs ?? 0,
      others: rows[0]?.others ?? 0,
    });
  }
  return counts;
}

const owned = (await ownTables()).map(({ table }) => table);
for (const relation of parentsFirst(relations).filter(({ name }) => owned.includes(name))) {
  await labelerRows.ensureRow(relation);
  await colleagueRows.addRow(relation);
}

test("a person who works as tenon_own sees their own rows and none of a colleague's", async () => {
  const counts = await countAll();
  assert.notEqual(counts.length, 0);
  for (const { table, seen, theirs, others } of counts) {
    assert.ok(theirs > 0 && others > 0, `${table} holds rows of both`);
    assert.equal(seen, theirs, table);
  }
});

test("a policy that forgets whose a row is would be noticed", async () => {
  await admin.query(
    "alter policy own on organizations.member_roles using (organization_id = kernel.organization_id() and (user_id = kernel.user_id()) is not null)",
  );
  const counts = await countAll();
  assert.deepEqual(
    counts.filter(({ seen, theirs }) => seen !== theirs).map(({ table }) => table),
    ["organizations.member_roles"],
  );
});
