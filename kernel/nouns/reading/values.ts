import { z } from "zod";
import type { ColumnFacts, ValueKind } from "../../database/facts.ts";
import { INTEGER_RANGES } from "../shapes.ts";

/** What a filter compares by: a text that PostgreSQL surely reads as a value of the column. */
type Reading = { expected(column: ColumnFacts): string; read(text: string, column: ColumnFacts): string | undefined };

const BIGINT_RANGE = [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n] as const;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** A number as JSON writes it, and no longer than any type of PostgreSQL's takes. */
export const NUMBER = /^-?(?:0|[1-9]\d{0,29})(?:\.\d{1,30})?(?:[eE][+-]?\d{1,2})?$/;
const Day = z.iso.date();
/** PostgreSQL knows no zone further away than this. */
const Moment = z.iso.datetime({ offset: true }).regex(/(?:Z|[+-](?:0\d|1[0-4]):\d\d)$/);
const MOMENT_LENGTH_MAX = 40;

const READINGS: Record<ValueKind, Reading> = {
  uuid: { expected: () => "an id (UUID)", read: matching(UUID) },
  text: {
    expected: ({ values }) => (values ? `one of ${values.join(", ")}` : "a text"),
    read: (text, { values }) => (values && !values.includes(text) ? undefined : text),
  },
  boolean: { expected: () => "true or false", read: matching(/^(?:true|false)$/) },
  integer: { expected: (column) => `a whole number from ${rangeOf(column).join(" to ")}`, read: readInteger },
  bigint: { expected: (column) => `a whole number from ${rangeOf(column).join(" to ")}`, read: readInteger },
  number: { expected: () => "a number", read: matching(NUMBER) },
  date: {
    expected: () => "a day such as 2026-01-31",
    read: (text) => (Day.safeParse(text).success && text > "0001" ? text : undefined),
  },
  timestamp: { expected: () => "a time such as 2026-01-31T12:00:00Z, or a day", read: readMoment },
  json: anyText(),
  texts: anyText(),
  other: anyText(),
};

/** What the column's values are, in words for people. */
export function expectedOf(column: ColumnFacts): string {
  return READINGS[column.kind].expected(column);
}

/** The value that a text names, for PostgreSQL; undefined where it names none. */
export function readValue(text: string, column: ColumnFacts): string | undefined {
  return READINGS[column.kind].read(text, column);
}

function anyText(): Reading {
  return { expected: () => "a text", read: (text) => text };
}

function matching(pattern: RegExp): Reading["read"] {
  return (text) => (pattern.test(text) ? text : undefined);
}

function rangeOf({ type }: ColumnFacts): readonly [bigint, bigint] {
  const [min, max] = INTEGER_RANGES[type] ?? BIGINT_RANGE;
  return [BigInt(min), BigInt(max)];
}

function readInteger(text: string, column: ColumnFacts): string | undefined {
  const [min, max] = rangeOf(column);
  return /^-?\d{1,19}$/.test(text) && BigInt(text) >= min && BigInt(text) <= max ? text : undefined;
}

/** A `+` that was not escaped arrives as a space. A day begins at midnight in Greenwich. */
function readMoment(text: string): string | undefined {
  if (text.length > MOMENT_LENGTH_MAX || text < "0001") return undefined;
  if (Day.safeParse(text).success) return `${text}T00:00:00Z`;
  const moment = text.replace(/ (?=\d\d:\d\d$)/, "+");
  return Moment.safeParse(moment).success ? moment : undefined;
}
