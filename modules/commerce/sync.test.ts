import assert from "node:assert/strict";
import { test } from "node:test";
import { createTenant } from "../../test/harness.ts";
import {
  KEYS,
  openShopifyStore,
  openWooStore,
  shopifyOrder,
  shopifyProduct,
  wooHook,
  wooMoment,
  wooOrder,
  wooProduct,
} from "./fake-stores.fixture.ts";
import { openStores } from "./stores.fixture.ts";

const { http, tenant, work, ask, rested, until, all, connect, sync } = await openStores();
work();

const FIGURES = `select c.name, c.email, f.total_orders::int as orders, f.total_spent::int as spent from crm.customers c
  join crm.customer_figures f on f.customer_id = c.id where c.organization_id = $1 order by c.email`;

test("a store is synced with its customers' figures, one bad order keeps no other, and is tried again until it is right", async () => {
  const store = await openWooStore();
  for (let id = 1; id <= 120; id++) store.products.set(id, wooProduct(id));
  for (const [id, customer] of [
    [11, 1],
    [12, 1],
    [13, 2],
    [14, 0],
  ] as const)
    store.orders.set(id, wooOrder(id, customer));
  Object.assign(store.orders.get(14) ?? {}, { billing: { first_name: "", last_name: "", email: "ADA2@example.com" } });
  store.orders.set(15, wooOrder(15, 3, { total: "plenty" }));
  store.orders.set(16, wooOrder(16, 3, { total: "1000000000000000.00" }));
  const { id, task_id } = await connect(store);
  assert.deepEqual((await rested(task_id)).output, { created: 124, updated: 0, failed: 2 });
  assert.deepEqual(await all(FIGURES, [tenant.id]), [
    { name: "Ada No. 1", email: "ada1@example.com", orders: 2, spent: 8940 },
    { name: "Ada No. 2", email: "ada2@example.com", orders: 2, spent: 8940 },
  ]);
  assert.deepEqual(
    await all(
      `select o.order_number, o.total_amount::int as total, o.payment_status, l.quantity::int, l.amount::int, p.name, o.requires_attention as odd
       from commerce.orders o join commerce.order_lines l on l.order_id = o.id join commerce.products p on p.id = l.product_id
       where o.store_id = $1 and o.order_number = '11'`,
      [id],
    ),
    [
      {
        order_number: "11",
        total: 4470,
        payment_status: "paid",
        quantity: 2,
        amount: 3980,
        name: "Lamp 1",
        odd: false,
      },
    ],
  );
  const faults = (await ask("GET", `commerce/sync-faults?store_id=${id}`)).body.items;
  assert.deepEqual(
    faults.map((fault: { external_id: string; tries: number }) => [fault.external_id, fault.tries]).sort(),
    [
      ["15", 1],
      ["16", 1],
    ],
  );
  assert.match(
    faults.find((fault: { external_id: string }) => fault.external_id === "15").reason,
    /"plenty" is no amount of money/,
  );

  // They are asked for again, and come in the list once more: each is one that failed.
  assert.deepEqual((await sync(id)).output, { created: 0, updated: 0, failed: 2 });
  store.orders.set(15, wooOrder(15, 3));
  store.orders.delete(16);
  assert.deepEqual((await sync(id)).output, { created: 1, updated: 0, failed: 0 });
  assert.equal((await ask("GET", `commerce/sync-faults?store_id=${id}`)).body.items.length, 0);
  const runs = (await ask("GET", `commerce/sync-runs?store_id=${id}`)).body.items;
  assert.deepEqual(
    runs.map((run: { status: string; kind: string }) => [run.status, run.kind]),
    Array(3).fill(["success", "incremental"]),
  );
  assert.deepEqual((await sync(id, { full: true })).output, { created: 0, updated: 0, failed: 0 });
});

/** A store that tells what changed, signed or not, and how many tasks came of that when all of them are over. */
async function openTeller() {
  const of = await createTenant(http.database);
  const store = await openWooStore();
  store.products.set(1, wooProduct(1));
  const { id, task_id, webhook_url, webhook_secret } = await connect(store, {}, of);
  await rested(task_id);
  const url = new URL(webhook_url).pathname;
  const tell = async (delivery: string, { order = 50, secret = webhook_secret, to = url } = {}) => {
    const payload = JSON.stringify({ id: order, status: "whatever it says" });
    const { statusCode, body } = await http.server.inject({
      method: "POST",
      url: to,
      payload,
      headers: wooHook(payload, { secret, delivery }),
    });
    return { statusCode, body: body === "" ? "" : JSON.parse(body).detail };
  };
  const told = async () => {
    const text =
      "select count(*) filter (where t.completed_at is null)::int as open, count(*)::int as tasks from tasks.tasks t where t.organization_id = $1 and t.type = 'commerce.take_event'";
    return until(async () => {
      const [row] = await all(text, [of.id]);
      return row.open === 0 ? (row.tasks as number) : undefined;
    });
  };
  return { of, store, id, url, tell, told };
}

