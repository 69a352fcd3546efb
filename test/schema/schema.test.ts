import assert from "node:assert/strict";
import { test } from "node:test";
import { withRoleNames } from "../../kernel/database/roles.ts";
import { createScratchDatabase, openAdmin, testServer } from "../harness.ts";
import { findFaults, withCatalog } from "./catalog.ts";
import { COLUMN_RULES } from "./rules/columns.ts";
import { COMMENT_RULES } from "./rules/comments.ts";
import { DISTRIBUTION_RULES } from "./rules/distribution.ts";
import { FOREIGN_KEY_RULES } from "./rules/foreign-keys.ts";
import { FUNCTION_RULES } from "./rules/functions.ts";
import { GRANT_RULES } from "./rules/grants.ts";
import { INDEX_RULES } from "./rules/indexes.ts";
import { OWNERSHIP_RULES } from "./rules/ownership.ts";
import { POLICY_RULES } from "./rules/policies.ts";
import { RECORD_RULES } from "./rules/record.ts";
import { TABLE_RULES } from "./rules/tables.ts";
import { VIEW_RULES } from "./rules/views.ts";

const RULES = [
  ...TABLE_RULES,
  ...POLICY_RULES,
  ...GRANT_RULES,
  ...OWNERSHIP_RULES,
  ...FUNCTION_RULES,
  ...VIEW_RULES,
  ...INDEX_RULES,
  ...FOREIGN_KEY_RULES,
  ...COLUMN_RULES,
  ...RECORD_RULES,
  ...COMMENT_RULES,
  ...DISTRIBUTION_RULES,
];

const admin = await openAdmin();
const scratch = await openAdmin(await createScratchDatabase());

for (const rule of RULES) {
  test(rule.name, () => withCatalog(admin, async () => assert.deepEqual(await findFaults(admin, rule), [], rule.why)));

  for (const [index, breach] of rule.breaches.entries()) {
    test(`${rule.name}: breach ${index + 1} is caught by this rule alone`, async () => {
      const expected = breach.faults.map((fault) => ({
        rule: rule.name,
        fault: withRoleNames(fault, testServer.prefix),
      }));
      assert.deepEqual(await withCatalog(scratch, findAllFaults, breach.sql), expected, breach.sql);
    });
  }

  const exceptions = Object.keys(rule.exceptions ?? {});
  if (exceptions.length > 0) {
    test(`${rule.name}: every exception is still needed`, async () => {
      await withCatalog(admin, async () => {
        for (const name of exceptions) {
          const others = exceptions.filter((other) => other !== name);
          assert.notDeepEqual(await findFaults(admin, rule, others), [], `${name} is no exception any more`);
        }
      });
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
