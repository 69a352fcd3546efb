import { NO_CURSOR } from "../../http/paging.ts";
import { type SortKey, sortText } from "./sorting.ts";

/** Where a list goes on: behind the row whose sort keys have these values. */
export type Cursor = readonly (string | null)[];

/** Writes down where a list goes on, and in which order it was. */
export function writeCursor(order: readonly SortKey[], search: string, values: Cursor): string {
  return Buffer.from(JSON.stringify([sortText(order), search, ...values])).toString("base64url");
}

/** Reads it again. Returns what is wrong with it as text. */
export function readCursor(text: string, order: readonly SortKey[], search: string): Cursor | string {
  const [sort, words, ...values] = partsOf(text);
  if (typeof sort !== "string" || typeof words !== "string") return NO_CURSOR;
  if (sort !== sortText(order) || words !== search)
    return "This cursor belongs to another sort or search. Begin again without it.";
  return values.length === order.length && values.every(isCell) ? values : NO_CURSOR;
}

function isCell(value: unknown): value is string | null {
  return value === null || (typeof value === "string" && value.isWellFormed() && !value.includes("\0"));
}

function partsOf(text: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
