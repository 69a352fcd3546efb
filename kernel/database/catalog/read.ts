import type pg from "pg";
import type { Catalog, Column, Constraint, Grant, Index, Partition, Policy, Table, Trigger } from "./catalog.ts";
import { sensitivityOf } from "./catalog.ts";
import { EXTENSIONS, FUNCTIONS, ROLES, SCHEMAS, SEQUENCES, TYPES } from "./objects.ts";
import { COLUMNS, CONSTRAINTS, GRANTS, INDEXES, NEEDS, PARTITIONS, POLICIES, TABLES, TRIGGERS } from "./relations.ts";
import { readTenonFacts, withTenonRoles } from "./tenon.ts";

/**
 * Reads what a database of PostgreSQL 15 or later says about itself, in one transaction that only reads. `schemas` are the
 * ones to read; none means all but PostgreSQL's own. Throws when one of them does not exist.
 */
export async function readCatalog(client: pg.ClientBase, schemas: string[] = []): Promise<Catalog> {
  await client.query("begin isolation level repeatable read read only");
  try {
    await client.query("set local search_path = ''; set local jit = off");
    return await read(client, schemas.length > 0 ? schemas : null);
  } finally {
    await client.query("rollback");
  }
}

async function read(client: pg.ClientBase, only: string[] | null): Promise<Catalog> {
  const { rows: server } = await client.query<{ database: string; version: number }>(
    "select current_database()::text as database, current_setting('server_version_num')::int / 10000 as version",
  );
  const { rows: schemas } = await client.query<Catalog["schemas"][number]>(SCHEMAS, [only]);
  const missing = (only ?? []).filter((name) => !schemas.some((schema) => schema.name === name));
  if (missing.length > 0) throw new Error(`There is no schema ${missing.join(", ")} in this database.`);
  const { rows: extensions } = await client.query<Catalog["extensions"][number]>(EXTENSIONS);
  const tables = await readTables(client, only);
  const { rows: types } = await client.query<Catalog["types"][number]>(TYPES);
  const { rows: functions } = await client.query<Catalog["functions"][number]>(FUNCTIONS);
  const { rows: sequences } = await client.query<Catalog["sequences"][number]>(SEQUENCES);
  const { rows: roles } = await client.query<Catalog["roles"][number]>(ROLES, [rolesOf(tables)]);
  const { database = "", version = 0 } = server[0] ?? {};
  const catalog = { database, version, schemas, extensions, tables, types, functions, sequences, roles };
  const tenon = await readTenonFacts(client);
  return tenon ? { ...withTenonRoles(catalog, tenon.prefix), tenon: tenon.facts } : catalog;
}

function rolesOf(tables: Table[]): string[] {
  const names = tables.flatMap((table) => [
    ...table.grants.map(({ role }) => role),
    ...table.policies.flatMap(({ roles }) => roles),
  ]);
  return [...new Set(names)];
}

type OfTable<T> = T & { table: string };
type TableRow = Pick<
  Table,
  | "id"
  | "schema"
  | "name"
  | "kind"
  | "comment"
  | "owner"
  | "rowSecurity"
  | "partitionKey"
  | "definition"
  | "options"
  | "inherits"
>;
type NeedRow = { table: string; phase: "before" | "after"; need: string | null; extension: string | null };
type TriggerRow = Omit<Trigger, "arguments"> & { arguments: Buffer };

async function readTables(client: pg.ClientBase, only: string[] | null): Promise<Table[]> {
  const { rows } = await client.query<TableRow>(TABLES, [only]);
  const partsOf = async <T>(query: string) => {
    const { rows: parts } = await client.query<OfTable<T> & pg.QueryResultRow>(query, [only]);
    const byTable = Map.groupBy(parts, ({ table }) => table);
    return (id: string): T[] => (byTable.get(id) ?? []).map(({ table, ...part }) => part as unknown as T);
  };
  const columns = await partsOf<Column>(COLUMNS);
  const constraints = await partsOf<Constraint>(CONSTRAINTS);
  const indexes = await partsOf<Index>(INDEXES);
  const policies = await partsOf<Policy>(POLICIES);
  const grants = await partsOf<Grant>(GRANTS);
  const triggers = await partsOf<TriggerRow>(TRIGGERS);
  const partitions = await partsOf<Partition>(PARTITIONS);
  const needs = await partsOf<NeedRow>(NEEDS);
  return rows.map((row) => ({
    ...row,
    sensitivity: sensitivityOf(row.comment),
    columns: columns(row.id),
    constraints: constraints(row.id),
    indexes: indexes(row.id),
    policies: policies(row.id),
    grants: grants(row.id),
    triggers: triggers(row.id).map((trigger) => ({ ...trigger, arguments: argumentsOf(trigger.arguments) })),
    partitions: partitions(row.id),
    needs: needsOf(needs(row.id)),
  }));
}

/** Each argument of a trigger ends with a zero byte. */
function argumentsOf(bytes: Buffer): string[] {
  return bytes.toString("utf8").split("\0").slice(0, -1);
}

/** What an extension brought comes with the extension. */
function needsOf(rows: NeedRow[]): Table["needs"] {
  const ids = (phase: NeedRow["phase"]) =>
    rows.flatMap((row) => (row.phase === phase && row.need && !row.extension ? row.need : []));
  const extensions = new Set(rows.flatMap(({ extension }) => extension ?? []));
  return { before: ids("before"), after: ids("after"), extensions: [...extensions].sort() };
}
