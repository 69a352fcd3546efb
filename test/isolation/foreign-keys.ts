import pg from "pg";
import type { ForeignKey, Relation } from "./catalog.ts";

/** A foreign key from one tenant table to another. */
export type TenantKey = ForeignKey & { table: Relation };

/** All of them. Those to the organization itself cross nothing: its own row is the tenant. */
export function tenantKeys(relations: Relation[]): TenantKey[] {
  const tenantTables = new Map(
    relations.filter(({ tenantColumn }) => tenantColumn === "organization_id").map((table) => [table.name, table]),
  );
  return [...tenantTables.values()]
    .filter((table) => table.kind === "table")
    .flatMap((table) =>
      table.foreignKeys.filter(({ parent }) => tenantTables.has(parent)).map((key) => ({ ...key, table })),
    );
}

/**
 * Points a row of one organization to a row of the other, as a superuser whom no policy stops and with the tables' own
 * triggers, its other rules and the keys that point to it out of the way, and rolls it back. Returns a sentence unless the foreign key refused it.
 */
export async function pointAcross(
  admin: pg.Client,
  key: TenantKey,
  ownId: string,
  otherId: string,
): Promise<string | undefined> {
  const pairs = key.columns.map((column, index) => [column, key.parentColumns[index] ?? ""] as const);
  const assignments = pairs
    .filter(([column]) => column !== "organization_id")
    .map(([column, parentColumn]) => `"${column}" = parent."${parentColumn}"`);
  await admin.query("begin");
  try {
    await admin.query(`alter table ${key.table.name} disable trigger user`);
    await dropOtherRules(admin, key);
    const { rowCount } = await admin.query(
      `update ${key.table.name} child set ${assignments.join(", ")}
       from (select * from ${key.parent} where organization_id = $2 limit 1) parent
       where (child.tableoid, child.ctid) = (select tableoid, ctid from ${key.table.name} where organization_id = $1 limit 1)`,
      [ownId, otherId],
    );
    await admin.query("set constraints all immediate");
    return `${key.table.name}, ${key.name}: ${rowCount} rows point to ${key.parent} of another organization`;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === "23503" && error.constraint === key.name) return undefined;
    return `${key.table.name}, ${key.name}: refused only by ${error}`;
  } finally {
    await admin.query("rollback");
  }
}

/** What points to the row would otherwise refuse first that its own key changes, as would its checks and other keys. */
async function dropOtherRules(admin: pg.Client, { name, table }: TenantKey): Promise<void> {
  const { rows } = await admin.query<{ statement: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as statement
     from pg_constraint
     where conparentid = 0 and conname <> $2
       and (contype = 'f' and confrelid = $1::regclass or contype in ('c', 'f') and conrelid = $1::regclass)`,
    [table.name, name],
  );
  for (const { statement } of rows) await admin.query(statement);
}
