import type { Catalog, Table } from "../database/catalog/catalog.ts";
import { constraintsOf, tenantColumnOf } from "./keys.ts";

/** Something that is likely wrong with a table, and what to do about it. */
export type Warning = { table: string; problem: string; advice: string };

type Find = (table: Table) => Omit<Warning, "table">[];

const FINDERS: Find[] = [
  withoutPrimaryKey,
  withoutPolicy,
  uniqueWithoutTenant,
  unindexedForeignKeys,
  momentsWithoutZone,
  floatingMoney,
  withoutComments,
];

/** What our own schema tests would find in a database, table by table. */
export function findWarnings({ tables }: Pick<Catalog, "tables">): Warning[] {
  return tables
    .filter(({ kind }) => kind === "table" || kind === "partitioned table")
    .flatMap((table) => FINDERS.flatMap((find) => find(table).map((warning) => ({ table: table.id, ...warning }))));
}

function withoutPrimaryKey(table: Table): Omit<Warning, "table">[] {
  if (constraintsOf(table, "primary key").length > 0) return [];
  return [{ problem: "has no primary key", advice: "Give it one, so that each row can be named." }];
}

function withoutPolicy(table: Table): Omit<Warning, "table">[] {
  const tenant = tenantColumnOf(table);
  if (!tenant) return [];
  if (table.rowSecurity === "off")
    return [
      {
        problem: `has ${tenant} but no row-level security`,
        advice: "Enable and force it, so that no query can reach another tenant's rows.",
      },
    ];
  if (table.policies.length > 0) return [];
  return [
    { problem: `has ${tenant} and row-level security but no policy`, advice: "Add a policy, or nobody reads it." },
  ];
}

function uniqueWithoutTenant(table: Table): Omit<Warning, "table">[] {
  const tenant = tenantColumnOf(table);
  if (!tenant) return [];
  const constraints = constraintsOf(table, "unique").map(({ name, columns }) => ({ name, keys: columns }));
  const indexes = table.indexes.filter(({ unique, ofConstraint }) => unique && !ofConstraint);
  return [...constraints, ...indexes]
    .filter(({ keys }) => !keys.includes(tenant))
    .map(({ name, keys }) => ({
      problem: `unique ${name} (${keys.join(", ")}) is without ${tenant}`,
      advice: "One tenant's value keeps every other tenant from having it, and tells them that it is there.",
    }));
}

/** An index serves where its first columns are the foreign key's, in any order; the tenant's may come along. */
function unindexedForeignKeys(table: Table): Omit<Warning, "table">[] {
  const tenant = tenantColumnOf(table);
  return constraintsOf(table, "foreign key")
    .filter(({ columns }) => {
      const wanted = new Set(columns);
      const withTenant = new Set([...columns, ...(tenant ? [tenant] : [])]);
      return !table.indexes.some(({ keys, predicate }) => {
        const plain = keys.map((key) =>
          key.replace(/ DESC$/, "").replace(/^"(.*)"$/, (_, name: string) => name.replaceAll('""', '"')),
        );
        const starts = (set: Set<string>) =>
          plain.length >= set.size && plain.slice(0, set.size).every((key) => set.has(key));
        return !isSelective(predicate, columns) && (starts(wanted) || starts(withTenant));
      });
    })
    .map(({ name }) => ({
      problem: `no index begins with the columns of foreign key ${name}`,
      advice: "Without one, every delete of a referenced row reads the whole table.",
    }));
}

/** A partial index serves where it leaves out nothing but the rows without a reference. */
function isSelective(predicate: string | null, columns: string[]): boolean {
  return predicate !== null && !columns.some((column) => predicate.replaceAll('"', "") === `(${column} IS NOT NULL)`);
}

function momentsWithoutZone(table: Table): Omit<Warning, "table">[] {
  return table.columns
    .filter(({ name, type }) => name.endsWith("_at") && !/^timestamp(\(\d\))? with time zone$/.test(type))
    .map(({ name, type }) => ({
      problem: `${name} is ${type}`,
      advice: "A moment without its time zone is a different one for everyone who reads it: use timestamptz.",
    }));
}

function floatingMoney(table: Table): Omit<Warning, "table">[] {
  return table.columns
    .filter(
      ({ name, type }) => /amount|price|total|cost|balance/i.test(name) && /^(?:real|double precision)/.test(type),
    )
    .map(({ name, type }) => ({
      problem: `${name} is ${type}`,
      advice: "It cannot hold a tenth, so sums go wrong: use bigint in minor units, or numeric.",
    }));
}

function withoutComments(table: Table): Omit<Warning, "table">[] {
  const silent = table.columns.filter(({ comment }) => !comment).length;
  if (table.comment && silent === 0) return [];
  const columns =
    silent === 0
      ? ""
      : `${table.comment ? "" : ", nor have "}${silent} of its ${table.columns.length} columns${table.comment ? " have none" : ""}`;
  return [
    {
      problem: table.comment ? `has a comment, but${columns.replace(/^/, " ")}` : `has no comment${columns}`,
      advice: "Say what it holds: this document is made of comments.",
    },
  ];
}
