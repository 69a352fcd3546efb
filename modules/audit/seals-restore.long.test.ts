import assert from "node:assert/strict";
import { test } from "node:test";
import { environmentOf, runCommand } from "../../cli/command.fixture.ts";
import { backUp, folder, restore } from "../../kernel/database/backup/backup.fixture.ts";
import { createScratchDatabase, openAdmin } from "../../test/harness.ts";
import { openRecord } from "./seals.fixture.ts";

test("the seals hold in a database that was restored elsewhere, and the chain goes on", async () => {
  const record = await openRecord();
  await record.seal();
  await record.write(2);
  await record.admin.query("select audit.note_seal_candidate()");
  const target = await createScratchDatabase();
  await restore(target, await backUp(record.login));
  // What another cluster noted: its transaction ids mean nothing here.
  const restored = await openAdmin(target);
  await restored.query(
    "insert into audit.seal_candidates (system_identifier, last_seq, horizon) values (1, 7, '3') on conflict (only_row) do update set system_identifier = 1, horizon = '3'",
  );
  const again = await openRecord(target);
  await again.seal();
  const result = await again.verify();
  assert.deepEqual([result.told, result.open], [[], 0]);
  assert.ok(result.seals >= 2);
});

test("tenon audit verify prints what to keep elsewhere, and exits with 1 when something is wrong", async () => {
  const record = await openRecord();
  const end = await record.write(5);
  await record.seal();
  const run = (...args: string[]) => runCommand(["audit", "verify", ...args], environmentOf(record.login, folder));
  const right = run();
  assert.equal(right.status, 0, right.stderr);
  assert.match(right.stdout, /Checked \d+ seals with \d+ entries in .* s: 0 faults/);
  const [, expect = ""] = /tenon audit verify --expect (\d+:[0-9a-f]{64})/.exec(right.stdout) ?? [];
  assert.equal(run("--expect", expect).status, 0);
  assert.equal(run("--expect", "x").status, 1);
  await record.tamper("update audit.audit_logs set operation = 'x' where seq = $1", [String(end)]);
  const wrong = run("--expect", expect);
  assert.deepEqual([wrong.status, wrong.stdout.includes(`entry ${end} was changed.`)], [1, true], wrong.stdout);
});
