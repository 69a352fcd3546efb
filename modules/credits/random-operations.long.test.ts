import { test } from "node:test";
import { createTenant, openTestDatabase } from "../../test/harness.ts";
import { openBooks } from "./ledger.fixture.ts";
import { holdUnderRandomOperations } from "./random-operations.fixture.ts";

test("the books add up after ten thousand random operations of twenty connections", async () => {
  const tenant = await createTenant(openTestDatabase());
  await holdUnderRandomOperations(openBooks(20), tenant, { runs: 10, rounds: 4, parallel: 250 });
});
