import type { InvoiceInList } from "../../../modules/billing/contract.ts";

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });
const DAY_MS = 86_400_000;

/** What an invoice is called: by its number once it has one. */
export function invoiceName({ number }: Pick<InvoiceInList, "number">): string {
  return number === null ? "Draft" : `Invoice ${number}`;
}

/** What it bills, from the first day to the last (UTC). */
export function periodOf({ period_start, period_end }: Pick<InvoiceInList, "period_start" | "period_end">): string {
  return DAY.formatRange(new Date(period_start), new Date(new Date(period_end).getTime() - DAY_MS));
}

export function dayOf(timestamp: string): string {
  return DAY.format(new Date(timestamp));
}
