import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { transaction } from "../../kernel/tenancy/transaction.ts";
import { contextOf, createScratchDatabase, createTenant, openAdmin, openAs, openTestDatabase } from "../harness.ts";
import { drain, type Entry, entriesBehind, lastSeq, nextBatch, rowsOutOfOrder, seqsOf } from "./readers.ts";

const WRITERS = 8;
const TRANSACTIONS_PER_WRITER = 40;

const server = await createScratchDatabase();
const database = openTestDatabase(server);
const admin = await openAdmin(server);
const dispatcher = await openAs(database, "dispatcher");
const tenant = await createTenant(database);
const context = contextOf(database, tenant);

/** Makes rows for the writers to change, each of a colour of its own. */
async function makeRows(count: number): Promise<string[]> {
  const { rows } = await admin.query<{ id: string }>(
    `insert into organizations.tags (organization_id, name, color)
     select $1, gen_random_uuid(), '#' || lpad(to_hex(n), 6, '0') from generate_series(1, $2::int) n returning id`,
    [tenant.id, count],
  );
  return rows.map(({ id }) => id);
}

/** Changes rows in one transaction, each to a colour that it never had, and holds it open until `held` resolves. */
function change(ids: string[], written?: () => void, held?: Promise<void>): Promise<void> {
  return transaction(context, async (tx) => {
    for (const id of ids) {
      const color = `#${randomBytes(3).toString("hex")}`;
      await tx.query("update organizations.tags set color = $3 where organization_id = $1 and id = $2", [
        tenant.id,
        id,
        color,
      ]);
    }
    written?.();
    await held;
  });
}

function signal(): { sent: Promise<void>; send: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { sent: promise, send: resolve };
}

/** A reader that remembers the last seq it saw. */
function createSeqReader(start: number): { entries: Entry[]; last(): number; read(): Promise<void> } {
  const entries: Entry[] = [];
  const last = () => entries.at(-1)?.seq ?? start;
  return {
    entries,
    last,
    async read() {
      entries.push(...(await entriesBehind(admin, last())));
    },
  };
}

test("of 8 writers one commits last what it wrote first: a reader by snapshots gets it, a reader by last seq never does", async () => {
  const [slowRow = "", ...fastRows] = await makeRows(WRITERS);
  await drain(dispatcher, "interleaved");
  const start = await lastSeq(admin);
  const bySeq = createSeqReader(start);
  const [written, release] = [signal(), signal()];

  const slow = change([slowRow], written.send, release.sent);
  await written.sent;
  await Promise.all(fastRows.map((row) => change([row])));
  await bySeq.read();
  const bySnapshot = await drain(dispatcher, "interleaved");
  release.send();
  await slow;
  await bySeq.read();
  bySnapshot.push(...(await drain(dispatcher, "interleaved")));

  const truth = seqsOf(await entriesBehind(admin, start));
  assert.equal(truth.length, WRITERS);
  assert.deepEqual(
    seqsOf(bySnapshot).toSorted((a, b) => a - b),
    truth,
  );
  const missed = truth.filter((seq) => !seqsOf(bySeq.entries).includes(seq));
  assert.deepEqual(missed, [start + 1], "the reader by last seq misses the slow writer's entry");
});

test("while 8 writers change rows in parallel, nothing is missed, nothing comes twice, and each row's changes come in order", async () => {
  const [shared = "", ...rows] = await makeRows(WRITERS + 1);
  await drain(dispatcher, "stress");
  const start = await lastSeq(admin);
  const bySeq = createSeqReader(start);
  const bySnapshot: Entry[] = [];
  const begun = signal();
  let overtaking: { past: number; end: () => void } | undefined;
  let writing = WRITERS;

  /** Each transaction of the slow writer stays open until the reader by last seq has gone past what it wrote. */
  async function writeSlowly(row: string): Promise<void> {
    while (writing > 1) {
      const [written, overtaken] = [signal(), signal()];
      const work = change([row, row], written.send, overtaken.sent);
      await written.sent;
      const { rows } = await admin.query<{ past: number }>("select last_value::int as past from audit.entry_seq");
      overtaking = { past: rows[0]?.past ?? 0, end: overtaken.send };
      begun.send();
      await work;
    }
    writing--;
  }
  async function writeFast(row: string): Promise<void> {
    await begun.sent;
    for (let i = 0; i < TRANSACTIONS_PER_WRITER; i++) await change([row, shared, row]);
    writing--;
  }
  async function readAll(): Promise<void> {
    while (writing > 0) {
      await bySeq.read();
      bySnapshot.push(...(await nextBatch(dispatcher, "stress", 7)));
      if (overtaking && (bySeq.last() > overtaking.past || writing === 1)) overtaking.end();
    }
    await bySeq.read();
    bySnapshot.push(...(await drain(dispatcher, "stress")));
  }
  const [slowRow = "", ...fastRows] = rows;
  await Promise.all([writeSlowly(slowRow), ...fastRows.map(writeFast), readAll()]);

  const truth = await entriesBehind(admin, start);
  assert.deepEqual(rowsOutOfOrder(truth), []);
  assert.deepEqual(
    seqsOf(bySnapshot).toSorted((a, b) => a - b),
    seqsOf(truth),
  );
  assert.deepEqual(rowsOutOfOrder(bySnapshot), []);
  assert.ok(bySeq.entries.length < truth.length, "the reader by last seq misses some");
});
