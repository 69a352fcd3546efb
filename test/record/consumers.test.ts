import assert from "node:assert/strict";
import { test } from "node:test";
import type pg from "pg";
import { createScratchDatabase, createTenant, openAdmin, openAs, openTestDatabase } from "../harness.ts";
import { drain, type Entry, entriesBehind, lastSeq, nextBatch, seqsOf } from "./readers.ts";

const server = await createScratchDatabase();
const database = openTestDatabase(server);
const admin = await openAdmin(server);
const [writer, first, second] = [
  await openAdmin(server),
  await openAs(database, "dispatcher"),
  await openAs(database, "dispatcher"),
];
const tenant = await createTenant(database);

/** Puts so many entries on the record in one transaction, and tells their seqs. */
async function write(count: number, client: pg.Client = admin): Promise<number[]> {
  const before = await lastSeq(client);
  await client.query(
    "insert into organizations.tags (organization_id, name) select $1, gen_random_uuid() from generate_series(1, $2::int)",
    [tenant.id, count],
  );
  return seqsOf(await entriesBehind(client, before));
}

/** How often the transaction of `admin` has scanned the record so far, or a partition or an index of it. */
async function scansOfRecord(): Promise<number> {
  const { rows } = await admin.query<{ scans: number }>(
    `select sum(coalesce(seq_scan, 0) + coalesce(idx_scan, 0))::int as scans from pg_stat_xact_all_tables where schemaname = 'audit'`,
  );
  return rows[0]?.scans ?? 0;
}

/** Resolves when a connection's work waits for a lock, or is done without. */
async function waiting(client: pg.Client, work: Promise<unknown>): Promise<void> {
  const { processID } = client as unknown as { processID: number };
  let done = false;
  work.finally(() => {
    done = true;
  });
  const asleep = () => admin.query("select from pg_locks where pid = $1 and not granted", [processID]);
  while (!done && (await asleep()).rowCount === 0);
}

test("a new consumer starts at the present, and gets what was still under way then", async () => {
  await write(3);
  await writer.query("begin");
  const underWay = await write(1, writer);
  assert.deepEqual(await drain(first, "new"), []);
  const later = await write(1);
  await writer.query("commit");
  assert.deepEqual(seqsOf(await drain(first, "new")), [...underWay, ...later]);
});

test("two consumers at once get everything each, at their own pace", async () => {
  await Promise.all([drain(first, "one"), drain(second, "other")]);
  const written = await write(10);
  await first.query("begin");
  const inOneTransaction = await nextBatch(first, "one", 4);
  const meanwhile = await drain(second, "other", 3);
  await first.query("commit");
  assert.deepEqual(seqsOf(meanwhile), written);
  assert.deepEqual([...seqsOf(inOneTransaction), ...seqsOf(await drain(first, "one"))], written);
});

test("of two workers of one consumer the second waits for the first, and gets what comes after", async () => {
  await drain(first, "shared");
  const written = await write(6);
  await first.query("begin");
  const firstBatch = await nextBatch(first, "shared", 3);
  const secondBatch = nextBatch(second, "shared", 3);
  await waiting(second, secondBatch);
  await first.query("commit");
  assert.deepEqual([seqsOf(firstBatch), seqsOf(await secondBatch)], [written.slice(0, 3), written.slice(3)]);
});

test("two workers of one consumer that read as fast as they can never get the same entry", async () => {
  await drain(first, "crowded");
  const written = await write(60);
  const halves = await Promise.all([drain(first, "crowded", 1), drain(second, "crowded", 1)]);
  assert.deepEqual(
    seqsOf(halves.flat()).toSorted((a, b) => a - b),
    written,
  );
});

test("two workers that are the first of their consumer agree on one cursor", async () => {
  await first.query("begin");
  await nextBatch(first, "newborn");
  const meeting = nextBatch(second, "newborn");
  await waiting(second, meeting);
  await first.query("commit");
  assert.deepEqual(await meeting, []);
  const written = await write(2);
  assert.deepEqual(seqsOf(await drain(second, "newborn")), written);
});

test("a consumer whose transaction is rolled back gets the same entries again", async () => {
  await drain(first, "failing");
  const written = await write(5);
  await first.query("begin");
  const lost = await nextBatch(first, "failing", 3);
  await first.query("rollback");
  assert.deepEqual(seqsOf(lost), written.slice(0, 3));
  assert.deepEqual(seqsOf(await drain(first, "failing", 3)), written);
});

test("a long window comes in slices, whole and in order, and what is written meanwhile comes after", async () => {
  await drain(first, "long");
  const written = await write(25);
  const slices: Entry[][] = [];
  for (let slice = 0; slice < 5; slice++) {
    slices.push(await nextBatch(first, "long", 5));
    written.push(...(await write(1)));
  }
  assert.deepEqual(
    slices.map(seqsOf),
    [0, 5, 10, 15, 20].map((from) => written.slice(from, from + 5)),
  );
  assert.deepEqual(seqsOf(await drain(first, "long", 5)), written.slice(25));
});

test("a window is not disturbed by who commits while it is being delivered", async () => {
  await drain(first, "steady");
  await writer.query("begin");
  const early = await write(1, writer);
  const written = await write(4);
  const delivered = seqsOf(await nextBatch(first, "steady", 2));
  await writer.query("commit");
  delivered.push(...seqsOf(await drain(first, "steady", 2)));
  assert.deepEqual(delivered, [...written, ...early]);
});

test("an entry that was rolled back is never delivered", async () => {
  await drain(first, "rolled back");
  await writer.query("begin");
  await write(2, writer);
  await writer.query("rollback");
  const written = await write(1);
  assert.deepEqual(seqsOf(await drain(first, "rolled back")), written);
});

test("a consumer gets what it puts on the record itself, before and after it reads", async () => {
  await drain(admin, "busy");
  await admin.query("begin");
  const before = await write(1);
  const others = await write(1, writer);
  const delivered = seqsOf(await drain(admin, "busy"));
  const after = await write(1);
  await admin.query("commit");
  delivered.push(...seqsOf(await drain(admin, "busy")));
  assert.deepEqual(
    delivered.toSorted((a, b) => a - b),
    [...before, ...others, ...after],
  );
});

const BETWEEN = 500;

test("entries that were read already are stepped over, however many lie between two of a window", async () => {
  await drain(first, "sparse");
  await writer.query("begin");
  const early = await write(1, writer);
  const between = await write(BETWEEN);
  assert.deepEqual(seqsOf(await drain(first, "sparse", BETWEEN)), between);
  await writer.query("commit");
  const late = await write(1);

  await admin.query("begin");
  const before = await scansOfRecord();
  const delivered = [...(await nextBatch(admin, "sparse", 1)), ...(await nextBatch(admin, "sparse", 1))];
  const scans = (await scansOfRecord()) - before;
  await admin.query("commit");
  assert.deepEqual(seqsOf(delivered), [...early, ...late]);
  assert.ok(scans < BETWEEN, `${scans} scans of the record`);
});

for (const size of [0, -1]) {
  test(`a batch of at most ${size} entries is refused, or empty: it does not run until it is timed out`, async () => {
    await drain(first, "none");
    await write(1);
    await first.query("set statement_timeout = '1s'");
    const outcome = await nextBatch(first, "none", size).then(
      (entries) => entries.length,
      (error) => error.code,
    );
    await first.query("reset statement_timeout");
    assert.notEqual(outcome, "57014");
  });
}
