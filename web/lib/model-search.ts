import type { DomainSummary, TableSummary } from "../../kernel/data-model/contract.ts";
import { normalize } from "./label-search.ts";

/** A table that a search found; `where` tells which column or comment holds the words when its name does not. */
export type Found = { table: TableSummary; where: string | undefined };

/** A table with all that can be searched, normalized once. */
export type SearchIndex = {
  table: TableSummary;
  name: string;
  qualified: string;
  description: string;
  columns: { name: string; text: string }[];
}[];

const RANKS = 6;

export function indexOf(domains: DomainSummary[]): SearchIndex {
  return domains
    .flatMap(({ tables }) => tables)
    .map((table) => ({
      table,
      name: normalize(table.name),
      qualified: normalize(`${table.schema} ${table.name}`),
      description: normalize(table.description),
      columns: table.columns.map((name, place) => ({
        name,
        text: normalize(`${name} ${table.column_comments[place] ?? ""}`),
      })),
    }));
}

/**
 * The tables of which a name, the comment, or one column with its comment holds every word of the query: those of exactly that
 * name first, then those whose name begins with it, then names, then names with their domains, then columns, then comments. An empty query finds nothing.
 */
export function searchModel(index: SearchIndex, query: string): Found[] {
  const words = normalize(query).split(" ").filter(Boolean);
  if (words.length === 0) return [];
  const ranked: Found[][] = Array.from({ length: RANKS }, () => []);
  for (const entry of index) {
    const found = match(entry, words);
    if (found) ranked[found.rank]?.push({ table: entry.table, where: found.where });
  }
  return ranked.flat();
}

function match(entry: SearchIndex[number], words: string[]): { rank: number; where?: string } | undefined {
  const isIn = (text: string) => words.every((word) => text.includes(word));
  const phrase = words.join(" ");
  if (phrase === entry.name || phrase === entry.qualified) return { rank: 0 };
  if (isIn(entry.name)) return { rank: entry.name.startsWith(words[0] ?? "") ? 1 : 2 };
  if (isIn(entry.qualified)) return { rank: 3 };
  const named = entry.columns.find(({ name }) => isIn(normalize(name)));
  if (named) return { rank: 4, where: named.name };
  if (isIn(entry.description)) return { rank: 5, where: "its comment" };
  const column = entry.columns.find(({ text }) => isIn(text));
  return column && { rank: 5, where: column.name };
}
