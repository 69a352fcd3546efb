import type { Column, Constraint, Table } from "../database/catalog/catalog.ts";

/** What a tenant's column is called, the likeliest first. */
const TENANT_COLUMNS = ["organization_id", "organisation_id", "org_id", "tenant_id", "workspace_id"];

/** The column that says whose a row is, where a table has one. */
export function tenantColumnOf({ columns }: Table): string | undefined {
  return TENANT_COLUMNS.find((name) => columns.some((column) => column.name === name));
}

export function constraintsOf(table: Table, kind: Constraint["kind"]): Constraint[] {
  return table.constraints.filter((constraint) => constraint.kind === kind);
}

/** The sets of columns of which no two rows have the same values: keys, unique constraints, and unique indexes on all rows. */
function uniqueSets(table: Table): string[][] {
  const constraints = table.constraints.filter(({ kind }) => kind === "primary key" || kind === "unique");
  const names = new Set(table.columns.map(({ name }) => name));
  const indexes = table.indexes
    .filter(({ unique, ofConstraint, predicate }) => unique && !ofConstraint && !predicate)
    .map(({ keys }) => keys.map((key) => unquoted(key.replace(/ DESC$/, ""))))
    .filter((keys) => keys.every((key) => names.has(key)));
  return [...constraints.map(({ columns }) => columns), ...indexes];
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

/** What a column is part of: a primary key, a foreign key, or unique by itself (the tenant aside). */
export function keysOf(table: Table, column: Column): ("PK" | "FK" | "UK")[] {
  const tenant = tenantColumnOf(table);
  const isIn = (kind: Constraint["kind"]) =>
    constraintsOf(table, kind).some(({ columns }) => columns.includes(column.name));
  const primary = constraintsOf(table, "primary key")[0]?.columns.join();
  const isUnique = uniqueSets(table).some((columns) => {
    const others = columns.filter((name) => name !== tenant || columns.length === 1);
    return columns.join() !== primary && others.length === 1 && others[0] === column.name;
  });
  return [
    ...(isIn("primary key") ? (["PK"] as const) : []),
    ...(isIn("foreign key") ? (["FK"] as const) : []),
    ...(isUnique ? (["UK"] as const) : []),
  ];
}

/** How many rows may stand at each end of a foreign key. */
export function cardinalityOf(table: Table, { columns }: Constraint): { parent: "||" | "|o"; child: "o|" | "o{" } {
  const isOptional = table.columns.some(({ name, nullable }) => nullable && columns.includes(name));
  const isUnique = uniqueSets(table).some((set) => set.every((column) => columns.includes(column)));
  return { parent: isOptional ? "|o" : "||", child: isUnique ? "o|" : "o{" };
}
