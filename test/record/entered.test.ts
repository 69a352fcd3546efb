import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { test } from "node:test";
import { from as copyFrom } from "pg-copy-streams";
import { runBatch } from "../../kernel/database/batch.ts";
import { withRoleNames } from "../../kernel/database/roles.ts";
import { enterStep } from "../../kernel/tenancy/context.ts";
import { transaction } from "../../kernel/tenancy/transaction.ts";
import {
  contextOf,
  createScratchDatabase,
  createTenant,
  openAdmin,
  openTestDatabase,
  type Tenant,
  testServer,
} from "../harness.ts";
import { recordOf, SHOP } from "./changes.ts";

const ENTRY_PER_ROW_MAX = 1000;

const server = await createScratchDatabase();
const database = openTestDatabase(server);
const admin = await openAdmin(server);
const [tenant, other] = [await createTenant(database), await createTenant(database)];
await admin.query(withRoleNames(SHOP, testServer.prefix));

const INSERT = "insert into shop.things (organization_id, name) values ($1, gen_random_uuid())";

/** Loads things by COPY as the loader, in a transaction that enters our organization, or none. */
async function load(rows: [Tenant, string][], { enter = true } = {}): Promise<void> {
  const context = contextOf(database, tenant, { role: "loader", operation: "shop.import" });
  await database.lend("loader", async (client) => {
    await runBatch(client, [{ text: "begin" }, ...(enter ? [enterStep(context)] : [])]);
    const lines = rows.map(([{ id }, name]) => `${id}\t${name}\n`);
    await pipeline(Readable.from(lines), client.query(copyFrom("copy shop.things (organization_id, name) from stdin")));
    await runBatch(client, [{ text: "commit" }]);
  });
}

test("what the loader copies in is recorded, under the operation that entered", async () => {
  const changes = await recordOf(admin, () =>
    load([
      [tenant, "loaded 1"],
      [tenant, "loaded 2"],
    ]),
  );
  assert.deepEqual(
    changes.map(({ new_values, operation }) => [new_values?.name, operation]),
    [
      ["loaded 1", "shop.import"],
      ["loaded 2", "shop.import"],
    ],
  );
});

test("the loader, whom row-level security does not stop, is stopped by the record where a row is another organization's", async () => {
  const refusal = { code: "42501", message: "1 of the loaded rows belong to another organization" };
  const changes = await recordOf(admin, async () => {
    await assert.rejects(
      load([
        [tenant, "ours"],
        [other, "theirs"],
      ]),
      refusal,
    );
    await assert.rejects(load([[tenant, "ours"]], { enter: false }), refusal);
  });
  assert.deepEqual(changes, []);
  assert.equal((await admin.query("select from shop.things where name in ('ours', 'theirs')")).rowCount, 0);
});

test("the loader is stopped in a load of more rows than an entry each", async () => {
  const rows = Array.from({ length: ENTRY_PER_ROW_MAX + 1 }, (_, index): [Tenant, string] => [tenant, `many ${index}`]);
  await assert.rejects(load([...rows, [other, "hidden among them"]]), { code: "42501" });
  assert.equal((await recordOf(admin, () => load(rows))).length, 2);
});

test("an entry tells who acted, under which operation and request, from where and with what", async () => {
  const context = contextOf(database, tenant, {
    operation: "shop.thing.create",
    permission: "organization.tag.write",
    request: { requestId: "req-1", address: "2001:db8::1", agent: "a browser" },
  });
  const [change] = await recordOf(admin, () => transaction(context, (tx) => tx.query(INSERT, [tenant.id])));
  assert.equal(change?.actor_kind, "user");
  assert.equal(change?.user_id, tenant.owner.userId);
  assert.equal(change?.operation, "shop.thing.create");
  assert.equal(change?.request_id, "req-1");
  assert.equal(change?.ip_address, "2001:db8::1");
  assert.equal(change?.user_agent, "a browser");
  assert.deepEqual([change?.impersonator_id, change?.import_id], [null, null]);
});

test("an entry tells of an impersonator and of an import where there is one", async () => {
  const [supporter, load] = [other.owner.userId, tenant.id];
  const [change] = await recordOf(admin, async () => {
    await admin.query("begin");
    await admin.query("select set_config('tenon.request', $1, true)", [
      JSON.stringify({ actor: "api_key", impersonator_id: supporter, import_id: load }),
    ]);
    await admin.query(INSERT, [tenant.id]);
    await admin.query("commit");
  });
  assert.deepEqual([change?.actor_kind, change?.impersonator_id, change?.import_id], ["api_key", supporter, load]);
});

test("making an organization is on its record, in the founder's name", async () => {
  const changes = await recordOf(admin, () => createTenant(database));
  const made = changes.find(({ resource_type }) => resource_type === "organizations.organizations");
  assert.deepEqual([made?.organization_id, made?.operation], [made?.resource_id, "organizations.create"]);
  assert.ok(made?.user_id && changes.every(({ user_id }) => user_id === made.user_id));
});

test("where nobody has entered, the system acted", async () => {
  const [change] = await recordOf(admin, () => admin.query(INSERT, [tenant.id]));
  assert.deepEqual([change?.actor_kind, change?.user_id, change?.operation], ["system", null, null]);
});
