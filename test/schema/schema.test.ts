import assert from "node:assert/strict";
import { test } from "node:test";
import { withRoleNames } from "../../kernel/database/roles.ts";
import { createScratchDatabase, openAdmin, testServer } from "../harness.ts";
import { findFaults, layCatalog, withBreach } from "./catalog.ts";
import { RULES } from "./rules/all.ts";

const server = await createScratchDatabase();
const [untouched, scratch] = [await openAdmin(server), await openAdmin(server)];
// Reading the catalog takes longer than holding it against a rule, and only a breach changes it: that is rolled back.
await layCatalog(untouched);

for (const rule of RULES) {
  test(rule.name, async () => assert.deepEqual(await findFaults(untouched, rule), [], rule.why));

  for (const [index, breach] of rule.breaches.entries()) {
    test(`${rule.name}: breach ${index + 1} is caught by this rule alone`, async () => {
      const expected = breach.faults.map((fault) => ({
        rule: rule.name,
        fault: withRoleNames(fault, testServer.prefix),
      }));
      assert.deepEqual(await withBreach(scratch, breach.sql, findAllFaults), expected, breach.sql);
    });
  }

  const exceptions = Object.keys(rule.exceptions ?? {});
  if (exceptions.length > 0) {
    test(`${rule.name}: every exception is still needed`, async () => {
      for (const name of exceptions) {
        const others = exceptions.filter((other) => other !== name);
        assert.notDeepEqual(await findFaults(untouched, rule, others), [], `${name} is no exception any more`);
      }
    });
  }
}

test("every rule has a name of its own, a reason, reasons for its exceptions, and a breach", () => {
  assert.equal(new Set(RULES.map((rule) => rule.name)).size, RULES.length);
  for (const { name, why, exceptions = {}, breaches } of RULES) {
    for (const reason of [why, ...Object.values(exceptions)]) assert.match(reason, /^[A-Z].*\.$/, name);
    assert.notEqual(breaches.length, 0, name);
    for (const breach of breaches) assert.notEqual(breach.faults.length, 0, name);
  }
});

async function findAllFaults(): Promise<{ rule: string; fault: string }[]> {
  const found = [];
  for (const rule of RULES) {
    for (const fault of await findFaults(scratch, rule)) found.push({ rule: rule.name, fault });
  }
  return found;
}
