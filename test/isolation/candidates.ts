import { randomBytes, randomInt, randomUUID } from "node:crypto";
import type { Column } from "./catalog.ts";

const DAYS_AHEAD_MAX = 300;
const BYTES_MAX = 65_536;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/**
 * Values that may do for a column, as JSON, likeliest first: by its type, and by what its checks mention. Those that must
 * not repeat are random. A later column gets a later time, so that an end comes after its start. Empty for unknown types.
 */
export function candidateValues(column: Column, place: number, start: Date): unknown[] {
  if (column.labels.length > 0) return column.labels;
  switch (column.category) {
    case "S":
      return [...words(), ...literals(column.checks)];
    case "N":
      return [1, 0, ...numbers(column.checks).flatMap((bound) => [bound, bound + 1, bound - 1])];
    case "B":
      return [false, true];
    case "D":
      return [new Date(start.getTime() + place * MINUTE_MS), firstOfMonth(start)].map((time) => time.toISOString());
    case "T":
      return ["1 hour"];
    case "I":
      return ["192.0.2.1"];
    case "A":
      return [[], ...elements(column).map((element) => [element])];
    case "R":
      return [rangeOf(column.type, start)];
    default:
      return userDefined(column);
  }
}

/** A time to start from, far enough from any other row's that spans do not overlap, yet within the partitions made ahead. */
export function randomStart(): Date {
  return new Date(Date.now() + randomInt(DAYS_AHEAD_MAX) * DAY_MS + randomInt(DAY_MS));
}

function firstOfMonth(time: Date): Date {
  return new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), 1));
}

/** Words of the forms that columns ask for: a plain one, an address, a colour, a currency, a dotted name, a link, a digest. */
function words(): string[] {
  const hex = randomBytes(32).toString("hex");
  const word = `x${hex.slice(0, 12)}`;
  const letters = hex.replace(/\d/g, "z");
  return [
    word,
    `${word}@example.com`,
    `#${hex.slice(0, 6)}`,
    hex.slice(0, 8),
    letters.slice(0, 3).toUpperCase(),
    letters.slice(0, 2),
    `${letters.slice(0, 8)}.${letters.slice(8, 16)}`,
    `https://example.com/${word}`,
    hex,
    String(randomInt(1_000_000)),
  ];
}

/** The texts that checks mention. */
export function literals(checks: string[]): string[] {
  return checks.flatMap((check) =>
    [...check.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = ""]) => text.replaceAll("''", "'")),
  );
}

function numbers(checks: string[]): number[] {
  return checks.flatMap((check) => [...check.matchAll(/\d+/g)].map(([digits]) => Number(digits)));
}

function elements(column: Column): unknown[] {
  const type = column.type.replace("[]", "");
  if (/^(text|character varying|name)$/.test(type)) return [...words(), ...literals(column.checks).flatMap(listed)];
  if (type === "uuid") return [randomUUID()];
  return /^(integer|bigint|smallint|numeric)$/.test(type) ? [1] : [];
}

/** The elements of an array as PostgreSQL writes it. */
function listed(text: string): string[] {
  return text.startsWith("{") ? text.slice(1, -1).split(",") : [text];
}

function rangeOf(type: string, start: Date): string {
  const end = new Date(start.getTime() + MINUTE_MS);
  const place = randomInt(1_000_000_000);
  if (/^(int|num)/.test(type)) return `[${place},${place + 1})`;
  if (type === "daterange") return `[${start.toISOString().slice(0, 10)},)`;
  return `[${start.toISOString()},${end.toISOString()})`;
}

function userDefined({ type, checks }: Column): unknown[] {
  switch (type) {
    case "uuid":
      return [randomUUID()];
    case "json":
    case "jsonb":
      return [{}, [], "", ...literals(checks).map((key) => ({ [key]: [] }))];
    case "bytea":
      return [32, ...numbers(checks).filter((bytes) => bytes <= BYTES_MAX)].map(
        (bytes) => `\\x${randomBytes(bytes).toString("hex")}`,
      );
    case "pg_snapshot":
      return ["1:1:"];
    case "xid8":
      return ["1"];
    case "tsvector":
      return ["word"];
    default:
      return [];
  }
}
