import assert from "node:assert/strict";
import { test } from "node:test";
import { contextOf, createTenant, openAdmin, openTestDatabase } from "../../test/harness.ts";
import { transaction } from "../tenancy/transaction.ts";
import { factsAreFresh } from "./facts.ts";
import { queries } from "./query.ts";
import { typesAreFresh } from "./types.ts";

const database = openTestDatabase();

test("the committed row types and facts are those of the catalog (else run `bin/tenon types`)", async () => {
  const admin = await openAdmin();
  assert.equal(await typesAreFresh(admin), true);
  assert.equal(await factsAreFresh(admin), true);
});

test("a query that the compiler checked runs in an entered transaction, with typed rows", async () => {
  const tenant = await createTenant(database);
  const query = queries
    .selectFrom("organizations.roles")
    .select(["name", "version"])
    .where("organization_id", "=", tenant.id)
    .where("template", "=", "owner")
    .compile();
  const rows = await transaction(contextOf(database, tenant), (tx) => tx.execute(query));
  assert.deepEqual(rows, [{ name: "owner", version: "1" }]);
});
