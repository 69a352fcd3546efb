import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { atEnd } from "../../test/harness.ts";

// Local servers that speak what the platforms document, with things that tests put there.

export const KEYS = {
  consumer_key: "ck_test",
  consumer_secret: "cs_test",
  access_token: "shpat_test",
  webhook_secret: "shpss_test",
};

/** A thing as WooCommerce tells it. */
export type WooThing = { id: number; date_modified_gmt: string; [field: string]: unknown };
type Answer = { status: number; headers?: Record<string, string>; body: unknown };

/** What a test may do to a store: `before` may keep it waiting, and answer in its place, once or more. */
export type FakeStore<Thing> = {
  address: string;
  products: Map<number, Thing>;
  orders: Map<number, Thing>;
  requests: string[];
  before: (request: { method: string; url: string }) => Answer | undefined | Promise<Answer | undefined>;
};

async function listen(answer: (request: IncomingMessage, body: string) => Answer | Promise<Answer>): Promise<string> {
  const server = createServer(async (request, response: ServerResponse) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const { status, headers, body } = await answer(request, Buffer.concat(pieces).toString());
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A store of WooCommerce (REST API v3). */
export async function openWooStore(currency = "EUR"): Promise<FakeStore<WooThing>> {
  const store: FakeStore<WooThing> = {
    address: "",
    products: new Map(),
    orders: new Map(),
    requests: [],
    before: () => undefined,
  };
  const basic = `Basic ${Buffer.from(`${KEYS.consumer_key}:${KEYS.consumer_secret}`).toString("base64")}`;
  store.address = await listen(async (request, body) => {
    const { method = "", url = "", headers } = request;
    store.requests.push(`${method} ${url}`);
    if (headers.authorization !== basic)
      return {
        status: 401,
        body: { code: "woocommerce_rest_cannot_view", message: "Sorry, you cannot list resources." },
      };
    return (await store.before({ method, url })) ?? answerWoo(store, currency, { method, url, body });
  });
  return store;
}

function answerWoo(
  store: FakeStore<WooThing>,
  currency: string,
  { method, url, body }: { method: string; url: string; body: string },
): Answer {
  const { pathname, searchParams } = new URL(url, "http://store");
  if (pathname === "/wp-json/wc/v3/data/currencies/current") return { status: 200, body: { code: currency } };
  const [, kind, id] = /^\/wp-json\/wc\/v3\/(products|orders)(?:\/(\d+))?$/.exec(pathname) ?? [];
  if (kind !== "products" && kind !== "orders") return { status: 404, body: { code: "rest_no_route" } };
  const things = store[kind];
  if (id === undefined) return listWoo([...things.values()], searchParams);
  const thing = things.get(Number(id));
  if (!thing) return { status: 404, body: { code: "woocommerce_rest_invalid_id" } };
  if (method === "PUT")
    Object.assign(thing, JSON.parse(body), { date_modified_gmt: new Date().toISOString().slice(0, 19) });
  return { status: 200, body: thing };
}

/** Behind a moment, which is not part of it, those changed longest ago first. */
function listWoo(all: WooThing[], query: URLSearchParams): Answer {
  const after = query.get("modified_after") ?? "";
  const perPage = Number(query.get("per_page") ?? 10);
  const from = (Number(query.get("page") ?? 1) - 1) * perPage;
  const found = all
    .filter(({ date_modified_gmt }) => date_modified_gmt > after)
    .sort((a, b) =>
      a.date_modified_gmt < b.date_modified_gmt ? -1 : a.date_modified_gmt > b.date_modified_gmt ? 1 : a.id - b.id,
    );
  const headers = { "x-wp-total": String(found.length), "x-wp-totalpages": String(Math.ceil(found.length / perPage)) };
  return { status: 200, headers, body: found.slice(from, from + perPage) };
}

/** A moment, as WooCommerce tells it: so many seconds after the first of October. */
export function wooMoment(second: number): string {
  return new Date(Date.UTC(2026, 9, 1) + second * 1_000).toISOString().slice(0, 19);
}

export function wooProduct(id: number, own: Record<string, unknown> = {}): WooThing {
  return {
    id,
    name: `Lamp ${id}`,
    slug: `lamp-${id}`,
    type: "simple",
    status: "publish",
    description: "<p>A lamp.</p>",
    short_description: "",
    sku: `L-${id}`,
    price: "19.90",
    regular_price: "24.90",
    manage_stock: true,
    stock_quantity: 5,
    categories: [{ name: "Lamps" }],
    images: [],
    date_created_gmt: wooMoment(0),
    date_modified_gmt: wooMoment(id),
    ...own,
  };
}

/** An order of two lamps by the customer of that number; 39.80 and 4.90 for sending them. */
export function wooOrder(id: number, customer = id, own: Record<string, unknown> = {}): WooThing {
  return {
    id,
    number: String(id),
    status: "processing",
    currency: "EUR",
    date_created_gmt: wooMoment(id),
    date_modified_gmt: wooMoment(id),
    date_paid_gmt: wooMoment(id),
    discount_total: "0.00",
    shipping_total: "4.90",
    total_tax: "0.00",
    total: "44.70",
    customer_id: customer,
    billing: { first_name: "Ada", last_name: `No. ${customer}`, email: `ada${customer}@example.com`, phone: "" },
    shipping: { city: "London" },
    customer_note: "",
    line_items: [
      { product_id: 1, name: "Lamp 1", sku: "L-1", quantity: 2, subtotal: "39.80", total: "39.80", total_tax: "0.00" },
    ],
    shipping_lines: [{ method_title: "Post", total: "4.90" }],
    fee_lines: [],
    coupon_lines: [],
    refunds: [],
    ...own,
  };
}

/** The headers with which WooCommerce tells what changed. */
export function wooHook(
  body: string,
  { secret, topic = "order.updated", delivery }: { secret: string; topic?: string; delivery: string },
) {
  return {
    "content-type": "application/json",
    "x-wc-webhook-topic": topic,
    "x-wc-webhook-delivery-id": delivery,
    "x-wc-webhook-signature": createHmac("sha256", secret).update(body).digest("base64"),
  };
}

/** A thing as Shopify tells it. */
export type ShopifyThing = { id: string; updatedAt: string; [field: string]: unknown };

/** A store at Shopify (Admin API, GraphQL) with a bucket of 1,000 points; a page of more than 25 things is too dear. */
export async function openShopifyStore(currency = "USD"): Promise<FakeStore<ShopifyThing> & { throttled: number }> {
  const store = {
    address: "",
    products: new Map(),
    orders: new Map(),
    requests: [],
    before: () => undefined,
    throttled: 0,
  } as FakeStore<ShopifyThing> & {
    throttled: number;
  };
  store.address = await listen(async (request, body) => {
    const { method = "", url = "", headers } = request;
    store.requests.push(`${method} ${url}`);
    if (headers["x-shopify-access-token"] !== KEYS.access_token)
      return { status: 401, body: { errors: "[API] Invalid API key or access token" } };
    const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> };
    if (store.throttled > 0) {
      store.throttled--;
      return {
        status: 200,
        body: { errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }], ...costOf(10, 5) },
      };
    }
    return (await store.before({ method, url })) ?? answerShopify(store, currency, query, variables);
  });
  return store;
}

