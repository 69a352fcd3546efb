import type { ColumnFacts, ValueKind } from "../../database/facts.ts";

/** One condition of a list: `created_at[gte]=2026-01-01`. The path leads into a JSON value. */
export type Filter = {
  column: string;
  facts: ColumnFacts;
  path: readonly string[];
  operator: Operator;
  values: readonly string[];
};

const ALIKE = ["eq", "ne", "in", "is_null"] as const;
const ORDERED = [...ALIKE, "lt", "lte", "gt", "gte", "between"] as const;
const WORDED = [...ORDERED, "contains", "starts_with"] as const;

export type Operator = (typeof WORDED)[number];

const OPERATORS: Record<ValueKind, readonly Operator[]> = {
  uuid: ALIKE,
  text: WORDED,
  boolean: ["eq", "ne", "is_null"],
  integer: ORDERED,
  bigint: ORDERED,
  number: ORDERED,
  date: ORDERED,
  timestamp: ORDERED,
  json: ["is_null"],
  texts: ["contains", "is_null"],
  other: ALIKE,
};

export const COMPARISONS: Partial<Record<Operator, string>> = { lt: "<", lte: "<=", gt: ">", gte: ">=" };

/** The operators that a column takes; what a JSON value holds takes all of them. */
export function operatorsOf({ kind, values }: ColumnFacts, isInside = false): readonly Operator[] {
  if (isInside) return WORDED;
  return values ? ALIKE : OPERATORS[kind];
}

/** A text in a pattern of `like`, where it stands for nothing but itself. */
export function literally(text = ""): string {
  return text.replace(/[\\%_]/g, "\\$&");
}
