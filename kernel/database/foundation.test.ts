import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { before, test } from "node:test";
import type pg from "pg";
import { atEnd, createScratchDatabase, openAdmin, testServer } from "../../test/harness.ts";
import { layFoundation } from "./foundation.ts";
import { assertRuntimeRoles } from "./role-check.ts";
import { roleName } from "./roles.ts";

let admin: pg.Client;
const member = roleName(testServer.prefix, "member");

before(async () => {
  admin = await openAdmin(await createScratchDatabase());
});

/** Everything in a transaction that is rolled back: roles belong to the whole server, and other tests use them. */
async function undone(work: () => Promise<void>): Promise<void> {
  await admin.query("begin");
  try {
    await work();
  } finally {
    await admin.query("rollback");
  }
}

test("a login without the rights is told each of them, and nothing is changed", async () => {
  const weak = `weak_${randomBytes(6).toString("hex")}`;
  await admin.query(`create role ${weak}`);
  atEnd(() => admin.query(`drop role ${weak}`));
  await undone(async () => {
    await admin.query("grant execute on function pg_catalog.set_config(text, text, boolean) to public");
    await admin.query(`set local role ${weak}`);
    const options = { prefix: "fresh", passwordOf: () => "", keyId: "" };
    await assert.rejects(layFoundation(admin, options), (error: Error) => {
      assert.match(error.message, /create roles: alter role "weak_\w+" createrole/);
      assert.match(error.message, /make roles that bypass row-level security \(fresh_loader\)/);
      assert.match(error.message, /revoke functions of pg_catalog from public \(set_config\)/);
      assert.match(error.message, /own the database: alter database/);
      return true;
    });
  });
  const { rows } = await admin.query("select from pg_roles where rolname = 'fresh_member'");
  assert.equal(rows.length, 0);
});

test("the runtime roles are as weak as they must be", async () => {
  await assertRuntimeRoles(admin, testServer.prefix);
});

const STRONGER = {
  "is a superuser": `alter role ${member} superuser`,
  "may create roles": `alter role ${member} createrole`,
  "may create databases": `alter role ${member} createdb`,
  "may replicate": `alter role ${member} replication`,
  "bypasses row-level security": `alter role ${member} bypassrls`,
  "is a member of": `grant pg_read_all_data to ${member}`,
  "may create in schema organizations": `grant create on schema organizations to ${member}`,
  "may create schemas or temporary tables": `do $$ begin execute format('grant temp on database %I to ${member}', current_database()); end $$`,
  "owns table organizations.tags": `alter table organizations.tags owner to ${member}`,
  "may call pg_advisory_xact_lock": `grant execute on function pg_catalog.pg_advisory_xact_lock(bigint) to ${member}`,
  "may call set_config": `grant execute on function pg_catalog.set_config(text, text, boolean) to ${member}`,
};

for (const [fault, statement] of Object.entries(STRONGER)) {
  test(`nothing starts when a runtime role ${fault}`, async () => {
    await undone(async () => {
      await admin.query(statement);
      await assert.rejects(assertRuntimeRoles(admin, testServer.prefix), (error: Error) =>
        error.message.includes(`${member} ${fault}`),
      );
    });
  });
}