function costOf(requestedQueryCost: number, currentlyAvailable: number) {
  return {
    extensions: {
      cost: { requestedQueryCost, throttleStatus: { maximumAvailable: 1_000, currentlyAvailable, restoreRate: 100 } },
    },
  };
}

function answerShopify(
  store: FakeStore<ShopifyThing>,
  currency: string,
  query: string,
  variables: Record<string, unknown>,
): Answer {
  const ok = (data: object): Answer => ({ status: 200, body: { data, ...costOf(100, 900) } });
  const [, list] = /things: (orders|products)\(/.exec(query) ?? [];
  const [, one] = /thing: (order|product)\(/.exec(query) ?? [];
  const idOf = (gid: unknown) => Number(String(gid).replace(/^.*\//, ""));
  if (list === "orders" || list === "products") {
    const first = Number(variables.first);
    if (first > 25)
      return { status: 200, body: { errors: [{ message: "Too dear", extensions: { code: "MAX_COST_EXCEEDED" } }] } };
    const since = /updated_at:>='([^']+)'/.exec(String(variables.query ?? ""))?.[1] ?? "";
    const found = [...store[list].values()]
      .filter(({ updatedAt }) => updatedAt >= since)
      .sort((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1));
    const from = Number(variables.after ?? 0);
    const pageInfo = { hasNextPage: found.length > from + first, endCursor: String(from + first) };
    return ok({ things: { nodes: found.slice(from, from + first), pageInfo } });
  }
  if (one === "order" || one === "product") return ok({ thing: store[`${one}s`].get(idOf(variables.id)) ?? null });
  if (query.includes("productUpdate")) {
    const { id, ...changes } = variables.product as { id: string };
    Object.assign(store.products.get(idOf(id)) ?? {}, changes, { updatedAt: new Date().toISOString() });
    return ok({ productUpdate: { product: { id }, userErrors: [] } });
  }
  return ok({ shop: { name: "Shop", currencyCode: currency } });
}

export function shopifyProduct(id: number, own: Record<string, unknown> = {}): ShopifyThing {
  return {
    id: `gid://shopify/Product/${id}`,
    title: `Chair ${id}`,
    handle: `chair-${id}`,
    descriptionHtml: "",
    productType: "Chair",
    vendor: "Northwind",
    status: "ACTIVE",
    createdAt: "2026-10-01T00:00:00Z",
    updatedAt: `${wooMoment(id)}Z`,
    publishedAt: "2026-10-01T00:00:00Z",
    tracksInventory: true,
    totalInventory: 3,
    hasOnlyDefaultVariant: true,
    category: null,
    featuredMedia: null,
    variants: { nodes: [{ sku: `C-${id}`, price: "100.00", compareAtPrice: null }] },
    ...own,
  };
}

const money = (amount: string, currencyCode = "USD") => ({ shopMoney: { amount, currencyCode } });

export function shopifyOrder(id: number, own: Record<string, unknown> = {}): ShopifyThing {
  return {
    id: `gid://shopify/Order/${id}`,
    name: `#${id}`,
    createdAt: `${wooMoment(id)}Z`,
    updatedAt: `${wooMoment(id)}Z`,
    cancelledAt: null,
    displayFinancialStatus: "PAID",
    displayFulfillmentStatus: "UNFULFILLED",
    taxesIncluded: false,
    email: "bo@example.com",
    phone: null,
    note: null,
    discountCodes: ["AUTUMN"],
    subtotalPriceSet: money("90.0"),
    totalTaxSet: money("9.0"),
    totalShippingPriceSet: money("0.0"),
    totalDiscountsSet: money("10.0"),
    totalPriceSet: money("99.0"),
    totalRefundedSet: money("0.0"),
    customer: {
      id: "gid://shopify/Customer/7",
      firstName: "Bo",
      lastName: "Berg",
      defaultEmailAddress: { emailAddress: "bo@example.com" },
      defaultPhoneNumber: null,
    },
    shippingAddress: null,
    billingAddress: null,
    shippingLine: null,
    lineItems: {
      pageInfo: { hasNextPage: false },
      nodes: [
        {
          name: "Chair 1",
          sku: "C-1",
          quantity: 3,
          product: { id: "gid://shopify/Product/1" },
          originalTotalSet: money("100.0"),
          discountedTotalSet: money("90.0"),
          taxLines: [{ priceSet: money("9.0") }],
        },
      ],
    },
    ...own,
  };
}
