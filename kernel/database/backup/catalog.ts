import pg from "pg";
import { roleName } from "../roles.ts";
import type { AppliedMigration, Sequence, Table } from "./format.ts";

/** Tenon's schemas are those that its owner role owns; what an extension brought is the extension's. */
const OURS = `
  c.relnamespace in (select oid from pg_namespace where nspowner = to_regrole($1))
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`;

/**
 * Tenon's tables by name, a partitioned one as a whole. Generated columns are left out, and defaulted ones of type xid8: they
 * are numbers of transactions, which mean nothing in another cluster.
 */
export async function readTables(client: pg.ClientBase, prefix: string): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `select n.nspname as schema, c.relname as name,
       array(
         select a.attname::text from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
           and not (a.atttypid = 'xid8'::regtype and a.atthasdef)
         order by a.attnum
       ) as columns,
       case c.relkind when 'p' then array(
         select right(p.relname, 7) from pg_inherits i join pg_class p on p.oid = i.inhrelid where i.inhparent = c.oid order by 1
       ) end as months
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and ${OURS}
     order by n.nspname, c.relname`,
    [ownerOf(prefix)],
  );
  return rows;
}

/** Tenon's sequences and where they stand. */
export async function readSequences(client: pg.ClientBase, prefix: string): Promise<Sequence[]> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'S' and ${OURS} order by n.nspname, c.relname`,
    [ownerOf(prefix)],
  );
  const sequences: Sequence[] = [];
  for (const sequence of rows) {
    const state = await client.query<{ value: string; called: boolean }>(
      `select last_value::text as value, is_called as called from ${sqlName(sequence)}`,
    );
    sequences.push(...state.rows.map((row) => ({ ...sequence, ...row })));
  }
  return sequences;
}

/** Tenon's schemas, by name. */
export async function readSchemas(client: pg.ClientBase, prefix: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "select nspname as name from pg_namespace where nspowner = to_regrole($1) order by nspname",
    [ownerOf(prefix)],
  );
  return rows.map((row) => row.name);
}

/** Tenon's materialized views as SQL names, in the order in which they were made. */
export async function readMaterializedViews(client: pg.ClientBase, prefix: string): Promise<string[]> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'm' and ${OURS} order by c.oid`,
    [ownerOf(prefix)],
  );
  return rows.map(sqlName);
}

/** The migrations that were applied to a database, in order; none when it has never been Tenon's. */
export async function readApplied(client: pg.ClientBase): Promise<AppliedMigration[]> {
  const { rows: found } = await client.query("select where to_regclass('kernel.migrations') is not null");
  if (found.length === 0) return [];
  const { rows } = await client.query<AppliedMigration>(
    "select number, name, checksum from kernel.migrations order by number",
  );
  return rows;
}

/** A table or sequence as SQL names it. */
export function sqlName({ schema, name }: { schema: string; name: string }): string {
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
}

/** Columns as SQL lists them. */
export function sqlList(columns: string[]): string {
  return columns.map((column) => pg.escapeIdentifier(column)).join(", ");
}

function ownerOf(prefix: string): string {
  return roleName(prefix, "owner");
}
