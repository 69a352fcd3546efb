import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { atEnd } from "../../test/harness.ts";
import { openWooStore, wooOrder, wooProduct } from "./fake-stores.fixture.ts";
import { openStores } from "./stores.fixture.ts";

const ORDERS = 3_000;
const CUSTOMERS = 250;
const KILLS = 4;
const PROGRAM = join(import.meta.dirname, "worker.fixture.ts");

const { login, tenant, connect, all } = await openStores();

function spawnWorker(): ChildProcess {
  return spawn(process.execPath, [PROGRAM, JSON.stringify(login)], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, NODE_TEST_CONTEXT: "" },
  });
}

async function kill(worker: ChildProcess): Promise<void> {
  worker.kill("SIGKILL");
  await once(worker, "exit");
}

test("a sync whose workers are killed again and again brings every order once, with the customers' figures exact", async () => {
  const store = await openWooStore();
  store.products.set(1, wooProduct(1));
  for (let id = 1; id <= ORDERS; id++) store.orders.set(id, wooOrder(id, 1 + (id % CUSTOMERS)));
  store.orders.set(ORDERS + 1, wooOrder(ORDERS + 1, 1, { total: "much" }));
  let worker = spawnWorker();
  atEnd(() => kill(worker));
  const { id, task_id } = await connect(store);
  const stateOf = async () => {
    const [row] = await all(
      "select t.status, (select count(*)::int from commerce.orders where organization_id = $2) as orders, pg_sleep(0.005) from tasks.tasks t where t.id = $1",
      [task_id, tenant.id],
    );
    return row as { status: string; orders: number };
  };
  let kills = 0;
  for (let state = await stateOf(); !["completed", "failed"].includes(state.status); state = await stateOf()) {
    if (kills >= KILLS || state.orders < ((kills + 1) * ORDERS) / (KILLS + 1)) continue;
    await kill(worker);
    worker = spawnWorker();
    kills += 1;
  }
  assert.equal(kills, KILLS);
  const [task] = await all("select status, output from tasks.tasks where id = $1", [task_id]);
  assert.equal(task.status, "completed");
  assert.deepEqual(task.output, { created: ORDERS + 1, updated: 0, failed: 1 });
  assert.deepEqual(
    await all(
      `select count(*)::int as orders, count(distinct order_number)::int as numbers, sum(total_amount)::int as total,
         (select count(*)::int from commerce.order_lines where organization_id = $1) as lines,
         (select count(*)::int from crm.customers where organization_id = $1) as customers,
         (select sum(total_orders)::int from crm.customer_figures where organization_id = $1) as figured,
         (select sum(total_spent)::int from crm.customer_figures where organization_id = $1) as spent
       from commerce.orders where organization_id = $1`,
      [tenant.id],
    ),
    [
      {
        orders: ORDERS,
        numbers: ORDERS,
        total: ORDERS * 4470,
        lines: ORDERS,
        customers: CUSTOMERS,
        figured: ORDERS,
        spent: ORDERS * 4470,
      },
    ],
  );
  const runs = await all(
    "select status, created_count::int as created, failed_count::int as failed from commerce.sync_runs where store_id = $1",
    [id],
  );
  assert.deepEqual(runs, [{ status: "success", created: ORDERS + 1, failed: 1 }]);
});
