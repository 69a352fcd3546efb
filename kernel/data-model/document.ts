import type { Catalog } from "../database/catalog/catalog.ts";
import type { Migration } from "../database/migrate.ts";
import { type Domain, findDomain } from "./domain.ts";
import { writeMarkdown } from "./markdown.ts";
import { modelOf } from "./model.ts";
import { writeSql } from "./sql.ts";

export const FORMATS = { markdown: "md", json: "json", sql: "sql" } as const;
export type Format = keyof typeof FORMATS;

/** What a document is to say. */
export type Request = {
  words: string[];
  format: Format;
  /** The specification that the document belongs to. */
  spec?: string | undefined;
  /** The day, as YYYY-MM-DD, where no migration says when the tables changed. */
  today: string;
  /** The files of the migrations that made the database; none for another database than Tenon's. */
  migrations: Pick<Migration, "name" | "sql">[];
};

export type Document = { text: string; unmatched: string[] };

/** Writes the document of a domain. Throws an UnknownDomainError when the words match nothing. */
export function writeDocument(catalog: Catalog, request: Request): Document {
  const domain = findDomain(catalog, request.words);
  const date = dateOf(catalog, domain, request);
  return { text: textOf(catalog, domain, request, date), unmatched: domain.unmatched };
}

/** A document for each schema that has tables, by the schema's name. */
export function writeDocuments(catalog: Catalog, request: Omit<Request, "words">): Map<string, string> {
  const schemas = new Set(catalog.tables.map(({ schema }) => schema));
  return new Map([...schemas].map((name) => [name, writeDocument(catalog, { ...request, words: [name] }).text]));
}

function textOf(catalog: Catalog, domain: Domain, { format, spec }: Request, date: string): string {
  if (format === "sql") return writeSql(catalog, domain.tables);
  const model = modelOf(catalog, domain, { date, spec });
  return format === "json" ? `${JSON.stringify(model, null, 2)}\n` : writeMarkdown(model);
}

/** A day differs from one installation to the next; the last migration that names one of the tables does not. */
function dateOf({ tenon }: Catalog, { tables }: Domain, { today, migrations }: Request): string {
  if (!tenon) return today;
  const names = new Set(tables.map(({ schema, name }) => `${schema}.${name}`));
  const last = migrations.findLast(({ name, sql }) => tenon.migrations.includes(name) && changes(sql, names));
  return last ? `as of migration ${last.name}` : "as of the foundation";
}

const STATEMENT =
  /(?:\b(?:create|alter|drop|comment on) (?:table|view|policy \w+ on|trigger \w+ [\w ,]+ on|index \w+ on)|\bcreate (?:unique )?index \w+ on|\bcomment on column|\bgrant\b[^;']*?\bon|\brevoke\b[^;']*?\bon|\bcall [\w.]+\()\s*?'?([a-z_]+\.\w+)/g;

function changes(sql: string, names: Set<string>): boolean {
  return [...sql.matchAll(STATEMENT)].some(([, name = ""]) => names.has(name));
}