test("what a store tells by itself is believed when it is signed, counts once, and never brings back what is older", async () => {
  const { of, store, id, tell, told } = await openTeller();
  const orders = () =>
    all("select o.status, o.total_amount::int as total from commerce.orders o where o.organization_id = $1", [of.id]);

  store.orders.set(50, wooOrder(50, 1, { status: "completed", date_modified_gmt: wooMoment(9_000) }));
  assert.equal((await tell("d-1")).statusCode, 204);
  assert.equal((await tell("d-1")).statusCode, 204);
  assert.equal(await told(), 1);
  assert.deepEqual(await orders(), [{ status: "delivered", total: 4470 }]);
  assert.deepEqual(
    await all(
      "select event_id, processed_at is not null as done, error from commerce.webhook_inbox where store_id = $1",
      [id],
    ),
    [{ event_id: "d-1", done: true, error: null }],
  );

  // A state that is older than the one known, as from a server that has not heard yet.
  store.orders.set(50, wooOrder(50, 1, { status: "pending", total: "1.00", date_modified_gmt: wooMoment(8_000) }));
  await tell("d-2");
  assert.equal(await told(), 2);
  assert.deepEqual(await orders(), [{ status: "delivered", total: 4470 }]);
  store.orders.set(50, wooOrder(50, 1, { status: "cancelled", date_modified_gmt: wooMoment(9_500) }));
  await tell("d-3");
  assert.equal(await told(), 3);
  assert.deepEqual(await orders(), [{ status: "cancelled", total: 4470 }]);
  assert.deepEqual(await all(FIGURES, [of.id]), [
    { name: "Ada No. 1", email: "ada1@example.com", orders: 0, spent: 0 },
  ]);
});

test("what is not signed by a store in use is refused alike, whatever is wrong with it", async () => {
  const { of, id, url, tell, told } = await openTeller();
  const nobodys = `/api/commerce/webhooks/${tenant.id}_${id}`;
  const refusals = [
    await tell("d-4", { secret: "wrong" }),
    await tell("d-4", { secret: "" }),
    await tell("d-4", { to: nobodys }),
    await tell("d-4", { to: "/api/commerce/webhooks/x" }),
  ];
  assert.deepEqual(
    new Set(refusals.map(({ statusCode, body }) => `${statusCode} ${body}`)),
    new Set(["401 This is not signed by a store that is connected here."]),
  );
  const large = await http.server.inject({
    method: "POST",
    url,
    payload: "x".repeat(1_000_001),
    headers: { "content-type": "application/json" },
  });
  assert.equal(large.statusCode, 413);
  assert.equal(await told(), 0);

  assert.equal((await ask("POST", `commerce/stores/${id}/disconnect`, undefined, of)).status, 204);
  assert.equal((await tell("d-5")).statusCode, 401);
  assert.deepEqual(await all("select from kernel.secrets where organization_id = $1", [of.id]), []);
  assert.equal((await ask("POST", `commerce/stores/${id}/sync`, {}, of)).status, 409);
});

test("Shopify is asked as it wants to be, in another currency, and keys that it does not accept are not kept", async () => {
  const of = await createTenant(http.database);
  const store = await openShopifyStore();
  for (let id = 1; id <= 60; id++) store.products.set(id, shopifyProduct(id));
  store.orders.set(1, shopifyOrder(1));
  const given = {
    platform: "shopify",
    name: "Chairs",
    store_url: store.address,
    access_token: KEYS.access_token,
    webhook_secret: KEYS.webhook_secret,
  };
  const refused = async (more: object) =>
    (await ask("POST", "commerce/stores/connect", { ...given, ...more }, of)).body.errors;
  assert.match((await refused({}))[0].message, /sells in USD and the organization counts in EUR/);
  assert.deepEqual(
    (await refused({ access_token: "wrong" })).map(({ field }: { field: string }) => field),
    ["access_token"],
  );
  assert.deepEqual(await all("select from commerce.stores where organization_id = $1", [of.id]), []);
  store.throttled = 1;
  const { id, task_id } = await connect(store, { ...given, rate: 0.9 }, of);
  assert.deepEqual((await rested(task_id)).output, { created: 61, updated: 0, failed: 0 });
  assert.deepEqual(await all(FIGURES, [of.id]), [{ name: "Bo Berg", email: "bo@example.com", orders: 1, spent: 8910 }]);
  assert.deepEqual(
    await all(
      "select o.total_amount::int as total, o.currency, o.subtotal_amount::int as subtotal, l.unit_price::int as price, l.amount::int, o.requires_attention as odd from commerce.orders o join commerce.order_lines l on l.order_id = o.id where o.store_id = $1",
      [id],
    ),
    [{ total: 9900, currency: "USD", subtotal: 10000, price: 3334, amount: 9000, odd: false }],
  );
  store.products.set(1, shopifyProduct(1, { title: "Armchair", updatedAt: "2026-10-02T00:00:00Z" }));
  assert.deepEqual((await sync(id, {}, of)).output, { created: 0, updated: 1, failed: 0 });
});
