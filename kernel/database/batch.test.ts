import assert from "node:assert/strict";
import { before, test } from "node:test";
import type pg from "pg";
import { atEnd, openAdmin, testServer } from "../../test/harness.ts";
import { rowsOf, runBatch } from "./batch.ts";
import { connect } from "./connection.ts";
import { PREPARED_STATEMENTS_MAX } from "./statement-cache.ts";

const BEGIN = { text: "begin", fixed: true };
const COMMIT = { text: "commit", fixed: true };
const ROLLBACK = { text: "rollback", fixed: true };

let admin: pg.Client;
let client: pg.Client;

before(async () => {
  admin = await openAdmin();
  await admin.query("create schema batch_test; create table batch_test.notes (id integer primary key, note text)");
  client = await connect(testServer.admin);
  atEnd(() => admin.query("drop schema batch_test cascade"));
  atEnd(() => client.end());
});
async function noteIds(): Promise<number[]> {
  const { rows } = await admin.query<{ id: number }>("select id from batch_test.notes order by id");
  return rows.map((row) => row.id);
}

function insert(id: unknown, fixed = true) {
  return { text: "insert into batch_test.notes (id) values ($1)", values: [id], fixed };
}

test("a batch answers each step with its tag and its rows", async () => {
  const results = await runBatch(client, [
    BEGIN,
    { text: "select $1::int + 1 as n, null as nothing union all select 7, 'x' order by 1", values: [1] },
    COMMIT,
  ]);
  assert.deepEqual(
    results.map((result) => result.tag),
    ["BEGIN", "SELECT 2", "COMMIT"],
  );
  assert.deepEqual(results[1]?.rows, [
    ["2", null],
    ["7", "x"],
  ]);
});

test("a described step gives rows with names and types", async () => {
  const [result] = await runBatch(client, [
    {
      text: "select 1 as one, true as yes, 9007199254740993::bigint as big, '{\"a\":1}'::jsonb as doc",
      described: true,
    },
  ]);
  assert.deepEqual(result && rowsOf(result), [{ one: 1, yes: true, big: "9007199254740993", doc: { a: 1 } }]);
});

test("an error in the middle undoes the whole batch and skips the rest", async () => {
  await assert.rejects(runBatch(client, [BEGIN, insert(1), insert(1), insert(2), COMMIT]), { code: "23505" });
  await runBatch(client, [ROLLBACK]);
  assert.equal(client.getTransactionStatus(), "I");
  assert.deepEqual(await noteIds(), []);
});

test("a parameter that cannot be serialized stops the batch before the first byte", async () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  await assert.rejects(
    runBatch(client, [BEGIN, insert(10), { text: "select $1::jsonb", values: [circular] }, COMMIT]),
    /circular/i,
  );
  assert.equal(client.getTransactionStatus(), "I");
  assert.deepEqual(await noteIds(), []);
  const [result] = await runBatch(client, [{ text: "select 'still works'" }]);
  assert.deepEqual(result?.rows, [["still works"]]);
});

test("a fixed statement whose batch failed before or while it was prepared works the next time", async () => {
  const never = { text: "select 'prepared after a failure'", fixed: true };
  const broken = { text: "select no_such_column", fixed: true };
  for (const batch of [
    [{ text: "select 1/0" }, never],
    [broken, never],
    [never, broken],
  ]) {
    await assert.rejects(runBatch(client, batch));
  }
  const [result] = await runBatch(client, [never]);
  assert.deepEqual(result?.rows, [["prepared after a failure"]]);
  await assert.rejects(runBatch(client, [broken]), { code: "42703" });
});

test("a connection keeps a bounded number of prepared statements, the latest used", async () => {
  for (let i = 0; i < PREPARED_STATEMENTS_MAX + 20; i++) {
    await runBatch(client, [
      { text: `select ${i}`, fixed: true },
      { text: "select 'always used'", fixed: true },
    ]);
  }
  const [result] = await runBatch(client, [
    { text: "select count(*), bool_or(statement = 'select ''always used''') from pg_prepared_statements" },
  ]);
  assert.deepEqual(result?.rows, [[String(PREPARED_STATEMENTS_MAX), "t"]]);
});

test("what made room in a batch that failed is prepared again, and no more than fit are kept", async () => {
  const fixed = (n: number) => ({ text: `select ${n}`, fixed: true });
  for (let n = 0; n < PREPARED_STATEMENTS_MAX; n++) await runBatch(client, [fixed(n)]);
  const failing = [{ text: "select 1 / 0" }, { text: "select 'one more'", fixed: true }];
  await assert.rejects(runBatch(client, failing), { code: "22012" });
  assert.deepEqual((await runBatch(client, [fixed(0)]))[0]?.rows, [["0"]]);
  await assert.rejects(runBatch(client, [fixed(1), { text: "select 1 / 0" }]), { code: "22012" });
  assert.deepEqual((await runBatch(client, [fixed(1), fixed(1)]))[1]?.rows, [["1"]]);
  const [kept] = await runBatch(client, [{ text: "select count(*)::int from pg_prepared_statements" }]);
  assert.ok(Number(kept?.rows[0]?.[0]) <= PREPARED_STATEMENTS_MAX);
});

test("only the extended protocol is spoken: a second statement in one text is refused", async () => {
  await assert.rejects(runBatch(client, [{ text: "select 1; select 2" }]), { code: "42601" });
});

test("batches sent at once on one connection are answered in order", async () => {
  const answers = await Promise.all([1, 2, 3].map((n) => runBatch(client, [{ text: "select $1::text", values: [n] }])));
  assert.deepEqual(
    answers.map((answer) => answer[0]?.rows[0]?.[0]),
    ["1", "2", "3"],
  );
});

test("a batch on a connection that is cut rejects", async () => {
  const victim = await connect(testServer.admin);
  const [result] = await runBatch(victim, [{ text: "select pg_backend_pid()" }]);
  const rejected = assert.rejects(runBatch(victim, [{ text: "select pg_sleep(60)" }]));
  await admin.query("select pg_terminate_backend($1)", [result?.rows[0]?.[0]]);
  await rejected;
});
