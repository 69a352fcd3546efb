import { z } from "zod";
import type { Shop, StoreOrder, StoreProduct } from "./connector.ts";
import { attentionOf, cut, emailOf, lineOf, minorUnits } from "./values.ts";

const Gid = z.string().transform((gid) => gid.replace(/^.*\//, ""));
const Moment = z.iso.datetime({ offset: true });
const Text = z.string().nullish();
const Amount = z.union([z.string(), z.number()]).transform(String);
const Money = z.object({ shopMoney: z.object({ amount: Amount, currencyCode: z.string().regex(/^[A-Z]{3}$/) }) });
const Address = z.looseObject({ name: Text, company: Text, phone: Text }).nullish();

export const Product = z.object({
  id: Gid,
  title: z.string().trim().min(1),
  handle: Text,
  descriptionHtml: Text,
  productType: Text,
  vendor: Text,
  status: z.string(),
  updatedAt: Moment,
  publishedAt: Moment.nullish(),
  tracksInventory: z.boolean().default(true),
  totalInventory: z.number().nullish(),
  hasOnlyDefaultVariant: z.boolean().default(true),
  category: z.object({ name: z.string() }).nullish(),
  featuredMedia: z
    .object({ preview: z.object({ image: z.object({ url: z.string(), altText: Text }).nullish() }).nullish() })
    .nullish(),
  variants: z.object({
    nodes: z.array(z.object({ sku: Text, price: Amount.nullish(), compareAtPrice: Amount.nullish() })),
  }),
});

export const Order = z.object({
  id: Gid,
  name: z.string(),
  createdAt: Moment,
  updatedAt: Moment,
  cancelledAt: Moment.nullish(),
  displayFinancialStatus: Text,
  displayFulfillmentStatus: Text,
  taxesIncluded: z.boolean(),
  email: Text,
  phone: Text,
  note: Text,
  discountCodes: z.array(z.string()).default([]),
  subtotalPriceSet: Money.nullish(),
  totalTaxSet: Money.nullish(),
  totalShippingPriceSet: Money.nullish(),
  totalDiscountsSet: Money.nullish(),
  totalPriceSet: Money,
  totalRefundedSet: Money.nullish(),
  customer: z
    .object({
      id: Gid,
      firstName: Text,
      lastName: Text,
      defaultEmailAddress: z.object({ emailAddress: Text }).nullish(),
      defaultPhoneNumber: z.object({ phoneNumber: Text }).nullish(),
    })
    .nullish(),
  shippingAddress: Address,
  billingAddress: Address,
  shippingLine: z.object({ title: Text }).nullish(),
  lineItems: z.object({
    pageInfo: z.object({ hasNextPage: z.boolean() }),
    nodes: z.array(
      z.object({
        name: z.string(),
        sku: Text,
        quantity: z.number(),
        product: z.object({ id: Gid }).nullish(),
        originalTotalSet: Money,
        discountedTotalSet: Money,
        taxLines: z.array(z.object({ priceSet: Money })).default([]),
      }),
    ),
  }),
});

const PRODUCT_STATUS: Record<string, StoreProduct["status"]> = {
  ACTIVE: "active",
  ARCHIVED: "archived",
  UNLISTED: "inactive",
};
const PAYMENT: Record<string, StoreOrder["payment_status"]> = {
  AUTHORIZED: "authorized",
  PAID: "paid",
  PARTIALLY_PAID: "partially_paid",
  PARTIALLY_REFUNDED: "partially_refunded",
  REFUNDED: "refunded",
  VOIDED: "voided",
};
const FULFILLMENT: Record<string, StoreOrder["fulfillment_status"]> = {
  FULFILLED: "shipped",
  IN_PROGRESS: "processing",
  PARTIALLY_FULFILLED: "processing",
};

type Sum = z.infer<typeof Money> | null | undefined;

function moneyOf(sum: Sum): number {
  return sum ? minorUnits(sum.shopMoney.amount, sum.shopMoney.currencyCode) : 0;
}

export function productOf({ currency }: Shop, product: z.infer<typeof Product>): StoreProduct {
  const [variant] = product.variants.nodes;
  const money = (amount: string | null | undefined) => (amount ? minorUnits(amount, currency) : null);
  const image = product.featuredMedia?.preview?.image;
  return {
    external_id: product.id,
    remote_updated_at: product.updatedAt,
    name: cut(product.title, 500) ?? "–",
    sku: cut(variant?.sku, 100),
    handle: cut(product.handle, 255),
    description: cut(product.descriptionHtml, 100_000),
    short_description: null,
    product_type: cut(product.productType, 200),
    vendor: cut(product.vendor, 200),
    category: cut(product.category?.name, 200),
    status: PRODUCT_STATUS[product.status] ?? "draft",
    price: money(variant?.price),
    compare_at_price: money(variant?.compareAtPrice),
    currency,
    track_inventory: product.tracksInventory,
    inventory_quantity: Math.trunc(product.totalInventory ?? 0),
    has_variants: !product.hasOnlyDefaultVariant,
    images: image ? [{ url: image.url, alt: image.altText ?? null }] : [],
    featured_image: cut(image?.url, 2_000),
    published_at: product.publishedAt ?? null,
  };
}

export function orderOf(shop: Shop, order: z.infer<typeof Order>, linesMax: number): StoreOrder {
  const payment_status = PAYMENT[order.displayFinancialStatus ?? ""] ?? "pending";
  const fulfillment = FULFILLMENT[order.displayFulfillmentStatus ?? ""] ?? "pending";
  return {
    external_id: order.id,
    remote_updated_at: order.updatedAt,
    order_number: cut(order.name, 100) ?? order.id,
    status: statusOf(order, payment_status, fulfillment),
    fulfillment_status: order.cancelledAt ? "cancelled" : fulfillment,
    payment_status,
    currency: order.totalPriceSet.shopMoney.currencyCode,
    rate: shop.rate,
    order_date: order.createdAt,
    customer_email: cut(order.email, 254),
    customer_phone: cut(order.phone, 50),
    customer_notes: cut(order.note, 20_000),
    shipping_address: order.shippingAddress ?? null,
    billing_address: order.billingAddress ?? null,
    shipping_method: cut(order.shippingLine?.title, 200),
    discount_codes: order.discountCodes,
    ...amountsOf(order),
    ...(order.lineItems.pageInfo.hasNextPage && {
      requires_attention: true,
      attention_reason: `Only its first ${linesMax} lines are here.`,
    }),
    customer: customerOf(order),
    lines: order.lineItems.nodes.filter(({ quantity }) => quantity > 0).map(lineItemOf),
  };
}

function amountsOf(order: z.infer<typeof Order>) {
  const [subtotal, discount] = [moneyOf(order.subtotalPriceSet), moneyOf(order.totalDiscountsSet)];
  const [tax, shipping] = [moneyOf(order.totalTaxSet), moneyOf(order.totalShippingPriceSet)];
  const total = moneyOf(order.totalPriceSet);
  return {
    // Shopify tells it less the discount.
    subtotal_amount: subtotal + discount,
    tax_amount: tax,
    shipping_amount: shipping,
    discount_amount: discount,
    total_amount: total,
    refunded_amount: moneyOf(order.totalRefundedSet),
    ...attentionOf(subtotal + shipping + (order.taxesIncluded ? 0 : tax), total),
  };
}

function lineItemOf(line: z.infer<typeof Order>["lineItems"]["nodes"][number]): StoreOrder["lines"][number] {
  const item = {
    product: line.product?.id ?? null,
    name: line.name,
    sku: cut(line.sku, 100),
    quantity: line.quantity,
    tax_amount: line.taxLines.reduce((sum, { priceSet }) => sum + moneyOf(priceSet), 0),
  };
  return lineOf(item, { subtotal: moneyOf(line.originalTotalSet), total: moneyOf(line.discountedTotalSet) });
}

function statusOf(
  { cancelledAt }: z.infer<typeof Order>,
  payment: StoreOrder["payment_status"],
  fulfillment: StoreOrder["fulfillment_status"],
): StoreOrder["status"] {
  if (cancelledAt) return "cancelled";
  if (payment === "refunded") return "refunded";
  if (fulfillment !== "pending") return fulfillment;
  return payment === "paid" ? "confirmed" : "pending";
}

function customerOf({ customer, email, phone, billingAddress }: z.infer<typeof Order>): StoreOrder["customer"] {
  const address = emailOf(customer?.defaultEmailAddress?.emailAddress) ?? emailOf(email);
  if (!customer && address === null) return null;
  const first_name = cut(customer?.firstName, 100);
  const last_name = cut(customer?.lastName, 100);
  const name = cut([first_name, last_name].filter(Boolean).join(" "), 200) ?? cut(billingAddress?.name, 200) ?? address;
  return {
    external_id: customer?.id ?? null,
    name: name ?? `Customer ${customer?.id}`,
    first_name,
    last_name,
    company: cut(billingAddress?.company, 200),
    email: address,
    phone: cut(customer?.defaultPhoneNumber?.phoneNumber ?? phone, 50),
  };
}
