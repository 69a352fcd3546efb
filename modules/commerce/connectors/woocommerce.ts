import { z } from "zod";
import { callStore, isSigned } from "./calling.ts";
import type { Connector, Found, HookEvent, Kind, Page, Place, Shop, StoreOrder, StoreProduct } from "./connector.ts";
import { attentionOf, cut, emailOf, lineOf, minorUnits, understand } from "./values.ts";

/** The most that WooCommerce gives at once. */
const PER_PAGE = 100;
const API = "/wp-json/wc/v3";
const LIST = { product: `${API}/products`, order: `${API}/orders` };

const Id = z.union([z.number(), z.string()]);
/** WordPress tells moments in UTC without saying so. */
const Moment = z.iso
  .datetime({ local: true, offset: true })
  .transform((text) => (/Z|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`));
const Text = z.string().nullish();
const Amount = z.union([z.string(), z.number()]).transform(String);

const Product = z.object({
  id: Id,
  name: z.string().trim().min(1),
  slug: Text,
  type: Text,
  status: z.string(),
  description: Text,
  short_description: Text,
  sku: Text,
  price: Amount.nullish(),
  regular_price: Amount.nullish(),
  manage_stock: z.union([z.boolean(), z.string()]).nullish(),
  stock_quantity: z.number().nullish(),
  categories: z.array(z.object({ name: z.string() })).default([]),
  images: z.array(z.object({ src: z.string(), alt: Text })).default([]),
  date_created_gmt: Moment.nullish(),
  date_modified_gmt: Moment,
});

const Address = z.looseObject({ first_name: Text, last_name: Text, company: Text, email: Text, phone: Text });
const Order = z.object({
  id: Id,
  number: Amount,
  status: z.string(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  date_created_gmt: Moment,
  date_modified_gmt: Moment,
  date_paid_gmt: Moment.nullish(),
  discount_total: Amount.default("0"),
  shipping_total: Amount.default("0"),
  total_tax: Amount.default("0"),
  total: Amount,
  customer_id: z.number().default(0),
  billing: Address.nullish(),
  shipping: z.looseObject({}).nullish(),
  customer_note: Text,
  line_items: z.array(
    z.object({
      product_id: z.number().nullish(),
      name: z.string(),
      sku: Text,
      quantity: z.number(),
      subtotal: Amount,
      total: Amount,
      total_tax: Amount.default("0"),
    }),
  ),
  shipping_lines: z.array(z.object({ method_title: Text })).default([]),
  fee_lines: z.array(z.object({ total: Amount })).default([]),
  coupon_lines: z.array(z.object({ code: z.string() })).default([]),
  refunds: z.array(z.object({ total: Amount })).default([]),
});

const PRODUCT_STATUS: Record<string, StoreProduct["status"]> = {
  publish: "active",
  private: "inactive",
  trash: "archived",
};
const STATUS: Record<string, Pick<StoreOrder, "status" | "fulfillment_status">> = {
  processing: { status: "processing", fulfillment_status: "processing" },
  completed: { status: "delivered", fulfillment_status: "delivered" },
  cancelled: { status: "cancelled", fulfillment_status: "cancelled" },
  failed: { status: "cancelled", fulfillment_status: "cancelled" },
  trash: { status: "cancelled", fulfillment_status: "cancelled" },
  refunded: { status: "refunded", fulfillment_status: "cancelled" },
};
const WAITING: Pick<StoreOrder, "status" | "fulfillment_status"> = { status: "pending", fulfillment_status: "pending" };

/** Stores made with WooCommerce, by its REST API (v3) with a consumer key and its secret. */
export const woocommerce: Connector = {
  version: "wc/v3",
  check: async (shop) => {
    await ask(shop, `${LIST.product}?per_page=1`);
    await ask(shop, `${LIST.order}?per_page=1`);
    const { body } = await ask(shop, `${API}/data/currencies/current`);
    return { currency: z.object({ code: z.string() }).parse(body).code };
  },
  listChangedSince: async (shop, kind, place) => {
    const page = Number(place.mark ?? 1);
    const query = new URLSearchParams({
      per_page: String(PER_PAGE),
      page: String(page),
      orderby: "modified",
      order: "asc",
      dates_are_gmt: "true",
    });
    if (place.since) query.set("modified_after", place.since);
    const { headers, body } = await ask(shop, `${LIST[kind]}?${query}`);
    const given = z.array(z.unknown()).parse(body);
    const total = Number(headers["x-wp-total"]);
    return {
      found: read(shop, kind, given),
      ...nextOf(given, place, page),
      ...(Number.isFinite(total) && { left: Math.max(total - (page - 1) * PER_PAGE - given.length, 0) }),
    };
  },
  getOne: async (shop, kind, id) => {
    const { status, body } = await ask(shop, `${LIST[kind]}/${encodeURIComponent(id)}`);
    return status === 404 ? undefined : read(shop, kind, [body])[0];
  },
  updateProduct: async (shop, id, { description }) => {
    await ask(shop, `${LIST.product}/${encodeURIComponent(id)}`, { description });
  },
  verifyHook: (headers, body, { hookSecret }) => isSigned(body, headers("x-wc-webhook-signature"), hookSecret),
  readHook: (headers, body) => {
    const [resource = "", deed = ""] = (headers("x-wc-webhook-topic") ?? "").split(".");
    const event = headers("x-wc-webhook-delivery-id");
    if (!(resource === "product" || resource === "order") || !event) return undefined;
    const { data } = z.object({ id: Id }).safeParse(JSON.parse(body.toString("utf8")));
    return (
      data && ({ id: event, topic: `${resource}.${deed}`, kind: resource, thing: String(data.id) } satisfies HookEvent)
    );
  },
};

function ask(shop: Shop, path: string, json?: object) {
  const authorization = `Basic ${Buffer.from(`${shop.keys.key}:${shop.keys.secret}`).toString("base64")}`;
  return callStore(shop, { method: json ? "PUT" : "GET", path, headers: { authorization }, ...(json && { json }) });
}

/**
 * What is changed while a list is read moves to its end, and the rest moves up: who went by the number of the page would leave
 * things out. So the list begins anew at the last moment of each page, whose things are read twice; pages count only within one moment.
 */
function nextOf(given: readonly unknown[], place: Place, page: number): Pick<Page, "next" | "isLast"> {
  const isLast = given.length < PER_PAGE;
  const last = z.object({ date_modified_gmt: Moment }).safeParse(given.at(-1)).data?.date_modified_gmt;
  const since = last && new Date(Date.parse(last) - 1_000).toISOString().slice(0, 19);
  if (since && since !== place.since && since > (place.since ?? "")) return { next: { since }, isLast };
  return { next: isLast ? { ...place, mark: "1" } : { ...place, mark: String(page + 1) }, isLast };
}

function read(shop: Shop, kind: Kind, given: readonly unknown[]): Found[] {
  const idOf = (one: unknown) => String(z.object({ id: Id }).safeParse(one).data?.id ?? "?");
  return kind === "product"
    ? understand(given, Product, (product) => productOf(shop, product), idOf)
    : understand(given, Order, (order) => orderOf(shop, order), idOf);
}

function productOf(shop: Shop, product: z.infer<typeof Product>): StoreProduct {
  const money = (amount: string | null | undefined) => (amount ? minorUnits(amount, shop.currency) : null);
  const price = money(product.price);
  const regular = money(product.regular_price);
  return {
    external_id: String(product.id),
    remote_updated_at: product.date_modified_gmt,
    name: cut(product.name, 500) ?? "–",
    sku: cut(product.sku, 100),
    handle: cut(product.slug, 255),
    description: cut(product.description, 100_000),
    short_description: cut(product.short_description, 5_000),
    product_type: cut(product.type, 200),
    vendor: null,
    category: cut(product.categories[0]?.name, 200),
    status: PRODUCT_STATUS[product.status] ?? "draft",
    price,
    compare_at_price: regular !== null && price !== null && regular > price ? regular : null,
    currency: shop.currency,
    track_inventory: product.manage_stock === true,
    inventory_quantity: Math.trunc(product.stock_quantity ?? 0),
    has_variants: product.type === "variable",
    images: product.images.slice(0, 20).map(({ src, alt }) => ({ url: src, alt: alt ?? null })),
    featured_image: cut(product.images[0]?.src, 2_000),
    published_at: product.status === "publish" ? (product.date_created_gmt ?? null) : null,
  };
}

function orderOf(shop: Shop, order: z.infer<typeof Order>): StoreOrder {
  const money = (amount: string) => minorUnits(amount, order.currency);
  const total = money(order.total);
  const lines = order.line_items
    .filter(({ quantity }) => quantity > 0)
    .map((line) => ({ line, subtotal: money(line.subtotal), total: money(line.total) }));
  const subtotal = lines.reduce((sum, line) => sum + line.subtotal, 0);
  const fees = order.fee_lines.reduce((sum, fee) => sum + money(fee.total), 0);
  const [tax, shipping, discount] = [money(order.total_tax), money(order.shipping_total), money(order.discount_total)];
  const refunded = -order.refunds.reduce((sum, refund) => sum + money(refund.total), 0);
  return {
    external_id: String(order.id),
    remote_updated_at: order.date_modified_gmt,
    order_number: cut(order.number, 100) ?? String(order.id),
    ...(STATUS[order.status] ?? WAITING),
    payment_status: paymentOf(order, { total, refunded }),
    currency: order.currency,
    rate: shop.rate,
    subtotal_amount: subtotal,
    tax_amount: tax,
    shipping_amount: shipping,
    discount_amount: discount,
    total_amount: total,
    refunded_amount: refunded,
    order_date: order.date_created_gmt,
    customer_email: cut(order.billing?.email, 254),
    customer_phone: cut(order.billing?.phone, 50),
    customer_notes: cut(order.customer_note, 20_000),
    shipping_address: order.shipping ?? null,
    billing_address: order.billing ?? null,
    shipping_method: cut(order.shipping_lines[0]?.method_title, 200),
    discount_codes: order.coupon_lines.map(({ code }) => code),
    ...attentionOf(subtotal - discount + shipping + tax + fees, total),
    customer: customerOf(order),
    lines: lines.map(({ line, ...amounts }) =>
      lineOf(
        {
          product: line.product_id ? String(line.product_id) : null,
          name: line.name,
          sku: cut(line.sku, 100),
          quantity: Math.ceil(line.quantity),
          tax_amount: money(line.total_tax),
        },
        amounts,
      ),
    ),
  };
}

function paymentOf(
  { status, date_paid_gmt }: z.infer<typeof Order>,
  { total, refunded }: { total: number; refunded: number },
): StoreOrder["payment_status"] {
  if (status === "refunded" || (refunded > 0 && refunded >= total)) return "refunded";
  if (refunded > 0) return "partially_refunded";
  if (date_paid_gmt) return "paid";
  return status === "cancelled" || status === "failed" ? "voided" : "pending";
}

/** Who orders without an account is known by the address alone. */
function customerOf({ customer_id, billing }: z.infer<typeof Order>): StoreOrder["customer"] {
  const email = emailOf(billing?.email);
  if (customer_id === 0 && email === null) return null;
  const first_name = cut(billing?.first_name, 100);
  const last_name = cut(billing?.last_name, 100);
  const company = cut(billing?.company, 200);
  const name = cut([first_name, last_name].filter(Boolean).join(" "), 200) ?? company ?? email;
  return {
    external_id: customer_id === 0 ? null : String(customer_id),
    name: name ?? `Customer ${customer_id}`,
    first_name,
    last_name,
    company,
    email,
    phone: cut(billing?.phone, 50),
  };
}
