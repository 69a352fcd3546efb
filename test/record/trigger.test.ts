import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { test } from "node:test";
import { withRoleNames } from "../../kernel/database/roles.ts";
import { createScratchDatabase, createTenant, openAdmin, openTestDatabase, testServer } from "../harness.ts";
import { type Change, recordOf, SHOP } from "./changes.ts";

const server = await createScratchDatabase();
const database = openTestDatabase(server);
const admin = await openAdmin(server);
const tenant = await createTenant(database);
await admin.query(withRoleNames(SHOP, testServer.prefix));

type Thing = { name?: string; secret?: string; body?: string; figure?: number };

/** Makes a thing and returns its id. */
async function makeThing({ name = randomUUID(), secret, body, figure }: Thing = {}): Promise<string> {
  const { rows } = await admin.query<{ id: string }>(
    "insert into shop.things (organization_id, name, secret, body, figure) values ($1, $2, $3, $4, $5) returning id",
    [tenant.id, name, secret, body, figure],
  );
  return rows[0]?.id ?? "";
}

/** What the record says about one statement. */
function statement(text: string, values: unknown[] = []): Promise<Change[]> {
  return recordOf(admin, () => admin.query(text, values));
}

function summary(changes: Change[]): string[] {
  return changes.map(({ action, resource_type, resource_id }) => `${action} ${resource_type} ${resource_id}`);
}

test("an insert is recorded with the new row, without what is told elsewhere or kept by the machine", async () => {
  let id = "";
  const changes = await recordOf(admin, async () => {
    id = await makeThing({ name: "chair", figure: 3 });
  });
  const { created_at, ...values } = changes[0]?.new_values ?? {};
  assert.deepEqual(summary(changes), [`insert shop.things ${id}`]);
  assert.deepEqual(values, { id, name: "chair", secret: null, body: null });
  assert.ok(created_at);
  assert.deepEqual([changes[0]?.old_values, changes[0]?.organization_id], [null, tenant.id]);
});

test("an update is recorded with the columns that changed, before and after", async () => {
  const id = await makeThing({ name: "table", body: "old" });
  const changes = await statement("update shop.things set body = 'new', name = name, figure = 9 where id = $1", [id]);
  assert.deepEqual(summary(changes), [`update shop.things ${id}`]);
  assert.deepEqual([changes[0]?.old_values, changes[0]?.new_values], [{ body: "old" }, { body: "new" }]);
});

test("a delete is recorded with the old row", async () => {
  const id = await makeThing({ name: "lamp" });
  const changes = await statement("delete from shop.things where id = $1", [id]);
  assert.deepEqual(summary(changes), [`delete shop.things ${id}`]);
  assert.deepEqual([changes[0]?.old_values?.name, changes[0]?.new_values], ["lamp", null]);
});

test("secrets are masked in whatever is recorded, and only whether there is one can be told", async () => {
  const changes = await recordOf(admin, async () => {
    const id = await makeThing({ secret: "hunter2" });
    await admin.query("update shop.things set secret = 'hunter3' where id = $1", [id]);
    await admin.query("update shop.things set secret = null where id = $1", [id]);
    await admin.query("delete from shop.things where id = $1", [id]);
  });
  const values = changes.map(({ old_values, new_values }) => [old_values?.secret, new_values?.secret]);
  assert.deepEqual(values, [
    [undefined, "[masked]"],
    ["[masked]", "[masked]"],
    ["[masked]", null],
    [null, undefined],
  ]);
  const { rowCount } = await admin.query("select from audit.audit_logs a where a::text ~ 'hunter'");
  assert.equal(rowCount, 0);
});

test("a large value is recorded as its hash and size", async () => {
  const body = "long ".repeat(1000);
  const id = await makeThing({ body });
  const changes = await statement("update shop.things set body = $2 where id = $1", [id, `${body}.`]);
  const present = (text: string) => {
    const json = JSON.stringify(text);
    return { sha256: createHash("sha256").update(json).digest("hex"), bytes: json.length };
  };
  assert.deepEqual(changes[0]?.old_values, { body: present(body) });
  assert.deepEqual(changes[0]?.new_values, { body: present(`${body}.`) });
});

