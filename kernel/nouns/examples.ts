import type { ColumnFacts } from "../database/facts.ts";
import type { Noun } from "./noun.ts";

/** Texts of the forms that columns want; the first that fits is shown. */
const TEXTS = [
  "Example",
  "example",
  "EUR",
  "person@example.com",
  "https://example.com/",
  "en",
  "Europe/Berlin",
  "#2f6f4f",
  "e",
];
const VALUES: Record<ColumnFacts["kind"], unknown> = {
  uuid: undefined,
  text: TEXTS[0],
  boolean: true,
  integer: 1,
  bigint: 1,
  number: 1,
  date: "2026-11-30",
  timestamp: "2026-11-30T09:00:00Z",
  json: {},
  texts: ["example"],
  other: "example",
};

/** A body that creates a row: what must be given. `":customer_id"` stands for the id of a row that there is. */
export function newRowExample(noun: Noun): Record<string, unknown> {
  const needed = noun.creatable.filter((name) => !isOptional(noun.facts.columns[name]));
  return { ...exampleOf(noun, needed.length > 0 ? needed : noun.creatable.slice(0, 1)), ...noun.example };
}

/** A body that changes a row. */
export function changeExample(noun: Noun): Record<string, unknown> {
  const own = noun.writable.filter((name) => noun.facts.columns[name]?.kind !== "uuid");
  return exampleOf(noun, (own.length > 0 ? own : noun.writable).slice(0, 1));
}

/** A body that writes many rows, of the first thing that can be done to one. */
export function manyExample(noun: Noun): Record<string, unknown> {
  if (noun.writes.includes("create")) return { create: [newRowExample(noun)] };
  if (noun.writes.includes("update")) return { update: [{ ...exampleOf(noun, noun.key), ...changeExample(noun) }] };
  return { delete: [exampleOf(noun, noun.key)] };
}

function isOptional(column: ColumnFacts | undefined): boolean {
  return !column || column.optional === true || column.nullable === true;
}

function exampleOf(noun: Noun, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const column = noun.facts.columns[name];
      return column ? [[name, exampleValue(name, column)]] : [];
    }),
  );
}

function exampleValue(name: string, { kind, values, pattern, min, max }: ColumnFacts): unknown {
  if (values) return values[0];
  if (kind === "uuid") return `:${name}`;
  if (kind !== "text") return typeof VALUES[kind] === "number" ? Math.max(1, min ?? 1) : VALUES[kind];
  const form = new RegExp(pattern ?? "", "u");
  return TEXTS.find((text) => form.test(text) && text.length >= (min ?? 0) && text.length <= (max ?? text.length));
}
