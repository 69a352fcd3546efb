import type pg from "pg";
import { sqlList } from "./catalog.ts";

type ForeignKey = { name: string; child: string; columns: string[]; parent: string; keys: string[]; full: boolean };

/**
 * Looks whether every row points to one that is there, for each foreign key of a role's schemas. Rows that are copied in while
 * triggers rest were not looked at. Throws an error that names the keys and counts the rows.
 */
export async function checkForeignKeys(client: pg.Client, owner: string, signal?: AbortSignal): Promise<void> {
  const faults: string[] = [];
  for (const key of await readForeignKeys(client, owner)) {
    signal?.throwIfAborted();
    const { rows } = await client.query<{ orphans: string }>(orphansOf(key));
    const orphans = rows[0]?.orphans ?? "0";
    if (orphans !== "0")
      faults.push(`  - ${key.name}: ${orphans} rows of ${key.child} point to no row of ${key.parent}`);
  }
  if (faults.length === 0) return;
  throw new Error(`The backup's rows do not fit together, so nothing was restored:\n${faults.join("\n")}`);
}

/** A foreign key of a partitioned table counts once; what is declared not to be enforced is not. */
async function readForeignKeys(client: pg.Client, owner: string): Promise<ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(
    `select k.conname as name, k.conrelid::regclass::text as child, k.confrelid::regclass::text as parent, k.confmatchtype = 'f' as full,
       array(
         select a.attname::text from unnest(k.conkey) with ordinality as c (number, position)
         join pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.number order by c.position
       ) as columns,
       array(
         select a.attname::text from unnest(k.confkey) with ordinality as c (number, position)
         join pg_attribute a on a.attrelid = k.confrelid and a.attnum = c.number order by c.position
       ) as keys
     from pg_constraint k join pg_namespace n on n.oid = k.connamespace
     where k.contype = 'f' and k.conparentid = 0 and k.convalidated and n.nspowner = to_regrole($1)
     order by child, name`,
    [owner],
  );
  return rows;
}

/** A key with a null in it points nowhere; one declared `match full` must then be null as a whole. */
function orphansOf({ child, columns, parent, keys, full }: ForeignKey): string {
  const columnsOfChild = columns.map((column) => `child.${sqlList([column])}`).join(", ");
  const points = full ? `not row(${columnsOfChild}) is null` : `row(${columnsOfChild}) is not null`;
  const isSame = keys.map((key, index) => `parent.${sqlList([key])} = child.${sqlList([columns[index] ?? ""])}`);
  return `select count(*) as orphans from ${child} as child
    where ${points} and not exists (select from ${parent} as parent where ${isSame.join(" and ")})`;
}
