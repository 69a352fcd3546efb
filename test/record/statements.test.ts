import assert from "node:assert/strict";
import { test } from "node:test";
import { withRoleNames } from "../../kernel/database/roles.ts";
import {
  createScratchDatabase,
  createTenant,
  openAdmin,
  openTestDatabase,
  type Tenant,
  testServer,
} from "../harness.ts";
import { type Change, recordOf, SHOP } from "./changes.ts";

const ENTRY_PER_ROW_MAX = 1000;

const server = await createScratchDatabase();
const database = openTestDatabase(server);
const admin = await openAdmin(server);
const [tenant, other] = [await createTenant(database), await createTenant(database)];
await admin.query(withRoleNames(SHOP, testServer.prefix));

/** Inserts so many things for an organization, in one statement. */
function insertThings(count: number, of: Tenant = tenant): Promise<unknown> {
  return admin.query(
    "insert into shop.things (organization_id, name) select $1, gen_random_uuid() from generate_series(1, $2::int)",
    [of.id, count],
  );
}

async function thingIds(): Promise<string[]> {
  const { rows } = await admin.query<{ id: string }>("select id from shop.things order by id");
  return rows.map(({ id }) => id);
}

/** The ids that entries are about, whether each has one or lists many. */
function idsOf(changes: Change[]): string[] {
  return changes.flatMap(({ resource_id, details }) => (resource_id ? [resource_id] : (details?.ids ?? []))).sort();
}

for (const count of [2, ENTRY_PER_ROW_MAX]) {
  test(`a statement over ${count} rows writes an entry for each`, async () => {
    await admin.query("delete from shop.things");
    const inserted = await recordOf(admin, () => insertThings(count));
    const ids = await thingIds();
    const updated = await recordOf(admin, () => admin.query("update shop.things set body = name"));
    const deleted = await recordOf(admin, () => admin.query("delete from shop.things"));
    for (const changes of [inserted, updated, deleted]) {
      assert.equal(changes.length, count);
      assert.ok(changes.every(({ details }) => details === null));
      assert.deepEqual(idsOf(changes), ids);
    }
    assert.ok(updated.every(({ old_values, new_values }) => old_values?.body === null && new_values?.body !== null));
  });
}

for (const [count, sizes] of [
  [1001, [1000, 1]],
  [2500, [1000, 1000, 500]],
] as const) {
  test(`a statement over ${count} rows writes entries that list at most 1,000 each`, async () => {
    await admin.query("delete from shop.things");
    const inserted = await recordOf(admin, () => insertThings(count));
    const ids = await thingIds();
    const updated = await recordOf(admin, () => admin.query("update shop.things set body = name"));
    const deleted = await recordOf(admin, () => admin.query("delete from shop.things"));
    for (const [action, changes] of Object.entries({ insert: inserted, update: updated, delete: deleted })) {
      assert.deepEqual(
        changes.map(({ details }) => [details?.rows, details?.ids.length]),
        sizes.map((size) => [size, size]),
      );
      assert.ok(
        changes.every(
          (change) => change.action === action && change.resource_id === null && change.new_values === null,
        ),
      );
      assert.deepEqual(idsOf(changes), ids);
    }
  });
}

test("a large statement across organizations tells each only of its own rows", async () => {
  await admin.query("delete from shop.things");
  await insertThings(600);
  await insertThings(500, other);
  const changes = await recordOf(admin, () => admin.query("update shop.things set body = 'x'"));
  assert.deepEqual(
    changes.map(({ organization_id, details }) => [organization_id, details?.rows]).sort(),
    [
      [tenant.id, 600],
      [other.id, 500],
    ].sort(),
  );
  for (const { organization_id, details } of changes) {
    const { rows } = await admin.query<{ id: string }>(
      "select id from shop.things where organization_id = $1 order by id",
      [organization_id],
    );
    assert.deepEqual(
      details?.ids.toSorted(),
      rows.map(({ id }) => id),
    );
  }
});
