import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { roleName } from "../../kernel/database/roles.ts";
import { runEndings, testServer } from "../../test/harness.ts";
import { expireValues } from "./erasure.ts";
import { openRecord, type TestRecord } from "./seals.fixture.ts";

const NOW = { signal: new AbortController().signal };
const OLD = "01900000-0000-7000-8000-000000000001";
const DEFINER = roleName(testServer.prefix, "definer");

afterEach(runEndings);

/** A sealed record with one entry of long ago, whose organization keeps values for 30 days. */
async function openOld(): Promise<TestRecord> {
  const record = await openRecord();
  await record.admin.query(
    `create table audit.audit_logs_old partition of audit.audit_logs for values from ('2020-01-01') to ('2026-01-01');
     alter table audit.audit_logs_old enable row level security, force row level security`,
  );
  await record.admin.query(
    `insert into audit.audit_logs (organization_id, id, created_at, actor_kind, action, resource_type, old_values, new_values, details, ip_address, user_agent)
     values ($1, $2, '2024-06-10', 'user', 'update', 'shop.things', '{"name": "old"}', '{"name": "new"}', '{"rows": 1}', '10.1.2.3', 'A browser')`,
    [record.tenant.id, OLD],
  );
  await record.write(3);
  await record.seal();
  await record.admin.query("insert into audit.retention (organization_id, audit_days) values ($1, 30)", [
    record.tenant.id,
  ]);
  return record;
}

async function oldEntry({ admin }: TestRecord) {
  const { rows } = await admin.query("select * from audit.audit_logs where id = $1", [OLD]);
  return rows[0];
}

test("values that are kept no longer are erased, nothing else is, and the seals hold", async () => {
  const record = await openOld();
  const before = await oldEntry(record);
  await expireValues({ database: record.database, ...NOW });
  const { old_values, new_values, details, salt, erased_values, ...rest } = await oldEntry(record);
  assert.deepEqual([old_values, new_values, details], [null, null, null]);
  assert.equal(erased_values.length, 32);
  assert.equal(salt.subarray(0, 8).equals(Buffer.alloc(8)), true);
  for (const [name, value] of Object.entries(rest)) assert.deepEqual(value, before[name], name);
  const { rows } = await record.admin.query(
    "select count(*)::int from audit.audit_logs where erased_values is not null",
  );
  assert.deepEqual(rows, [{ count: 1 }]);
  const result = await record.verify();
  assert.deepEqual([result.told, result.erased], [[], 1]);
  await expireValues({ database: record.database, ...NOW });
  assert.deepEqual((await record.verify()).told, []);
});

test("while a hold stands nothing is erased; once it is lifted it is", async () => {
  const record = await openOld();
  const { tenant, admin, database } = record;
  await admin.query("insert into audit.legal_holds (organization_id, reason, placed_by) values ($1, 'x', $2)", [
    tenant.id,
    tenant.owner.userId,
  ]);
  await expireValues({ database, ...NOW });
  assert.deepEqual((await oldEntry(record)).new_values, { name: "new" });
  await assert.rejects(eraseAsDefiner(record, "{values}"), { code: "TN011" });
  await admin.query("update audit.legal_holds set released_by = placed_by, released_at = now()");
  await expireValues({ database, ...NOW });
  assert.equal((await oldEntry(record)).new_values, null);
});

/** Erases as the functions do it, in a transaction that is given up. */
async function eraseAsDefiner({ admin, tenant }: TestRecord, parts: string): Promise<unknown> {
  return asDefiner(admin, "select audit.erase_entries($1, $2, $3) as erased", [tenant.id, [OLD], parts]);
}

async function asDefiner(admin: TestRecord["admin"], text: string, values: unknown[]): Promise<unknown> {
  await admin.query("begin");
  try {
    await admin.query(`set local role ${DEFINER}`);
    return (await admin.query(text, values)).rows;
  } finally {
    await admin.query("rollback");
  }
}

test("the record lets through what is erased with its hash, and no other change", async () => {
  const record = await openOld();
  for (const parts of ["{values}", "{origin}", "{values,origin}"])
    assert.deepEqual(await eraseAsDefiner(record, parts), [{ erased: "1" }]);
  const ERASED = "erased_values = audit.values_digest(a), salt = decode(repeat('00', 8), 'hex') || substr(salt, 9, 8)";
  const NOTHING = "old_values = null, new_values = null, details = null";
  for (const change of [
    `${NOTHING}`,
    `${NOTHING}, erased_values = sha256('x'), salt = decode(repeat('00', 8), 'hex') || substr(salt, 9, 8)`,
    `${NOTHING}, erased_values = audit.values_digest(a)`,
    `old_values = null, new_values = '{}', details = null, ${ERASED}`,
    `${ERASED}`,
    `${NOTHING}, ${ERASED}, ip_address = null`,
    `${NOTHING}, ${ERASED}, user_agent = 'another'`,
    "new_values = '{}'",
    "salt = salt",
  ]) {
    const text = `update audit.audit_logs a set ${change} where id = $1`;
    await assert.rejects(asDefiner(record.admin, text, [OLD]), { code: "23001" }, change);
  }
  for (const column of ["operation = 'x'", "seq = 1", "user_id = null", "created_at = now()", "xid = '3'"])
    await assert.rejects(asDefiner(record.admin, `update audit.audit_logs set ${column} where id = $1`, [OLD]), {
      code: "42501",
    });
  const right = `update audit.audit_logs a set ${NOTHING}, ${ERASED} where id = $1`;
  assert.deepEqual(await asDefiner(record.admin, right, [OLD]), []);
  await assert.rejects(record.admin.query(right, [OLD]), { code: "23001" });
});
