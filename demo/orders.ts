import type { Customer } from "./crm.ts";
import type { Scene } from "./scene.ts";

export type Order = {
  id: string;
  customer_id: string;
  total_amount: number;
  currency: string;
  order_date: Date;
  status: string;
  product_id: string;
};

export type Product = { id: string; name: string; price: number; variants: string[] };

const ORDERS = 120;
const DAYS = 60;
const TAX = 0.19;
const SHIPPING = 490;
/** Which orders are how far: payment and delivery go with the status. */
const STATES: Record<string, [fulfillment: string, payment: string]> = {
  pending: ["pending", "pending"],
  confirmed: ["pending", "authorized"],
  processing: ["processing", "paid"],
  shipped: ["shipped", "paid"],
  delivered: ["delivered", "paid"],
  cancelled: ["cancelled", "voided"],
  refunded: ["delivered", "refunded"],
};

/** The older, the further: what was ordered today waits, what was ordered weeks ago has arrived or come back. */
function stateOf(day: number, index: number): string {
  if (index % 17 === 5) return "cancelled";
  if (day > -2) return index % 2 === 0 ? "pending" : "confirmed";
  if (day > -4) return "processing";
  if (day > -8) return "shipped";
  return index % 19 === 3 ? "refunded" : "delivered";
}

/** Makes orders of the last weeks in every state, with their lines; the figures of customers follow by trigger. */
export async function makeOrders(
  scene: Scene,
  stores: string[],
  products: Product[],
  customers: Customer[],
): Promise<Order[]> {
  const { insert, chance } = scene;
  const buyers = customers.filter(({ stage }) => stage === "active" || stage === "churned");
  const sold = products.slice(0, -2);
  const made = Array.from({ length: ORDERS }, (_, index) =>
    orderOf(scene, index, { stores, buyer: chance.pick(buyers), sold }),
  );
  await insert(
    "commerce.orders",
    made.map(({ row }) => row),
  );
  await insert(
    "commerce.order_lines",
    made.flatMap(({ lines }) => lines),
  );
  return made.map(({ row, lines }) => ({ ...row, product_id: lines[0]?.product_id ?? "" }));
}

/** Whole or a quarter of it, or nothing. */
function refundOf(status: string, index: number, total: number): number {
  if (status === "refunded") return total;
  return status === "delivered" && index % 11 === 4 ? Math.round(total / 4) : 0;
}

/** One order whose total is more than its parts. */
const ODD = 40;

function orderOf(
  scene: Scene,
  index: number,
  { stores, buyer, sold }: { stores: string[]; buyer: Customer; sold: Product[] },
) {
  const { id, clock, chance } = scene;
  const day = Math.ceil(-DAYS * (1 - index / (ORDERS - 1)));
  const order_date = clock.past(day, (index % 10) / 10);
  const order = id(order_date);
  const lines = Array.from({ length: chance.whole(1, 3) }, (_, place) =>
    lineOf(scene, order, place, chance.pick(sold)),
  );
  const subtotal = lines.reduce((sum, line) => sum + line.quantity * line.unit_price, 0);
  const status = stateOf(day, index);
  const [fulfillment_status, payment_status] = STATES[status] ?? [];
  const total = subtotal + SHIPPING;
  const refunded_amount = refundOf(status, index, total);
  const [store_id, currency, rate] = index % 6 === 5 ? [stores[1], "USD", 0.92] : [stores[0], "EUR", 1];
  const isThere = status === "delivered" || status === "refunded";
  const odd =
    index === ODD
      ? {
          total_amount: total + 100,
          requires_attention: true,
          attention_reason: "The parts do not add up to the total.",
        }
      : { total_amount: total, requires_attention: false, attention_reason: undefined };
  const row = {
    id: order,
    store_id,
    customer_id: buyer.id,
    order_number: `#${10_000 + index}`,
    status,
    fulfillment_status,
    payment_status: refunded_amount > 0 && refunded_amount < total ? "partially_refunded" : payment_status,
    currency: String(currency),
    rate,
    subtotal_amount: subtotal,
    tax_amount: Math.round((subtotal * TAX) / (1 + TAX)),
    shipping_amount: SHIPPING,
    ...odd,
    refunded_amount,
    order_date,
    shipped_date: isThere || status === "shipped" ? clock.on(day + 2, 14) : undefined,
    delivered_date: isThere ? clock.on(day + 5, 11) : undefined,
    customer_email: buyer.email,
    processed_by: "auto",
    created_at: order_date,
  };
  return { row, lines };
}

function lineOf({ chance }: Scene, order_id: string, place: number, product: Product) {
  const variant_id = product.variants.length > 0 ? chance.pick(product.variants) : undefined;
  const quantity = chance.happens(0.8) ? 1 : chance.whole(2, 4);
  return {
    order_id,
    position: place + 1,
    product_id: product.id,
    variant_id,
    name: product.name,
    quantity,
    unit_price: product.price,
  };
}
