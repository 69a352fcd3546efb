import assert from "node:assert/strict";
import { test } from "node:test";
import type { Tenant } from "../../../test/harness.ts";
import { verifyLedger } from "../../credits/public.ts";
import { DONE, FAILED, NOTHING_LEFT, openEngine } from "./engine.fixture.ts";

const engine = await openEngine();
const { admin, enqueue, claim, begin, finish, task, leftovers, work } = engine;

const CREDIT = 1_000_000;
const WELCOME = 100 * CREDIT;

async function balanceOf({ id }: Tenant): Promise<{ posted: number; held: number }> {
  const { rows } = await admin.query(
    "select posted::float8, held::float8 from credits.balances where organization_id = $1",
    [id],
  );
  return rows[0];
}

async function assertBooksBalance(tenant: Tenant): Promise<void> {
  for await (const { name, violations } of verifyLedger(admin, tenant.id)) assert.equal(violations, 0, name);
  assert.equal((await balanceOf(tenant)).held, 0, "nothing is left set aside");
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
}

test("what a task is estimated to cost is set aside before it begins, and what it cost is paid after", async () => {
  const tenant = await engine.tenant();
  const [less = "", more = "", failed = "", unforeseen = ""] = await enqueue(
    tenant,
    { estimated_cost: 10 * CREDIT },
    { estimated_cost: 10 * CREDIT },
    { estimated_cost: 10 * CREDIT },
    {},
  );
  const [claimed] = await claim();
  assert.ok(claimed);
  await begin(claimed);
  assert.deepEqual(await balanceOf(tenant), { posted: WELCOME, held: 30 * CREDIT });
  await finish(claimed, {
    [less]: { ...DONE, cost: 4 * CREDIT },
    [more]: { ...DONE, cost: 13 * CREDIT },
    [failed]: FAILED,
    [unforeseen]: { ...DONE, cost: 1 * CREDIT },
  });
  assert.deepEqual(await balanceOf(tenant), { posted: WELCOME - 18 * CREDIT, held: 0 });
  await assertBooksBalance(tenant);
});

test("what there are no credits for waits until some come, or fails, as it says", async () => {
  const tenant = await engine.tenant();
  const [waiting = "", failing = "", cheap = ""] = await enqueue(
    tenant,
    { estimated_cost: 150 * CREDIT },
    { estimated_cost: 150 * CREDIT, credit_policy: "fail" },
    { estimated_cost: CREDIT },
  );
  await work(() => ({ ...DONE, cost: CREDIT }));
  assert.equal((await task(waiting)).status, "waiting");
  assert.deepEqual([(await task(failing)).status, (await task(failing)).error], ["failed", "out_of_credit"]);
  assert.equal((await task(cheap)).status, "completed");
  assert.deepEqual(await work(), [], "it is not tried again and again");
  await admin.query(
    "select credits.grant_credits($1, id, 'purchase', $2, 'more') from credits.accounts where organization_id = $1",
    [tenant.id, 100 * CREDIT],
  );
  await engine.sweep();
  assert.deepEqual(await work(() => ({ ...DONE, cost: 120 * CREDIT })), [waiting]);
  assert.deepEqual([(await task(waiting)).status, (await task(waiting)).attempts], ["completed", 1]);
  await assertBooksBalance(tenant);
});

test("no task costs more than its cap, and no tree more than its own", async () => {
  const tenant = await engine.tenant();
  const [capped = "", root = ""] = await enqueue(
    tenant,
    { estimated_cost: 5 * CREDIT, cost_cap: 4 * CREDIT },
    { estimated_cost: 3 * CREDIT, tree_cost_cap: 5 * CREDIT },
  );
  const [part = ""] = await enqueue(tenant, { estimated_cost: 3 * CREDIT, parent_task_id: root, priority: 9 });
  await work(() => ({ ...DONE, cost: 3 * CREDIT }));
  assert.deepEqual([(await task(capped)).status, (await task(capped)).error], ["failed", "cost_cap"]);
  assert.equal((await task(root)).status, "completed");
  assert.deepEqual([(await task(part)).status, (await task(part)).error], ["failed", "tree_cap"]);
  await assertBooksBalance(tenant);
});

test("what was set aside lasts as long as its worker is heard of, and is given back when it is lost", async () => {
  const tenant = await engine.tenant();
  const [id = ""] = await enqueue(tenant, { estimated_cost: 10 * CREDIT });
  const [claimed] = await claim();
  assert.ok(claimed);
  await begin(claimed);
  await admin.query("update credits.holds set expires_at = now() + interval '1 second' where organization_id = $1", [
    tenant.id,
  ]);
  await admin.query("select tasks.heartbeat($1, '1 minute')", [[claimed.token]]);
  const { rows } = await admin.query(
    "select expires_at > now() + interval '2 minutes' as lasts from credits.holds where organization_id = $1",
    [tenant.id],
  );
  assert.deepEqual(rows, [{ lasts: true }]);
  await engine.loseClaims(tenant);
  await engine.sweep();
  assert.equal((await balanceOf(tenant)).held, 0);
  assert.deepEqual(await work(() => ({ ...DONE, cost: CREDIT })), [id]);
  assert.deepEqual(await balanceOf(tenant), { posted: WELCOME - CREDIT, held: 0 });
  await assertBooksBalance(tenant);
});

test("what models, integrations and webhooks carried out is counted as usage, once", async () => {
  const tenant = await engine.tenant();
  await enqueue(tenant, { worker_type: "ai" }, { worker_type: "integration" }, { worker_type: "internal" });
  await work();
  const { rows } = await admin.query(
    "select sum(amount)::int as tasks from credits.usage_periods where organization_id = $1 and resource_type = 'tasks'",
    [tenant.id],
  );
  assert.deepEqual(rows, [{ tasks: 2 }]);
});
