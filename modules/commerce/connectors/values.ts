import type { z } from "zod";
import type { Found, StoreLine, StoreOrder, StoreProduct } from "./connector.ts";

const EMAIL = /^[^@\s]+@[^@\s]+$/;
const EMAIL_LENGTH_MAX = 254;
const REASON_LENGTH_MAX = 500;

const decimals = new Map<string, number>();

/** How many decimals a currency has. */
export function decimalsOf(currency: string): number {
  let known = decimals.get(currency);
  if (known === undefined) {
    // To make a format takes longer than all else that is done with an order.
    known = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
    decimals.set(currency, known);
  }
  return known;
}

/** A decimal such as "12.5" in minor units of a currency, halves away from zero; no float is on the way. Throws RangeError for what is none. */
export function minorUnits(amount: string, currency: string): number {
  const [, sign, whole = "", fraction = ""] = /^(-?)(\d*)(?:\.(\d*))?$/.exec(amount.trim()) ?? [];
  if (sign === undefined || whole + fraction === "") throw new RangeError(`"${amount}" is no amount of money.`);
  const places = decimalsOf(currency);
  const kept = fraction.slice(0, places).padEnd(places, "0");
  const rounded = BigInt(whole + kept) + (Number(fraction[places] ?? 0) >= 5 ? 1n : 0n);
  if (rounded > BigInt(Number.MAX_SAFE_INTEGER))
    throw new RangeError(`${amount} ${currency} is more than can be kept.`);
  return Number(rounded) * (sign === "-" ? -1 : 1);
}

/** A line of which `total` is to be paid before tax: the price of one is rounded up, and what that is too much is taken off. */
export function lineOf(
  line: Pick<StoreLine, "product" | "name" | "sku" | "quantity" | "tax_amount">,
  { subtotal, total }: { subtotal: number; total: number },
): StoreLine {
  const unit_price = Math.ceil(Math.max(subtotal, total) / line.quantity);
  return { ...line, name: cut(line.name, 500) ?? "–", unit_price, discount_amount: unit_price * line.quantity - total };
}

/** A text as it can be kept; null for none. */
export function cut(text: string | null | undefined, length: number): string | null {
  const kept = text?.replaceAll("\0", "").trim().slice(0, length).toWellFormed() ?? "";
  return kept === "" ? null : kept;
}

export function emailOf(text: string | null | undefined): string | null {
  const email = cut(text, EMAIL_LENGTH_MAX + 1);
  return email !== null && email.length <= EMAIL_LENGTH_MAX && EMAIL.test(email) ? email : null;
}

/** What a person should look at: an order whose parts do not make its total. */
export function attentionOf(
  expected: number,
  total: number,
): Pick<StoreOrder, "requires_attention" | "attention_reason"> {
  const adds = expected === total;
  return { requires_attention: !adds, attention_reason: adds ? null : "The parts do not add up to the total." };
}

/** Understands each thing by itself: one that is wrong is told with its name, and keeps no other. */
export function understand<Given>(
  given: readonly unknown[],
  shape: z.ZodType<Given>,
  make: (one: Given) => StoreProduct | StoreOrder,
  idOf: (one: unknown) => string,
): Found[] {
  return given.map((one) => {
    const id = idOf(one);
    const read = shape.safeParse(one);
    if (!read.success) {
      const faults = read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
      return { id, reason: faults.join(" ").slice(0, REASON_LENGTH_MAX) };
    }
    try {
      return { id, thing: make(read.data) };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { id, reason: error.message.slice(0, REASON_LENGTH_MAX) };
    }
  });
}
