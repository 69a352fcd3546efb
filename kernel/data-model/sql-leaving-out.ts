import type { Catalog, Table } from "../database/catalog/catalog.ts";

/** Tables as far as they can be made without the rest of the database, and a sentence for each thing that cannot. */
export type Closed = { tables: Table[]; leftOut: string[] };

/**
 * Leaves out what reads a table that is not among these: foreign keys to it, policies and views that name it, and views of
 * such views.
 */
export function leaveOut({ tables: all }: Catalog, wanted: Table[]): Closed {
  const known = new Set(all.map(({ id }) => id));
  const there = new Set(wanted.map(({ id }) => id));
  const isMissing = (id: string) => known.has(id) && !there.has(id);
  const leftOut: string[] = [];
  for (let last = -1; last !== leftOut.length; ) {
    last = leftOut.length;
    for (const view of wanted.filter(({ id, definition }) => definition !== null && there.has(id))) {
      const missing = view.needs.after.find(isMissing);
      if (missing === undefined) continue;
      there.delete(view.id);
      leftOut.push(`${view.kind} ${view.id} reads ${missing}`);
    }
  }
  const tables = wanted.filter(({ id }) => there.has(id)).map((table) => withoutMissing(table, isMissing, leftOut));
  return { tables, leftOut };
}

function withoutMissing(table: Table, isMissing: (id: string) => boolean, leftOut: string[]): Table {
  const constraints = table.constraints.filter(({ name, references }) => {
    if (!references || !isMissing(references.table)) return true;
    leftOut.push(`foreign key ${name} of ${table.id} refers to ${references.table}`);
    return false;
  });
  const missing = table.needs.after.filter(isMissing);
  const policies = table.policies.filter(({ name, using, check }) => {
    const read = missing.find((id) => `${using} ${check}`.includes(id));
    if (read === undefined) return true;
    leftOut.push(`policy ${name} on ${table.id} reads ${read}`);
    return false;
  });
  return { ...table, constraints, policies };
}
