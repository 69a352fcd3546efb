import { test } from "node:test";
import { createTenant, openTestDatabase } from "../../test/harness.ts";
import { openBooks } from "./ledger.fixture.ts";
import { holdUnderRandomOperations } from "./random-operations.fixture.ts";

test("the books add up whatever parallel connections do with them", async () => {
  const tenant = await createTenant(openTestDatabase());
  await holdUnderRandomOperations(openBooks(8), tenant, { runs: 3, rounds: 3, parallel: 30 });
});
