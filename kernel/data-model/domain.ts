import type { Catalog, Table } from "../database/catalog/catalog.ts";
import { descriptionOf } from "../database/catalog/catalog.ts";
import { likeness, stemsOf, type Wanted, wantedIn } from "./words.ts";

/** The tables that a question is about. */
export type Domain = {
  title: string;
  tables: Table[];
  /** Words of the question that nothing in the database answers to. */
  unmatched: string[];
};

const WEIGHTS = { name: 10, schema: 8, comment: 3, column: 2, columnComment: 1 };
/** What a neighbour by foreign key passes on. */
const NEIGHBOUR_SHARE = 0.15;
/** A table belongs to the domain from this share of the best table's score on. */
const SHARE_MIN = 0.22;
const TABLES_MAX = 25;
const NEAREST_MAX = 5;

/** Nothing in the database answers to the words; the message names what comes nearest. */
export class UnknownDomainError extends Error {
  /** Names of schemas and tables, the nearest first. */
  readonly nearest: string[];

  constructor(message: string, nearest: string[]) {
    super(message);
    this.nearest = nearest;
  }
}

/**
 * Finds the tables of a domain. Names of schemas and tables mean exactly these; other words are held against names, comments
 * and columns, with their endings left aside, and tables that foreign keys tie to a good match count for more. No words
 * mean everything. Throws an UnknownDomainError that names the nearest domains when the words match nothing.
 */
export function findDomain(catalog: Catalog, words: string[]): Domain {
  const text = words.join(" ").trim();
  if (text === "") return { title: catalog.tenon ? "Tenon" : catalog.database, tables: catalog.tables, unmatched: [] };
  const exact = namedExactly(catalog, [text]) ?? namedExactly(catalog, words);
  if (exact) return { title: titleOf(text), tables: exact, unmatched: [] };
  return rankedDomain(catalog, text);
}

function namedExactly({ schemas, tables }: Catalog, names: string[]): Table[] | undefined {
  const chosen = new Set<Table>();
  for (const name of names) {
    const isSchema = schemas.some((schema) => schema.name === name);
    const found = tables.filter((table) =>
      isSchema ? table.schema === name : [table.name, table.id, `${table.schema}.${table.name}`].includes(name),
    );
    if (found.length === 0) return undefined;
    for (const table of found) chosen.add(table);
  }
  return tables.filter((table) => chosen.has(table));
}

function titleOf(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function rankedDomain(catalog: Catalog, text: string): Domain {
  const wanted = wantedIn(text);
  const indexed = catalog.tables.map((table) => ({ table, places: placesOf(table) }));
  const scores = new Map<string, number>();
  const unmatched: string[] = [];
  for (const one of wanted) {
    const found = indexed
      .map(({ table, places }) => ({ id: table.id, score: scoreOf(places, one) }))
      .filter(({ score }) => score > 0);
    if (found.length === 0) unmatched.push(one.word);
    // A word that stands everywhere says little.
    const rarity = Math.log(1 + indexed.length / (found.length || 1));
    for (const { id, score } of found) scores.set(id, (scores.get(id) ?? 0) + score * rarity);
  }
  if (scores.size === 0) throw nothingAbout(catalog, text);
  return { title: titleOf(text), tables: best(catalog, withNeighbours(catalog.tables, scores)), unmatched };
}

type Places = Map<string, number>;

/** Each stem of a table with the weight of the best place where it stands. */
function placesOf(table: Table): Places {
  const places: Places = new Map();
  const add = (text: string | null, weight: number) => {
    for (const stem of stemsOf(text ?? "")) places.set(stem, Math.max(weight, places.get(stem) ?? 0));
  };
  add(table.name, WEIGHTS.name);
  add(table.schema, WEIGHTS.schema);
  add(descriptionOf(table.comment), WEIGHTS.comment);
  for (const column of table.columns) {
    add(column.name, WEIGHTS.column);
    add(column.comment, WEIGHTS.columnComment);
  }
  return places;
}

function scoreOf(places: Places, { stems }: Wanted): number {
  return Math.max(0, ...[...stems].map(([stem, weight]) => weight * (places.get(stem) ?? 0)));
}

function withNeighbours(tables: Table[], scores: Map<string, number>): Map<string, number> {
  const sums = new Map(scores);
  const add = (id: string, neighbour: string) => {
    const score = scores.get(neighbour) ?? 0;
    sums.set(id, Math.max(sums.get(id) ?? 0, (scores.get(id) ?? 0) + score * NEIGHBOUR_SHARE));
  };
  for (const table of tables) {
    for (const { references } of table.constraints) {
      if (!references || references.table === table.id) continue;
      add(table.id, references.table);
      add(references.table, table.id);
    }
  }
  return sums;
}

function best({ tables }: Catalog, scores: Map<string, number>): Table[] {
  const scoreFor = (table: Table) => scores.get(table.id) ?? 0;
  const ranked = tables.toSorted((a, b) => scoreFor(b) - scoreFor(a));
  const top = ranked[0] ? scoreFor(ranked[0]) : 0;
  const chosen = new Set(ranked.slice(0, TABLES_MAX).filter((table) => scoreFor(table) >= top * SHARE_MIN));
  return tables.filter((table) => chosen.has(table));
}

function nothingAbout({ schemas, tables }: Catalog, text: string): UnknownDomainError {
  const names = new Set([...schemas.map(({ name }) => name), ...tables.map(({ name }) => name)]);
  const words = text.split(/\s+/);
  const nearnessOf = (name: string) => Math.max(...words.map((word) => likeness(word, name)));
  const nearest = [...names].toSorted((a, b) => nearnessOf(b) - nearnessOf(a)).slice(0, NEAREST_MAX);
  const hint = nearest.length > 0 ? ` The nearest domains: ${nearest.join(", ")}.` : " It has no tables at all.";
  return new UnknownDomainError(`Nothing in this database is about "${text}".${hint}`, nearest);
}
