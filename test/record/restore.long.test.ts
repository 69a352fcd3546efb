import assert from "node:assert/strict";
import { test } from "node:test";
import { createScratchDatabase, createTenant, openAdmin, openAs, openTestDatabase } from "../harness.ts";
import { drain, entriesBehind, lastSeq, nextBatch, seqsOf } from "./readers.ts";

// In another cluster, which a restored database is in, transaction ids and snapshots mean nothing: the seq has to do.

const server = await createScratchDatabase();
const database = openTestDatabase(server);
const admin = await openAdmin(server);
const dispatcher = await openAs(database, "dispatcher");
const tenant = await createTenant(database);

async function write(count: number): Promise<number[]> {
  const before = await lastSeq(admin);
  await admin.query(
    "insert into organizations.tags (organization_id, name) select $1, gen_random_uuid() from generate_series(1, $2::int)",
    [tenant.id, count],
  );
  return seqsOf(await entriesBehind(admin, before));
}

/** Makes a consumer's cursor one of another cluster, whose snapshots were far ahead of this one's or far behind. */
async function moveCluster(consumer: string, snapshot: string): Promise<void> {
  await admin.query("update audit.cursors set system_identifier = 1, seen = $2, reading = $2 where consumer = $1", [
    consumer,
    snapshot,
  ]);
}

for (const [where, snapshot] of [
  ["ahead", "99999999:99999999:"],
  ["behind", "3:3:"],
] as const) {
  test(`a consumer goes on behind its seq when the other cluster was ${where}, and then as ever`, async () => {
    await drain(dispatcher, where);
    await write(5);
    assert.equal((await nextBatch(dispatcher, where, 3)).length, 3);
    const reached = await lastSeq(admin);
    await moveCluster(where, snapshot);
    const later = await write(2);
    assert.deepEqual(seqsOf(await drain(dispatcher, where, 2)), [reached - 1, reached, ...later]);
    const last = await write(2);
    assert.deepEqual(seqsOf(await drain(dispatcher, where)), last);
  });
}

test("a consumer that had read everything gets only what is new", async () => {
  await drain(dispatcher, "idle");
  await write(2);
  assert.equal((await drain(dispatcher, "idle")).length, 2);
  assert.deepEqual(await nextBatch(dispatcher, "idle"), []);
  await moveCluster("idle", "3:3:");
  const later = await write(1);
  assert.deepEqual(seqsOf(await drain(dispatcher, "idle")), later);
});

test("a consumer that had not had an entry yet is not given the whole past", async () => {
  await drain(dispatcher, "newborn");
  await moveCluster("newborn", "3:3:");
  const later = await write(1);
  assert.deepEqual(seqsOf(await drain(dispatcher, "newborn")), later);
});

test("entries that were restored with the transaction ids of the other cluster are delivered, once", async () => {
  await drain(dispatcher, "restored");
  const start = await lastSeq(admin);
  await write(1);
  assert.equal((await drain(dispatcher, "restored")).length, 1);
  await admin.query(
    `insert into audit.audit_logs (organization_id, actor_kind, action, resource_type, xid)
     select $1, 'system', 'update', 'organizations.tags', xid::xid8 from unnest('{3,99999999}'::text[]) xid`,
    [tenant.id],
  );
  await moveCluster("restored", "99999999:99999999:");
  assert.deepEqual(seqsOf(await drain(dispatcher, "restored")), [start + 2, start + 3]);
  assert.deepEqual(seqsOf(await drain(dispatcher, "restored")), []);
});
