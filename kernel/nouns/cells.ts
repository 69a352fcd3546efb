import type { ColumnFacts } from "../database/facts.ts";
import { inputShape } from "./shapes.ts";

/**
 * A value of a file as PostgreSQL reads it from text; null where it is empty, undefined where the row leaves it out: then a new row has
 * the column's default, and one that is there keeps what it has.
 */
export type Cell = string | null | undefined | CellFault;
export type CellFault = { readonly fault: string };

/** Reads the values of one column: `text` those of CSV, `json` those of JSON. */
export type CellReader = { text(given: string): Cell; json(given: unknown): Cell };

/** Makes the reader of a column, which takes what its `inputShape` takes and says of the rest what that says. */
export function cellReader(column: ColumnFacts): CellReader {
  const { isFine, valueIn, written } = KINDS[column.kind](column);
  const shape = inputShape(column);
  const check = (value: unknown): Cell => {
    if (isFine(value)) return written(value as never);
    const result = shape.safeParse(value);
    if (!result.success) return { fault: result.error.issues.map(({ message }) => message).join(" ") };
    const cell = written(value as never);
    return (column.kind === "json" ? !ESCAPED.test(cell) : isStorable(cell)) ? cell : { fault: UNSTORABLE };
  };
  return {
    text: (given) => {
      const text = withoutApostrophe(given);
      if (text.trim() === "") return emptyCell(column);
      const value = valueIn(text);
      return value === NOT_ONE ? { fault: WRONG[column.kind] ?? "" } : check(value);
    },
    json: (given) => {
      if (given === undefined) return undefined;
      return given === null && column.nullable ? null : check(given);
    },
  };
}

export function isFault(cell: Cell): cell is CellFault {
  return typeof cell === "object" && cell !== null;
}

/** What our own CSV puts before a value that a spreadsheet would take for a formula. */
function withoutApostrophe(text: string): string {
  return text.length > 1 && text.charCodeAt(0) === 39 && /^'+[=+\-@\t\r＝＋－＠]/.test(text) ? text.slice(1) : text;
}

function emptyCell({ kind, nullable, optional, min = 0, values, pattern }: ColumnFacts): Cell {
  if (nullable) return null;
  if (optional) return undefined;
  if (kind === "text" && min === 0 && !values && !pattern) return "";
  return { fault: "It is empty. Fill it in." };
}

const NOT_ONE = Symbol("not one");

type Kind = {
  /** Whether a value is surely of the column's shape: that shape is asked about the others only. */
  isFine(value: unknown): boolean;
  /** The JSON value that a text of CSV stands for, or NOT_ONE where it stands for none. */
  valueIn(text: string): unknown;
  /** The value as PostgreSQL reads it. */
  written(value: never): string;
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const INTEGER = /^[+-]?\d{1,19}$/;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;
const TRUE = new Set(["true", "t", "yes", "y", "1"]);
const FALSE = new Set(["false", "f", "no", "n", "0"]);

const WRONG: Partial<Record<ColumnFacts["kind"], string>> = {
  boolean: 'It is neither "true" nor "false".',
  integer: "It is not a whole number.",
  bigint: "It is not a whole number.",
  number: "It is not a number. Write it with a point, such as 1234.5.",
  date: "It is not a date. Write it as 2026-01-31.",
  timestamp: "It is not a time. Write it as 2026-01-31T12:00:00Z.",
  json: "It is not valid JSON.",
  texts: "It is not a valid JSON array.",
};

const KINDS: Record<ColumnFacts["kind"], (column: ColumnFacts) => Kind> = {
  uuid: () => ({
    isFine: (value) => typeof value === "string" && UUID.test(value),
    valueIn: (text) => text.trim(),
    written: (value: string) => value,
  }),
  text: textKind,
  boolean: () => ({
    isFine: (value) => typeof value === "boolean",
    valueIn: (text) => {
      const word = text.trim().toLowerCase();
      if (TRUE.has(word)) return true;
      return FALSE.has(word) ? false : NOT_ONE;
    },
    written: String,
  }),
  integer: ({ min, max }) => ({
    isFine: (value) =>
      Number.isInteger(value) && min !== undefined && max !== undefined && Number(value) >= min && Number(value) <= max,
    valueIn: (text) => (INTEGER.test(text.trim()) ? Number(text) : NOT_ONE),
    written: String,
  }),
  bigint: () => ({
    isFine: () => false,
    valueIn: (text) => {
      const digits = text.trim();
      return INTEGER.test(digits) ? digits.replace("+", "") : NOT_ONE;
    },
    written: String,
  }),
  number: () => ({
    isFine: () => false,
    valueIn: (text) => (NUMBER.test(text.trim()) ? Number(text) : NOT_ONE),
    written: String,
  }),
  date: () => ({
    isFine: () => false,
    valueIn: (text) => (DATE.test(text.trim()) ? text.trim() : NOT_ONE),
    written: (value: string) => value,
  }),
  timestamp: () => ({ isFine: () => false, valueIn: momentOf, written: (value: string) => value }),
  json: () => ({
    isFine: () => false,
    valueIn: (text) => {
      try {
        return JSON.parse(text);
      } catch {
        return NOT_ONE;
      }
    },
    written: JSON.stringify,
  }),
  texts: () => ({ isFine: () => false, valueIn: textsOf, written: arrayText }),
  other: () => ({
    isFine: () => false,
    valueIn: (text) => text,
    written: (value: string) => value,
  }),
};

function textKind({ values, min = 0, max, pattern }: ColumnFacts): Kind {
  const known = values && new Set(values);
  const form = pattern === undefined ? undefined : new RegExp(pattern, "u");
  const fits = (text: string) =>
    text.length >= min && max !== undefined && text.length <= max && (!form || form.test(text)) && isStorable(text);
  return {
    isFine: (value) => typeof value === "string" && (known ? known.has(value) : fits(value)),
    valueIn: (text) => (known ? text.trim() : text),
    written: (value: string) => value,
  };
}

/** A moment without an offset is one in UTC, and a day its beginning. */
function momentOf(text: string): unknown {
  const [found, day, minute = "00:00", second = ":00", offset = "Z"] = TIME.exec(text.trim()) ?? [];
  if (!found) return NOT_ONE;
  const zone = offset.toUpperCase() === "Z" ? "Z" : `${offset.slice(0, 3)}:${offset.replace(":", "").slice(3) || "00"}`;
  return `${day}T${minute}${second}${zone}`;
}

/** A list is a JSON array, or words between semicolons. */
function textsOf(text: string): unknown {
  if (!text.trimStart().startsWith("["))
    return text
      .split(";")
      .map((word) => word.trim())
      .filter((word) => word !== "");
  try {
    return JSON.parse(text);
  } catch {
    return NOT_ONE;
  }
}

function arrayText(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll(/["\\]/g, "\\$&")}"`).join(",")}}`;
}

/** PostgreSQL stores no NUL and no half of a surrogate pair. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** The same in JSON, where both are escaped; behind a backslash they are other characters. */
const ESCAPED = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;
const UNSTORABLE = "It holds a NUL character or half of a surrogate pair, which cannot be stored. Delete it.";
