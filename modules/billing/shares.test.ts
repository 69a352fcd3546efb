import assert from "node:assert/strict";
import { test } from "node:test";
import { createTenant, openAdmin, openTestDatabase } from "../../test/harness.ts";

const admin = await openAdmin();
const database = openTestDatabase();

test("the share of the workers follows the plan", async () => {
  const { id } = await createTenant(database);
  const share = async () => {
    const text = "select weight, running_max, burst_max from tasks.lines where organization_id = $1";
    return (await admin.query(text, [id])).rows[0];
  };
  assert.deepEqual(await share(), { weight: 1, running_max: 100, burst_max: 400 });
  await admin.query(
    `with account as (insert into billing.billing_accounts (organization_id) values ($1) returning id)
     insert into billing.subscriptions (organization_id, billing_account_id, plan, status, current_period_end)
     select $1, id, 'pro', 'active', now() + interval '1 month' from account`,
    [id],
  );
  assert.deepEqual(await share(), { weight: 4, running_max: 400, burst_max: 1600 });
  await admin.query(
    "update billing.subscriptions set status = 'cancelled', cancelled_at = now() where organization_id = $1",
    [id],
  );
  assert.deepEqual(await share(), { weight: 1, running_max: 100, burst_max: 400 });
});
