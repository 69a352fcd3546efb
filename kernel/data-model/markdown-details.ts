import type { Constraint, Partition } from "../database/catalog/catalog.ts";
import { codeBlock, nameIn, tableOf } from "./markdown-text.ts";
import type { DescribedTable, Part } from "./model.ts";
import { alterTable } from "./sql-text.ts";
import { shortType } from "./type-names.ts";

// Keys, indexes, states, partitions and types, as sections of the document. A section without anything to say is left out.

const PARTITIONS_LISTED_MAX = 24;

export function indexSection(part: Part, level: string): string[] {
  const rows = part.tables.flatMap((table) =>
    table.indexes.map((index) => [
      index.name,
      nameIn(part, table),
      `(${index.keys.join(", ")})${index.included.length > 0 ? ` include (${index.included.join(", ")})` : ""}${index.predicate ? ` where ${index.predicate}` : ""}`,
      `${index.method.toUpperCase()}${index.unique ? ", unique" : ""}`,
      index.comment ?? (index.ofConstraint ? "Keeps its constraint" : "–"),
    ]),
  );
  return rows.length === 0
    ? []
    : [`${level} Indexes`, tableOf(["Index Name", "Table", "Columns", "Type", "Purpose"], rows)];
}

const CONSTRAINT_TITLES: [Constraint["kind"], string][] = [
  ["foreign key", "Foreign Keys"],
  ["unique", "Unique Constraints"],
  ["check", "Check Constraints"],
  ["exclusion", "Exclusion Constraints"],
];

export function constraintSection(part: Part, level: string): string[] {
  const blocks = CONSTRAINT_TITLES.flatMap(([kind, title]) => {
    const statements = part.tables.flatMap((table) =>
      table.constraints.filter((c) => c.kind === kind).map((constraint) => alterTable(table.id, constraint)),
    );
    return statements.length === 0 ? [] : [`**${title}**:`, codeBlock("sql", statements.join("\n"))];
  });
  return blocks.length === 0 ? [] : [`${level} Constraints`, ...blocks];
}

export function stateSection(part: Part, level: string): string[] {
  const rows = part.tables.flatMap((table) =>
    table.states.flatMap(({ column, steps }) =>
      Object.entries(steps).map(([state, next]) => [
        nameIn(part, table),
        column,
        state,
        next.length === 0 ? "final" : next.join(", "),
      ]),
    ),
  );
  return rows.length === 0 ? [] : [`${level} State Orders`, tableOf(["Table", "Column", "State", "May become"], rows)];
}

export function partitionSection(part: Part, level: string): string[] {
  const rows = part.tables.flatMap((table) =>
    table.partitionKey ? [[nameIn(part, table), table.partitionKey, partitionsOf(table.partitions)]] : [],
  );
  return rows.length === 0 ? [] : [`${level} Partitions`, tableOf(["Table", "Partitioned by", "Partitions"], rows)];
}

/** Partitions by month come and go with the time; a document that named them would be old every month. */
function partitionsOf(partitions: Partition[]): string {
  if (partitions.length === 0) return "none yet";
  if (partitions.every(({ name }) => /_\d{4}_?\d{2}$/.test(name))) return "one for each month";
  const listed = partitions.slice(0, PARTITIONS_LISTED_MAX).map(({ name, bounds }) => `${name}: ${bounds}`);
  const more = partitions.length - listed.length;
  return [...listed, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}

type Guideline = { pattern: RegExp; useCase: string; typescript: string; notes: string };

const GUIDELINES: Guideline[] = [
  {
    pattern: /^uuid$/,
    useCase: "Identifiers",
    typescript: "string",
    notes: "Version 7: they order lists, never events",
  },
  {
    pattern: /^(?:smallint|integer)$/,
    useCase: "Counts and positions",
    typescript: "number",
    notes: "Up to 2,147,483,647",
  },
  {
    pattern: /^bigint$/,
    useCase: "Money in minor units, large counts",
    typescript: "string",
    notes: "Exact; JavaScript's number is not",
  },
  { pattern: /^numeric/, useCase: "Exact decimals", typescript: "string", notes: "Exact, and slower than integers" },
  {
    pattern: /^(?:real|double precision)$/,
    useCase: "Measurements and scores",
    typescript: "number",
    notes: "Never for money",
  },
  { pattern: /^text$/, useCase: "Text and states", typescript: "string", notes: "Length and states by a check" },
  {
    pattern: /^character/,
    useCase: "Text of limited length",
    typescript: "string",
    notes: "The limit is part of the type",
  },
  { pattern: /^boolean$/, useCase: "Yes or no", typescript: "boolean", notes: "Not null, with a default" },
  { pattern: /^timestamp.*with time zone$/, useCase: "Moments", typescript: "Date", notes: "Kept in UTC" },
  {
    pattern: /^timestamp.*without time zone$/,
    useCase: "Local times",
    typescript: "Date",
    notes: "No moment without its time zone",
  },
  { pattern: /^date$/, useCase: "Days", typescript: "Date", notes: "Without a time" },
  { pattern: /^interval/, useCase: "Durations", typescript: "string", notes: "A month is not always as long" },
  { pattern: /^jsonb?$/, useCase: "Free-form data", typescript: "Json", notes: "jsonb, with a check of its size" },
  { pattern: /^bytea$/, useCase: "Hashes and sealed secrets", typescript: "Buffer", notes: "Binary" },
  { pattern: /range$/, useCase: "Spans", typescript: "string", notes: "An exclusion constraint keeps them apart" },
  { pattern: /\[\]$/, useCase: "Short lists", typescript: "array", notes: "Lists that grow are rows" },
];

/** Only the types that are used. */
export function typeSection(part: Part, level: string): string[] {
  const types = [...new Set(part.tables.flatMap((table) => table.columns.map(({ type }) => type)))].sort();
  const rows = types.map((type) => {
    const found = GUIDELINES.find(({ pattern }) => pattern.test(type));
    return [found?.useCase ?? "Type of its own", shortType(type), found?.typescript ?? "string", found?.notes ?? "–"];
  });
  return [`${level} Data Type Guidelines`, tableOf(["Use Case", "PostgreSQL Type", "TypeScript Type", "Notes"], rows)];
}

/** Columns that keep the time of a change. */
export function timeColumns(table: DescribedTable): string[] {
  return ["created_at", "updated_at", "version"].filter((name) => table.columns.some((column) => column.name === name));
}
