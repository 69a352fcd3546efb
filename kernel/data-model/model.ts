import type { Catalog, Column, Table } from "../database/catalog/catalog.ts";
import { descriptionOf } from "../database/catalog/catalog.ts";
import { accessOf, builtInAccess, rolesIn, wordsFor } from "./access.ts";
import { drawDiagrams } from "./diagram.ts";
import type { Domain } from "./domain.ts";
import { keysOf } from "./keys.ts";
import { findWarnings, type Warning } from "./warnings.ts";

/** The data model of a domain: what each form of the document is written from. */
export type DataModel = {
  title: string;
  database: "PostgreSQL";
  /** What the programs reach the tables by, where it is known. */
  orm: string | null;
  /** The migration that touched the domain last, or the day. */
  date: string;
  spec: string | null;
  parts: Part[];
  /** What is likely wrong; in another database than Tenon's only. */
  warnings: Warning[];
};

/** The tables of the domain that one diagram shows: all of them, or those of a schema where the domain has several. */
export type Part = {
  title: string;
  /** Whether tables need their schema's name to be told apart. */
  schema: string | undefined;
  diagrams: string[];
  tables: DescribedTable[];
  /** What each database role may do: role → table → words. */
  access: Record<string, Record<string, string>>;
  /** The same by built-in role; roles that may do the same stand together, with commas between. */
  builtInAccess: Record<string, Record<string, string>>;
};

export type DescribedTable = Table & {
  description: string;
  isSensitive: boolean;
  keys: Record<string, ("PK" | "FK" | "UK")[]>;
  states: StateOrder[];
};

/** The order of a column's states: state → those that may follow. */
export type StateOrder = { column: string; steps: Record<string, string[]> };

/** Above so many tables a document of several schemas has a part for each. */
const TABLES_PER_PART_MAX = 30;

/** Puts together what the document says of a domain. `date` is the day, as YYYY-MM-DD. */
export function modelOf(
  catalog: Catalog,
  domain: Domain,
  { date, spec }: { date: string; spec: string | undefined },
): DataModel {
  const bySchema = Map.groupBy(domain.tables, ({ schema }) => schema);
  const isDivided = bySchema.size > 1 && domain.tables.length > TABLES_PER_PART_MAX;
  const parts = isDivided ? [...bySchema] : [[domain.title, domain.tables] as const];
  return {
    title: domain.title,
    database: "PostgreSQL",
    orm: catalog.tenon ? "Kysely" : null,
    date,
    spec: spec ?? null,
    parts: parts.map(([title, tables]) => partOf(catalog, title, tables)),
    warnings: catalog.tenon ? [] : findWarnings(domain),
  };
}

function partOf(catalog: Catalog, title: string, tables: Table[]): Part {
  const schemas = new Set(tables.map(({ schema }) => schema));
  const schema = schemas.size === 1 ? tables[0]?.schema : undefined;
  const roles = rolesIn(tables);
  const wordsOf = (words: (table: Table, index: number) => string) =>
    Object.fromEntries(tables.map((table, index) => [table.id, words(table, index)]));
  return {
    title,
    schema,
    diagrams: drawDiagrams(tables, schema),
    tables: tables.map(describe),
    access: Object.fromEntries(
      roles.map((role) => [role, wordsOf((table) => wordsFor(accessOf(catalog, table, role)))]),
    ),
    builtInAccess: Object.fromEntries(
      builtInAccess(catalog, tables).map((group) => [
        group.roles.join(", "),
        wordsOf((_, index) => group.words[index] ?? ""),
      ]),
    ),
  };
}

function describe(table: Table): DescribedTable {
  const keys = table.columns.map((column: Column) => [column.name, keysOf(table, column)] as const);
  return {
    ...table,
    description: descriptionOf(table.comment),
    isSensitive: table.sensitivity === "high" || table.sensitivity === "critical",
    keys: Object.fromEntries(keys.filter(([, list]) => list.length > 0)),
    states: table.triggers.flatMap(statesOf),
  };
}

/** A trigger that keeps an order of states carries it as JSON among its arguments. */
function statesOf({ arguments: given, columns }: Table["triggers"][number]): StateOrder[] {
  const steps = given.map(parseSteps).find((parsed) => parsed !== undefined);
  return steps ? [{ column: columns[0] ?? "status", steps }] : [];
}

function parseSteps(text: string): StateOrder["steps"] | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    const lists = Object.values(parsed ?? {});
    return lists.length > 0 && lists.every(Array.isArray) ? (parsed as StateOrder["steps"]) : undefined;
  } catch {
    return undefined;
  }
}
