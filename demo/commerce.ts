import { seal } from "../kernel/secrets/envelope.ts";
import type { Customer } from "./crm.ts";
import { makeOrders, type Order, type Product } from "./orders.ts";
import type { Row, Scene } from "./scene.ts";
import { PRODUCTS, STORES } from "./words/commerce.ts";

/** Of the form that stores have, and good for none. */
const KEYS = JSON.stringify({ key: "ck_demo", secret: "cs_demo", hookSecret: "demo" });

export type Shop = { stores: string[]; products: string[]; orders: Order[] };

/** Makes stores, products with variants, orders in every state, and what comes and goes between here and the stores. */
export async function makeShop(scene: Scene, customers: Customer[], tags: Map<string, string>): Promise<Shop> {
  const stores = await makeStores(scene);
  const products = await makeProducts(scene, stores);
  await scene.insert(
    "commerce.product_tags",
    products
      .filter((_, index) => index % 4 === 0)
      .map(({ id }) => ({ product_id: id, tag_id: tags.get("Sustainability") })),
  );
  const orders = await makeOrders(scene, stores, products, customers);
  await makeTraffic(scene, stores, { products, customers, orders });
  return { stores, products: products.map(({ id }) => id), orders };
}

async function makeStores({ insert, id, clock, organization, services, people }: Scene): Promise<string[]> {
  const created_at = clock.on(-150);
  const rows = STORES.map(({ name, platform, url, status }, index) => ({
    id: id(created_at),
    name,
    platform,
    store_url: url,
    currency: index === 1 ? "USD" : "EUR",
    status,
    sync_status: status === "error" ? "error" : "success",
    sync_error: status === "error" ? "The store does not answer: 503 Service Unavailable." : undefined,
    last_sync_at: clock.past(0, 0.8),
    connected_by: people.admin,
    created_at,
    sync_settings: {
      auto_sync: true,
      sync_frequency: "hourly",
      sync_products: true,
      sync_orders: true,
      sync_customers: true,
    },
  }));
  await insert("commerce.stores", rows);
  // No store stands behind it, so what is sealed opens nothing.
  const secrets = rows.map((store) => ({ id: id(created_at), name: `commerce.store/${store.id}`, store: store.id }));
  const sealed = (name: string) =>
    `\\x${seal(services.keyring, KEYS, `kernel.secrets/${organization}/${name}`).toString("hex")}`;
  await insert(
    "kernel.secrets",
    secrets.map((secret) => ({ id: secret.id, name: secret.name, sealed: sealed(secret.name) })),
  );
  await insert(
    "commerce.store_credentials",
    secrets.map((secret) => ({ store_id: secret.store, secret_id: secret.id })),
  );
  return rows.map((store) => store.id);
}

async function makeProducts({ insert, id, clock, chance }: Scene, stores: string[]): Promise<Product[]> {
  const created_at = clock.on(-140);
  const products = PRODUCTS.map(({ name, type, price, variants, status = "active" }, index) => ({
    product: {
      id: id(created_at),
      store_id: stores[index % 5 === 4 ? 1 : 0],
      name,
      sku: `NW-${String(index + 1).padStart(3, "0")}`,
      handle: name.toLowerCase().replaceAll(" ", "-"),
      description: `${name}, made in our own workshop. It comes with a guarantee of five years.`,
      product_type: type,
      vendor: "Northwind Studio",
      category: type,
      status,
      price,
      compare_at_price: index % 4 === 0 ? Math.round(price * 1.2) : undefined,
      cost_price: Math.round(price * 0.45),
      inventory_quantity: chance.whole(-1, 80),
      has_variants: variants.length > 0,
      variant_options: variants.length > 0 ? [{ name: "Kind", values: variants }] : undefined,
      images: [{ url: `https://northwind.example/images/${index + 1}.jpg`, alt: name }],
      ai_description_generated: index % 3 === 0,
      published_at: status === "active" ? clock.on(-130) : undefined,
      created_at,
    },
    variants: variants.map((option1, place) => ({
      id: id(created_at),
      option1,
      sku: `NW-${String(index + 1).padStart(3, "0")}-${place + 1}`,
      price: price + place * 500,
      inventory_quantity: chance.whole(0, 40),
      weight_grams: chance.whole(2, 90) * 100,
    })),
  }));
  await insert(
    "commerce.products",
    products.map(({ product }) => product),
  );
  await insert(
    "commerce.product_variants",
    products.flatMap(({ product, variants }) => variants.map((row) => ({ ...row, product_id: product.id }))),
  );
  return products.map(({ product, variants }) => ({ ...product, variants: variants.map((variant) => variant.id) }));
}

type Things = { products: Product[]; customers: Customer[]; orders: Order[] };

async function makeTraffic(
  { insert, id, clock, chance }: Scene,
  stores: string[],
  { products, customers, orders }: Things,
): Promise<void> {
  const runs = Array.from({ length: 12 }, (_, index): Row => {
    const started_at = clock.past(-Math.floor(index / 2), 0.7);
    const isError = index % 6 === 2;
    return {
      id: id(started_at),
      store_id: stores[isError ? 2 : index % 2],
      kind: index === 11 ? "full" : "incremental",
      status: isError ? "error" : "success",
      started_at,
      ended_at: new Date(started_at.getTime() + 42_000),
      created_count: isError ? 0 : chance.whole(0, 6),
      updated_count: isError ? 0 : chance.whole(2, 30),
      failed_count: isError ? 1 : 0,
      error: isError ? "The store does not answer: 503 Service Unavailable." : undefined,
    };
  });
  await insert("commerce.sync_runs", runs);
  const store_id = stores[0];
  await insert("commerce.sync_faults", [
    {
      store_id,
      kind: "order",
      external_id: "8000007",
      run_id: runs[0]?.id,
      reason: '"n/a" is no amount of money.',
      tries: 3,
    },
  ]);
  await insert(
    "commerce.webhook_inbox",
    orders.slice(-4).map((order, index) => ({
      store_id,
      event_id: `evt_${10_000 + index}`,
      topic: "orders/create",
      payload: { kind: "order", id: String(8_000_000 + index) },
      received_at: order.order_date,
      processed_at: index < 3 ? order.order_date : undefined,
    })),
  );
  const known = (kind: string, column: string, ids: string[]) =>
    insert(
      "commerce.external_ids",
      ids.map((value, index) => ({ store_id, kind, external_id: String(7_000_000 + index), [column]: value })),
    );
  await known(
    "product",
    "product_id",
    products.map((product) => product.id),
  );
  await known(
    "variant",
    "variant_id",
    products.flatMap(({ variants }) => variants),
  );
  await known(
    "customer",
    "customer_id",
    customers.map((customer) => customer.id),
  );
  await known(
    "order",
    "order_id",
    orders.map((order) => order.id),
  );
}
