import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";

/** Where the generated types are kept. */
export const TYPES_FILE = join(import.meta.dirname, "types.gen.ts");

type Column = {
  table: string;
  column: string;
  type: string;
  nullable: boolean;
  /** Whether an insert may leave it out. */
  optional: boolean;
  /** Whether PostgreSQL computes it, so that no insert or update may name it. */
  computed: boolean;
  comment: string | null;
};

/** The columns of every table and view of every module, in the order of their names. */
const COLUMNS = `
  select n.nspname || '.' || c.relname as "table", a.attname as "column", format_type(a.atttypid, null) as type,
         not a.attnotnull as nullable,
         a.atthasdef or not a.attnotnull or a.attidentity <> '' as optional,
         a.attgenerated <> '' or c.relkind = 'v' as computed,
         col_description(c.oid, a.attnum) as comment
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relkind in ('r', 'p', 'v') and not c.relispartition
    and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'public')
  order by n.nspname, c.relname, a.attnum`;

/** What pg gives for a PostgreSQL type, and what it takes. A type that is not listed comes as text. */
const TYPESCRIPT: Record<string, string> = {
  boolean: "boolean",
  smallint: "number",
  integer: "number",
  real: "number",
  "double precision": "number",
  jsonb: "Json",
  bytea: "Buffer",
  date: "Timestamp",
  "timestamp with time zone": "Timestamp",
};

/** Writes down the row types of a migrated database as TypeScript, for Kysely and for everyone else. */
async function generateTypes(client: pg.Client): Promise<string> {
  const { rows } = await client.query<Column>(COLUMNS);
  const { rows: permissions } = await client.query<{ name: string }>(
    "select name from organizations.permissions order by name",
  );
  const tables = Map.groupBy(rows, (row) => row.table);
  return [
    "// Made from the database's catalog by `bin/tenon types`. Do not edit: change a migration and run it again.",
    'import type { ColumnType, GeneratedAlways } from "kysely";',
    "",
    "export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };",
    "type Optional<T> = ColumnType<T, T | undefined, T>;",
    "type Timestamp = ColumnType<Date, Date | string, Date | string>;",
    "type OptionalTimestamp = ColumnType<Date, Date | string | undefined, Date | string>;",
    "type NullableTimestamp = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;",
    "",
    "/** Everything that can be permitted. */",
    `export type Permission =\n${permissions.map(({ name }) => `  | "${name}"`).join("\n")};`,
    "",
    ...[...tables].map(
      ([table, columns]) => `export type ${typeName(table)} = {\n${columns.map(property).join("\n")}\n};\n`,
    ),
    "/** Every table and view, by its name in SQL. */",
    `export type Tables = {\n${[...tables.keys()].map((table) => `  "${table}": ${typeName(table)};`).join("\n")}\n};`,
    "",
  ].join("\n");
}

/** Whether the committed file says what the database says. */
export async function typesAreFresh(client: pg.Client): Promise<boolean> {
  return (await readFile(TYPES_FILE, "utf8")) === (await generateTypes(client));
}

/** Writes the types into their file. */
export async function writeTypes(client: pg.Client): Promise<void> {
  await writeFile(TYPES_FILE, await generateTypes(client));
}

/** `organizations.member_roles` becomes `OrganizationsMemberRoles`. */
function typeName(table: string): string {
  return table
    .split(/[._]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

function property(column: Column): string {
  const comment = column.comment ? `  /** ${column.comment} */\n` : "";
  return `${comment}  ${column.column}: ${columnType(column)};`;
}

function columnType({ type, nullable, optional, computed }: Column): string {
  const base = type.endsWith("[]") ? `${TYPESCRIPT[type.slice(0, -2)] ?? "string"}[]` : (TYPESCRIPT[type] ?? "string");
  if (base === "Timestamp") return nullable ? "NullableTimestamp" : optional ? "OptionalTimestamp" : "Timestamp";
  const value = nullable ? `${base} | null` : base;
  if (computed) return `GeneratedAlways<${value}>`;
  return optional ? `Optional<${value}>` : value;
}
