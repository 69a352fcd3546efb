import type { ColumnFacts } from "../../database/facts.ts";
import { quoted } from "../columns.ts";
import type { Noun } from "../noun.ts";
import type { Scope } from "./scope.ts";

/** One key of the order of rows. No value counts as the largest, as it does in PostgreSQL's indexes. */
export type SortKey = { name: string; nullable: boolean; descending: boolean };

export const SORT_KEYS_MAX = 4;
/** How a row's likeness to the words of a search is called among the columns. */
export const LIKENESS = "?likeness";

const UNSORTED = ["json", "texts", "other"];
/** Longer texts are read and not sorted by: they would stand in the cursor, which stands in an address. In characters. */
const SORTED_LENGTH_MAX = 500;

/** The columns that rows can be sorted by. */
export function sortableColumns({ columns }: Noun): string[] {
  return Object.entries(columns).flatMap(([name, column]) => (isSortable(column) ? [name] : []));
}

function isSortable({ kind, max = 0 }: ColumnFacts): boolean {
  return kind === "text" ? max <= SORTED_LENGTH_MAX : !UNSORTED.includes(kind);
}

/** The order of a list: what was asked for, then the key, so that no two rows have the same place. Newest first without a wish. */
export function orderOf(noun: Noun, asked: readonly SortKey[], isRanked: boolean): SortKey[] {
  const wished = isRanked ? [{ name: LIKENESS, nullable: false, descending: true }] : asked;
  const descending = wished[0]?.descending ?? true;
  const names = new Set(wished.map(({ name }) => name));
  const rest = noun.key.filter((name) => !names.has(name));
  return [...wished, ...rest.map((name) => ({ name, nullable: false, descending }))];
}

/** `-created_at,name` */
export function sortText(order: readonly SortKey[]): string {
  return order.map(({ name, descending }) => `${descending ? "-" : ""}${name}`).join(",");
}

export function orderBy(order: readonly SortKey[]): string {
  const keys = order.map(({ name, descending }) => `t.${quoted(name)}${descending ? " desc" : ""}`);
  return keys.length > 0 ? ` order by ${keys.join(", ")}` : "";
}

/**
 * The rows behind the one with these values. Where the keys have one direction and always a value, it is one comparison, which an
 * index serves even under row-level security.
 */
export function isBehind(order: readonly SortKey[], values: readonly (string | null)[], { bind }: Scope): string {
  const [first] = order;
  if (!first) return "false";
  const isPlain = order.every(({ nullable, descending }) => !nullable && descending === first.descending);
  if (isPlain) {
    const names = order.map(({ name }) => `t.${quoted(name)}`).join(", ");
    return `(${names}) ${first.descending ? "<" : ">"} (${values.map(bind).join(", ")})`;
  }
  return order.reduceRight((rest, key, place) => {
    const column = `t.${quoted(key.name)}`;
    const value = values[place] ?? null;
    if (value === null) return `(${key.descending ? `${column} is not null or ` : ""}${column} is null and ${rest})`;
    const same = bind(value);
    const beyond = key.descending
      ? `${column} < ${same}`
      : `${column} > ${same}${key.nullable ? ` or ${column} is null` : ""}`;
    return `(${beyond} or ${column} = ${same} and ${rest})`;
  }, "false");
}
