import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { atEnd } from "../../test/harness.ts";
import { type FakeStore, openWooStore, type WooThing, wooMoment, wooOrder, wooProduct } from "./fake-stores.fixture.ts";
import { openStores } from "./stores.fixture.ts";

const ORDERS = 3_000;
const CUSTOMERS = 250;
const KILLS = 4;
const PROGRAM = join(import.meta.dirname, "worker.fixture.ts");

const { login, until, tenant, connect, all } = await openStores(["commerce.orders"]);

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

/** Has a store give so many orders, and further ones only when it is told to: a sync is not over before it is killed, however fast it is. */
function holdBack(store: FakeStore<WooThing>, orders: number): (orders: number) => void {
  let given = orders;
  let more = Promise.withResolvers<void>();
  store.before = async ({ url }) => {
    const after = new URL(url, "http://store").searchParams.get("modified_after") ?? "";
    while (after >= wooMoment(given)) await more.promise;
    return undefined;
  };
  return (next) => {
    given = next;
    more.resolve();
    more = Promise.withResolvers();
  };
}

test("a sync whose workers are killed again and again brings every order once, with the customers' figures exact", async () => {
  const store = await openWooStore();
  store.products.set(1, wooProduct(1));
  for (let id = 1; id <= ORDERS; id++) store.orders.set(id, wooOrder(id, 1 + (id % CUSTOMERS)));
  store.orders.set(ORDERS + 1, wooOrder(ORDERS + 1, 1, { total: "much" }));
  const share = ORDERS / (KILLS + 1);
  const give = holdBack(store, share);
  let worker = spawnWorker();
  atEnd(() => kill(worker));
  const { id, task_id } = await connect(store);
  const text =
    "select t.status in ('completed', 'failed') as over, (select count(*)::int from commerce.orders where organization_id = $2) as orders from tasks.tasks t where t.id = $1";
  const reached = (orders: number) =>
    until(async () => {
      const [row] = await all(text, [task_id, tenant.id]);
      return row.over || row.orders >= orders ? (row as { over: boolean }) : undefined;
    });
  for (let kills = 1; kills <= KILLS; kills++) {
    const { over } = await reached(kills * share);
    assert.equal(over, false, "it was over before it was killed");
    await kill(worker);
    give((kills + 1) * share);
    worker = spawnWorker();
  }
  give(2 * ORDERS);
  await reached(Number.POSITIVE_INFINITY);
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
