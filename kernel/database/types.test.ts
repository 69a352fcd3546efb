import assert from "node:assert/strict";
import { test } from "node:test";
import { contextOf, createTenant, openAdmin, openTestDatabase } from "../../test/harness.ts";
import { transaction } from "../tenancy/transaction.ts";
import { queries } from "./query.ts";
import { typesAreFresh } from "./types.ts";

const database = openTestDatabase();

test("the committed row types are those of the catalog (else run `bin/tenon types`)", async () => {
  assert.equal(await typesAreFresh(await openAdmin()), true);
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
