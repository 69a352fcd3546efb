import assert from "node:assert/strict";
import { test } from "node:test";
import { RUNTIME_ROLES, roleName, withRoleNames } from "../../kernel/database/roles.ts";
import { createScratchDatabase, openAdmin, openTestDatabase, testServer } from "../harness.ts";
import { actorsInside, actorsOutside, createCast } from "./actors.ts";
import { BREACHES, LOOSE_KEY, MAKE_MARKS } from "./breaches.ts";
import { parentsFirst, type Relation, readRelations } from "./catalog.ts";
import { pointAcross, tenantKeys } from "./foreign-keys.ts";
import { countRows, findLeaks, type Scene } from "./matrix.ts";
import { createRowMaker } from "./rows.ts";

const server = await createScratchDatabase();
const database = openTestDatabase(server);
const admin = await openAdmin(server);
await admin.query(MAKE_MARKS);
const relations = await readRelations(admin);
const tables = parentsFirst(relations).filter(({ kind }) => kind === "table");
const ours = await createCast(admin, database);
const theirs = await createCast(admin, database);
const ourRows = createRowMaker(admin, relations, ours.tenant, ours.labeler.userId);
const theirRows = createRowMaker(admin, relations, theirs.tenant, theirs.labeler.userId);
for (const table of tables) {
  await ourRows.ensureRow(table);
  await theirRows.ensureRow(table);
}
// What has one row of another table at most: one that has none yet, so that a spare row of that table has a place.
for (const table of tables.filter(({ name }) => ["projects.projects", "datasets.dataset_items"].includes(name))) {
  await ourRows.addRow(table);
  await theirRows.addRow(table);
}
const scene: Scene = {
  ownId: ours.tenant.id,
  otherId: theirs.tenant.id,
  inside: actorsInside(admin, database, ours),
  outside: actorsOutside(database),
  spareRows: await makeSpareRows(tables),
};

async function makeSpareRows(of: Relation[]): Promise<Scene["spareRows"]> {
  const spareRows: Scene["spareRows"] = new Map();
  // What is made for a spare row to point to stays, so that it would take a place that a spare row of its own table has.
  for (const table of parentsFirst(of).reverse()) {
    if (table.kind !== "table" || !table.tenantColumn) continue;
    spareRows.set(table.name, { own: await ourRows.spareRow(table), other: await theirRows.spareRow(table) });
  }
  return spareRows;
}

test("every table holds rows of both organizations", async () => {
  const empty: string[] = [];
  for (const table of tables) {
    const counts = [await countRows(admin, table, scene.ownId), await countRows(admin, table, scene.otherId)];
    if (counts.includes(0)) empty.push(table.name);
  }
  assert.deepEqual(empty, []);
});

test("no role sees or touches a row of another organization, or any row without entering", async () => {
  assert.deepEqual(await findLeaks(scene, relations), []);
});

test("nobody may empty a table, refer to it or hang a trigger on it", async () => {
  const { rows } = await admin.query(
    `select c.oid::regclass::text as relation, r.rolname as role, privilege
     from pg_class c cross join pg_roles r cross join unnest('{truncate,references,trigger}'::text[]) privilege
     where c.relkind in ('r', 'p', 'v', 'm') and c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
       and r.rolname = any ($1) and has_table_privilege(r.oid, c.oid, privilege)`,
    [RUNTIME_ROLES.map((role) => roleName(testServer.prefix, role))],
  );
  assert.deepEqual(rows, []);
});

test("a row of one organization cannot point to a row of another, not even for a superuser", async () => {
  const keys = tenantKeys(relations);
  assert.notEqual(keys.length, 0);
  const crossings = [];
  for (const key of keys) crossings.push(await pointAcross(admin, key, scene.ownId, scene.otherId));
  assert.deepEqual(
    crossings.filter((crossing) => crossing),
    [],
  );
});

// A matrix that finds nothing may be blind: each breach opens one relation, and must be found there and nowhere else.
const NEIGHBOURS = ["organizations.roles", "organizations.organizations", "kernel.secrets"];
for (const { name, relation, breach, repair, leaks } of BREACHES) {
  test(`the matrix notices ${name}`, async () => {
    await admin.query(withRoleNames(breach, testServer.prefix));
    try {
      const looked = (await readRelations(admin)).filter((one) => [relation, ...NEIGHBOURS].includes(one.name));
      const found = await findLeaks({ ...scene, spareRows: await makeSpareRows(looked) }, looked);
      assert.deepEqual(
        found,
        leaks.map((leak) => `${relation}, ${leak}`),
      );
    } finally {
      await admin.query(withRoleNames(repair, testServer.prefix));
    }
  });
}

test("a foreign key without the organization is noticed", async () => {
  await admin.query(LOOSE_KEY.breach);
  try {
    const keys = tenantKeys(await readRelations(admin)).filter(({ name }) => name === "loose");
    const [crossing] = await Promise.all(keys.map((key) => pointAcross(admin, key, scene.ownId, scene.otherId)));
    assert.match(
      crossing ?? "",
      /organizations\.role_permissions, loose: \d+ rows point to organizations\.roles of another organization/,
    );
  } finally {
    await admin.query(LOOSE_KEY.repair);
  }
});
