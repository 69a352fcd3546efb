import assert from "node:assert/strict";
import { test } from "node:test";
import { folder, newDatabase } from "../kernel/database/backup/backup.fixture.ts";
import { createTenant, openTestDatabase } from "../test/harness.ts";
import { environmentOf, runCommand } from "./command.fixture.ts";

const { login, admin } = await newDatabase();
const database = openTestDatabase(login);

function tenonLedger(...args: string[]) {
  return runCommand(["ledger", ...args], environmentOf(login, folder));
}

test("the operator books credits once by their key, and finds out whether the books add up", async () => {
  const { id, slug } = await createTenant(database);
  const grant = ["grant", slug, "12.5", "--note", "Invoice 7", "--key", "invoice 7", "--expires", "2099-01-31"];
  for (const granted of [tenonLedger(...grant), tenonLedger(...grant)])
    assert.match(granted.stdout, /^Booked 12\.5 credits under the key invoice 7\. 112\.5 are on the account now\.$/m);
  const unknown = tenonLedger("grant", "nobody", "1", "--note", "x");
  assert.deepEqual(
    [unknown.status, unknown.stderr.trim()],
    [1, 'tenon: There is no account "main" in an organization "nobody".'],
  );
  const sound = tenonLedger("verify");
  assert.equal(sound.status, 0, sound.stdout);
  assert.match(sound.stdout, /^the legs of an operation add up to zero: holds \(4 rows\)$/m);

  await admin.query("update credits.balances set used_this_month = 1 where organization_id = $1", [id]);
  const broken = tenonLedger("verify", "--organization", id);
  assert.equal(broken.status, 1);
  assert.match(broken.stdout, /^what was used this month is the sum of its charges: 1 violations \(1 rows\)$/m);
  assert.match(broken.stdout, /: 1 violations\.$/m);
});