test("a table without secrets keeps its large values out of the record too", async () => {
  const settings = JSON.stringify({ text: "long ".repeat(3000) });
  const changes = await statement("update organizations.organizations set settings = $2 where id = $1", [
    tenant.id,
    settings,
  ]);
  assert.deepEqual(Object.keys(changes[0]?.new_values?.settings ?? {}).sort(), ["bytes", "sha256"]);
});

test("of a table on record by keys only which row it was can be told", async () => {
  const changes = await statement("insert into shop.places (organization_id, name) values ($1, 'x') returning id", [
    tenant.id,
  ]);
  assert.deepEqual([changes.length, changes[0]?.resource_type], [1, "shop.places"]);
  assert.deepEqual([changes[0]?.old_values, changes[0]?.new_values], [null, null]);
  assert.notEqual(changes[0]?.resource_id, null);
});

test("a table off the record leaves none", async () => {
  assert.deepEqual(
    await statement("insert into shop.drafts (organization_id, name) values ($1, 'x')", [tenant.id]),
    [],
  );
});

test("a statement that changes nothing is not recorded", async () => {
  const id = await makeThing({ name: "same" });
  const idle = [
    "update shop.things set name = name where id = $1",
    "update shop.things set figure = 5 where id = $1",
    "update shop.things set name = 'x' where id = $1 and false",
    "delete from shop.things where id = $1 and false",
    "insert into shop.things (organization_id, name) select organization_id, name from shop.things where id = $1 on conflict do nothing",
  ];
  for (const text of idle) assert.deepEqual(await statement(text, [id]), [], text);
});

test("rows deleted by cascade are recorded too, a key of several columns joined by slashes", async () => {
  const id = await makeThing();
  await admin.query("insert into shop.parts (organization_id, thing_id, place) values ($1, $2, 1), ($1, $2, 2)", [
    tenant.id,
    id,
  ]);
  const changes = await statement("delete from shop.things where id = $1", [id]);
  assert.deepEqual(summary(changes).sort(), [
    `delete shop.parts ${id}/1`,
    `delete shop.parts ${id}/2`,
    `delete shop.things ${id}`,
  ]);
});

test("an upsert is recorded as what it did to each row", async () => {
  const id = await makeThing({ name: "known", body: "old" });
  const changes = await statement(
    `insert into shop.things (organization_id, name, body) values ($1, 'known', 'new'), ($1, 'unknown', 'new')
     on conflict (organization_id, name) do update set body = excluded.body`,
    [tenant.id],
  );
  const update = changes.find(({ action }) => action === "update");
  assert.deepEqual(changes.map(({ action }) => action).sort(), ["insert", "update"]);
  assert.deepEqual(
    [update?.resource_id, update?.old_values, update?.new_values],
    [id, { body: "old" }, { body: "new" }],
  );
});

test("a merge is recorded as what it did to each row", async () => {
  const [changed, deleted] = [await makeThing({ name: "m1" }), await makeThing({ name: "m2" })];
  const changes = await statement(
    `merge into shop.things t using (values ('m1'), ('m2'), ('m3')) s (name) on t.organization_id = $1 and t.name = s.name
     when matched and s.name = 'm1' then update set body = 'merged'
     when matched then delete
     when not matched then insert (organization_id, name) values ($1, s.name)`,
    [tenant.id],
  );
  const made = changes.find(({ action }) => action === "insert");
  assert.deepEqual(summary(changes).sort(), [
    `delete shop.things ${deleted}`,
    `insert shop.things ${made?.resource_id}`,
    `update shop.things ${changed}`,
  ]);
});

test("a row whose key changes is recorded under its new key, with the old one", async () => {
  const [id, next] = [await makeThing(), randomUUID()];
  const changes = await statement("update shop.things set id = $2 where id = $1", [id, next]);
  assert.deepEqual(
    [changes[0]?.resource_id, changes[0]?.old_values, changes[0]?.new_values],
    [next, { id }, { id: next }],
  );
});

test("what is rolled back was never recorded", async () => {
  const changes = await recordOf(admin, async () => {
    await admin.query("begin");
    await makeThing();
    await admin.query("rollback");
  });
  assert.deepEqual(changes, []);
});
