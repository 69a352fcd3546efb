import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { openSealed } from "./seals.fixture.ts";

const record = await openSealed();

// What is done to the record is undone, so that one record is enough for all.
beforeEach(() => record.admin.query("begin"));
afterEach(() => record.admin.query("rollback"));

const TAMPERINGS: Record<string, { text: string; faults: (seq: bigint) => string[] }> = {
  "a changed value": {
    text: `update audit.audit_logs set new_values = '{"name": "another"}' where seq = $1`,
    faults: (seq) => [`2: entry ${seq} was changed`],
  },
  "a changed time": {
    text: "update audit.audit_logs set created_at = created_at + interval '1 microsecond' where seq = $1",
    faults: (seq) => [`2: entry ${seq} was changed`],
  },
  "a changed person": {
    text: "update audit.audit_logs set user_id = gen_random_uuid() where seq = $1",
    faults: (seq) => [`2: entry ${seq} was changed`],
  },
  "a changed address": {
    text: "update audit.audit_logs set ip_address = '10.1.2.3' where seq = $1",
    faults: (seq) => [`2: entry ${seq} was changed`],
  },
  "a value erased with a made-up hash": {
    text: "update audit.audit_logs set new_values = null, erased_values = sha256('x') where seq = $1",
    faults: (seq) => [`2: entry ${seq} was changed`],
  },
  "a removed entry": {
    text: "delete from audit.audit_logs where seq = $1",
    faults: (seq) => [`2: entry ${seq} is missing`],
  },
  "an entry added under a number that is taken": {
    text: `insert into audit.audit_logs (organization_id, seq, actor_kind, action, resource_type)
           select organization_id, seq, actor_kind, action, resource_type from audit.audit_logs where seq = $1`,
    faults: () => [],
  },
  "an entry added below all numbers": {
    text: `insert into audit.audit_logs (organization_id, seq, actor_kind, action, resource_type)
           select organization_id, 0, actor_kind, action, resource_type from audit.audit_logs where seq = $1`,
    faults: () => ["1: entry 0 was added"],
  },
  "two entries in each other's place": {
    text: "update audit.audit_logs set seq = 2 * $1::bigint + 1 - seq where seq between $1 and $1 + 1",
    faults: (seq) => [`2: entry ${seq} was changed`, `2: entry ${seq + 1n} was changed`],
  },
  "a seal in which a number was changed": {
    text: "update audit.seals set sealed_at = sealed_at - interval '1 day' where id = 2 and $1 > 0",
    faults: () => ["2: was changed: its signature is not right"],
  },
  "a seal whose list was changed": {
    text: "update audit.seals set digests = set_byte(digests, 9, get_byte(digests, 9) # 1) where id = 2 and $1 > 0",
    faults: () => ["2: was changed: its list of entries is not right"],
  },
  "a seal that was removed": {
    text: "delete from audit.seals where id = 2 and $1 > 0",
    faults: () => ["3: follows a gap: seal 2 is missing"],
  },
};

for (const [what, { text, faults }] of Object.entries(TAMPERINGS)) {
  test(`${what} is found`, async () => {
    const seq = (record.ends[0] ?? 0n) + 2n;
    await record.tamper(text, [String(seq)]);
    const { told } = await record.verify();
    const found = told.map(({ seal, what: fault }) => `${seal}: ${fault}`);
    if (faults(seq).length > 0) assert.deepEqual(found, faults(seq));
    else
      assert.ok(
        found.some((fault) => fault === `2: entry ${seq} was added`),
        String(found),
      );
  });
}

test("a part of the seals can be looked at alone", async () => {
  await record.tamper("delete from audit.audit_logs where seq = $1", [String(record.ends[0])]);
  const result = await record.verify({ from: "2", to: "2" });
  assert.deepEqual([result.told, result.seals, result.last?.id], [[], 1, "2"]);
  assert.equal((await record.verify({ from: "1", to: "1" })).faults, 1);
});
