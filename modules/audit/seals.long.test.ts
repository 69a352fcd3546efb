import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { RUNTIME_ROLES } from "../../kernel/database/roles.ts";
import { newKey } from "../../kernel/secrets/key.ts";
import { openAdmin, openTestDatabase, runEndings, testServices } from "../../test/harness.ts";
import { openRecord, openSealed, type TestRecord } from "./seals.fixture.ts";
import { resignSeals, sealRecord } from "./seals.ts";
import { verifyRecord } from "./verification.ts";

// Each test has a database of its own, which would otherwise stay open until the last one.
afterEach(runEndings);

async function sealsOf({ admin }: TestRecord) {
  const { rows } = await admin.query("select id, from_seq, to_seq, entries from audit.seals order by id");
  return rows;
}

test("everything is sealed, in a chain without gaps, and proves to be as it was written", async () => {
  const record = await openSealed();
  const seals = await sealsOf(record);
  assert.deepEqual(
    seals.map(({ to_seq }) => BigInt(to_seq)),
    record.ends,
  );
  const { told, ...result } = await record.verify();
  assert.deepEqual(told, []);
  assert.deepEqual([result.seals, result.open, result.erased, result.last?.id], [3, 0, 0, "3"]);
  assert.equal(BigInt(result.entries), record.ends.at(-1));
  await record.seal();
  assert.equal((await sealsOf(record)).length, 3);
});

test("more than 10,000 entries become several seals in one run, and rolled back numbers none", async () => {
  const record = await openRecord();
  await record.admin.query("begin");
  await record.write(1);
  await record.admin.query("select setval('audit.entry_seq', 45000)");
  await record.admin.query("rollback");
  for (let statement = 0; statement < 12; statement++) await record.write(1000);
  await record.seal();
  const seals = await sealsOf(record);
  assert.ok(seals.every(({ entries }) => entries <= 10_000));
  assert.ok(seals.length >= 3);
  assert.equal(seals.at(-1).to_seq, "57000");
  assert.deepEqual((await record.verify()).told, []);
});

test("an entry whose transaction is still open while others are sealed is sealed later, without an alarm", async () => {
  const record = await openRecord();
  const slow = await openAdmin(record.login);
  await slow.query("begin");
  const early = await record.write(1, slow);
  const late = await record.write(3);
  assert.ok(late > early);
  await record.trySeal();
  await record.write(1);
  await record.trySeal();
  assert.deepEqual(await sealsOf(record), []);
  await slow.query("commit");
  await record.seal();
  const result = await record.verify();
  assert.deepEqual([result.told, result.open], [[], 0]);
  assert.equal(BigInt(result.entries), late + 1n);
});

test("a transaction with a later id than one that has ended is waited for too", async () => {
  const record = await openRecord();
  const [first, second] = [await openAdmin(record.login), await openAdmin(record.login)];
  await first.query("begin; select pg_current_xact_id()");
  await second.query("begin");
  await record.write(1, second);
  await record.trySeal();
  await first.query("commit");
  await record.trySeal();
  assert.deepEqual(await sealsOf(record), []);
  await second.query("commit");
  await record.seal();
  assert.deepEqual([(await record.verify()).told, (await sealsOf(record)).length > 0], [[], true]);
});

test("a candidate is noted in a transaction that has written nothing", async () => {
  const { admin } = await openRecord();
  await admin.query("begin; select pg_current_xact_id()");
  await assert.rejects(admin.query("select audit.note_seal_candidate()"), /has not written yet/);
  await admin.query("rollback");
});

test("several processes that seal at once make one chain", async () => {
  const record = await openRecord();
  for (let statement = 0; statement < 25; statement++) await record.write(1000);
  const processes = [1, 2, 3].map(() => openTestDatabase(record.login, RUNTIME_ROLES.length));
  await Promise.all(processes.map((process) => record.trySeal(process)));
  await record.seal();
  const result = await record.verify();
  assert.deepEqual([result.told, result.open], [[], 0]);
  assert.ok(result.seals >= 3);
});

test("a record that was changed and sealed anew without the key is found by the signatures", async () => {
  const record = await openSealed();
  await record.tamper(`update audit.audit_logs set new_values = '{}' where seq = $1`, [
    String((record.ends[1] ?? 0n) + 1n),
  ]);
  await record.tamper("delete from audit.seals where id = 3");
  const services = { ...testServices(), keyring: { keys: [newKey()] as const, reload: () => undefined } };
  const { keys } = services.keyring;
  await record.admin.query("insert into kernel.keys (id) values ($1)", [keys[0].id]);
  await record.admin.query("delete from audit.seal_candidates");
  const isSealed = async () => (await sealsOf(record)).length === 3;
  do await sealRecord({ database: record.database, services, signal: new AbortController().signal });
  while (!(await isSealed()));
  await record.tamper("update audit.seals set key_id = (select key_id from audit.seals where id = 1) where id = 3");
  const { told } = await record.verify();
  assert.deepEqual(told, [{ seal: "3", what: "was changed: its signature is not right" }]);
});

test("an end that was cut off is found by the seal that was kept elsewhere", async () => {
  const record = await openSealed();
  const { last } = await record.verify();
  const expect = { id: last?.id ?? "", hash: last?.hash ?? "" };
  assert.deepEqual((await record.verify({ expect })).told, []);
  await record.tamper("delete from audit.audit_logs where seq > $1", [String(record.ends[1])]);
  await record.tamper("delete from audit.seals where id = 3");
  assert.deepEqual((await record.verify()).told, []);
  assert.match((await record.verify({ expect })).told[0]?.what ?? "", /^is missing, though it was there/);
  await record.write(3);
  await record.seal();
  assert.deepEqual((await record.verify({ expect })).told, [{ seal: "3", what: "is another one than it was" }]);
});

test("a rotation signs the seals anew, but none that is not authentic, and the old key stays while one needs it", async () => {
  const record = await openSealed();
  const { keyring: old } = testServices();
  const keyring = { keys: [newKey(), ...old.keys] as const, reload: () => undefined };
  await record.admin.query("insert into kernel.keys (id) values ($1)", [keyring.keys[0].id]);
  await record.tamper("update audit.seals set entries = entries where id = 2");
  await record.tamper("update audit.seals set sealed_at = now() where id = 2");
  assert.deepEqual(await resignSeals(record.admin, keyring), { resigned: 2, refused: ["2"] });
  await assert.rejects(record.admin.query("delete from kernel.keys where id = $1", [old.keys[0].id]));
  const told: string[] = [];
  await verifyRecord(record.admin, keyring, { report: ({ seal, what }) => told.push(`${seal}: ${what}`) });
  assert.deepEqual(told, ["2: was changed: its signature is not right"]);
  const alone = { keys: [keyring.keys[0]] as const, reload: () => undefined };
  await verifyRecord(record.admin, alone, { from: "3", report: ({ what }) => assert.fail(what) });
});

test("the seals are append-only, for their owner too", async () => {
  const { admin } = await openSealed();
  for (const text of [
    "update audit.seals set hash = previous_hash where id = 2",
    "delete from audit.seals",
    "truncate audit.seals",
  ])
    await assert.rejects(admin.query(text), { code: "23001" });
});
