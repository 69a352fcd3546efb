import type { Outbound } from "../../../kernel/outbound/target.ts";

/** What opens a store, as it is sealed. `key` and `secret` are the platform's; a platform with one token has no key. */
export type StoreKeys = { key: string; secret: string; hookSecret: string };

/** A store as connectors call it. */
export type Shop = {
  /** Without a slash at the end. */
  address: string;
  /** Which version of the platform's API is spoken. */
  version: string;
  /** ISO 4217 currency that it sells in, and what one minor unit of it is worth in the organization's. */
  currency: string;
  rate: number;
  keys: StoreKeys;
  outbound: Outbound;
  signal?: AbortSignal | undefined;
  /** How long one call may wait in all for a store that asks for time; seconds. */
  patienceSeconds: number;
};

export type Kind = "product" | "order";

/** What a store tells of a product: columns of `commerce.products`. Money is in minor units. */
export type StoreProduct = {
  external_id: string;
  remote_updated_at: string;
  name: string;
  sku: string | null;
  handle: string | null;
  description: string | null;
  short_description: string | null;
  product_type: string | null;
  vendor: string | null;
  category: string | null;
  status: "active" | "inactive" | "draft" | "archived";
  price: number | null;
  compare_at_price: number | null;
  currency: string;
  track_inventory: boolean;
  inventory_quantity: number;
  has_variants: boolean;
  images: { url: string; alt: string | null }[];
  featured_image: string | null;
  published_at: string | null;
};

export type StoreCustomer = {
  external_id: string | null;
  name: string;
  first_name: string | null;
  last_name: string | null;
  company: string | null;
  email: string | null;
  phone: string | null;
};

/** A line; `product` is the store's name for it. */
export type StoreLine = {
  product: string | null;
  name: string;
  sku: string | null;
  quantity: number;
  unit_price: number;
  discount_amount: number;
  tax_amount: number;
};

/** What a store tells of an order: columns of `commerce.orders`, its lines, and who bought. */
export type StoreOrder = {
  external_id: string;
  remote_updated_at: string;
  order_number: string;
  status: "pending" | "confirmed" | "processing" | "shipped" | "delivered" | "cancelled" | "refunded";
  fulfillment_status: "pending" | "processing" | "shipped" | "delivered" | "cancelled";
  payment_status: "pending" | "authorized" | "paid" | "partially_paid" | "partially_refunded" | "refunded" | "voided";
  currency: string;
  rate: number;
  subtotal_amount: number;
  tax_amount: number;
  shipping_amount: number;
  discount_amount: number;
  total_amount: number;
  refunded_amount: number;
  order_date: string;
  customer_email: string | null;
  customer_phone: string | null;
  customer_notes: string | null;
  shipping_address: object | null;
  billing_address: object | null;
  shipping_method: string | null;
  discount_codes: string[];
  requires_attention: boolean;
  attention_reason: string | null;
  customer: StoreCustomer | null;
  lines: StoreLine[];
};

/** One thing of a store, or why it could not be understood. */
export type Found = { id: string; thing: StoreProduct | StoreOrder } | { id: string; reason: string };

/** Where a list goes on: what was changed after a moment, and the platform's own mark within that. */
export type Place = { since?: string; mark?: string };

/** A part of a list, those changed longest ago first, and how many are known to come behind it. */
export type Page = { found: Found[]; next: Place; isLast: boolean; left?: number };

/** The headers of a webhook, by name in lower case. */
export type HookHeaders = (name: string) => string | undefined;

/** What a store tells by itself: an event's name, and what to look at. */
export type HookEvent = { id: string; topic: string; kind: Kind; thing: string };

/** A platform whose stores can be connected. All but `readHook` throw a `TaskFailure` where the store does not do as asked. */
export type Connector = {
  /** The version of its API that is spoken to new stores. */
  version: string;
  /** Calls the store with its keys, and tells the currency that it sells in. */
  check(shop: Shop): Promise<{ currency: string }>;
  listChangedSince(shop: Shop, kind: Kind, place: Place): Promise<Page>;
  /** Undefined where the store does not have it. */
  getOne(shop: Shop, kind: Kind, id: string): Promise<Found | undefined>;
  updateProduct(shop: Shop, id: string, product: { description: string }): Promise<void>;
  /** Whether the store's secret signed the body of a webhook. */
  verifyHook(headers: HookHeaders, body: Buffer, keys: StoreKeys): boolean;
  /** What a signed webhook is about; undefined where that is nothing of ours. */
  readHook(headers: HookHeaders, body: Buffer): HookEvent | undefined;
};
