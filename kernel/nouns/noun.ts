import { TABLE_FACTS } from "../database/facts.gen.ts";
import type { ColumnFacts, TableFacts } from "../database/facts.ts";
import type { Permission, Tables } from "../database/types.gen.ts";

/** A table, by its name in SQL. */
export type TableName = keyof Tables & string;
type ColumnName<T extends TableName> = keyof Tables[T] & string;

/** What can be done to a row by itself. */
export type Write = "create" | "update" | "delete";
const WRITES: readonly Write[] = ["create", "update", "delete"];

/** What a module says of a noun; all the rest is known of its table. */
export type NounParts<T extends TableName> = {
  table: T;
  /** One of them, as operations name it, such as `crm.customer`: `crm.customer.list`, `crm.customer.create`. */
  name: string;
  /** Who may read, and who may write; without the latter rows are changed by verbs only. */
  read: Permission;
  write?: Permission;
  /**
   * Columns that whoever writes may set, at first and later. Never one of a state, score, counter, membership, gold answer or
   * money that was counted: those are changed by verbs.
   */
  writable?: readonly ColumnName<T>[];
  /** Columns that are set once, when the row is made. */
  creatable?: readonly ColumnName<T>[];
  /** What is left to verbs, because it takes more than the row. */
  byVerb?: readonly Write[];
  /** Columns that are nobody's business outside. */
  hidden?: readonly ColumnName<T>[];
  /** The table that ties tags to its rows, and the column there that names the row. */
  tags?: { table: TableName; column: string };
  /** The column that holds when a row was put into the bin: delete fills it, and restore empties it. */
  bin?: ColumnName<T>;
  /** Where the example of a new row needs more than its columns tell, or another value: what fits together. */
  example?: Partial<Record<ColumnName<T>, unknown>>;
};

/** A table as the API shows it: the same operations everywhere, made of what the catalog knows. */
export type Noun = Omit<NounParts<TableName>, "writable" | "creatable" | "byVerb" | "hidden" | "bin" | "example"> & {
  bin?: string;
  example?: Readonly<Record<string, unknown>>;
  /** Under the organization, such as `crm/customers`. */
  path: string;
  /** Columns of the key after organization_id. */
  key: readonly string[];
  /** What is shown, in the table's order; never organization_id, which the address names. */
  columns: Readonly<Record<string, ColumnFacts>>;
  writable: readonly string[];
  creatable: readonly string[];
  /** What can be done to its rows without a verb. */
  writes: readonly Write[];
  facts: TableFacts;
};

/** Declares a noun. Throws where the table or a column that it names is not there, or members could not write it. */
export function noun<T extends TableName>(parts: NounParts<T>, facts = TABLE_FACTS[parts.table]): Noun {
  const { byVerb = [], hidden = [], ...rest } = parts;
  const { table, write, writable = [], creatable = [] } = rest;
  if (!facts) throw new Error(`${table} is no tenant table that members may read.`);
  if (write && !facts.writes) throw new Error(`${table} is written by verbs only.`);
  for (const name of [...writable, ...creatable]) {
    const column = facts.columns[name];
    if (!column || column.computed) throw new Error(`${table}.${name} is no column that can be written.`);
  }
  const unseen = new Set<string>(["organization_id", ...hidden]);
  return {
    ...rest,
    path: table.replace(".", "/").replaceAll("_", "-"),
    key: facts.key,
    columns: Object.fromEntries(Object.entries(facts.columns).filter(([name]) => !unseen.has(name))),
    writable,
    creatable: [...creatable, ...writable],
    writes: WRITES.filter((one) => write && !byVerb.includes(one) && (one !== "update" || writable.length > 0)),
    facts,
  };
}

/** All nouns by their table: how one finds those that its rows name. */
export type Nouns = ReadonlyMap<string, Noun>;

/** Whether a row can be told to have changed: rows that machines alone keep count no versions. */
export function hasVersion(noun: Noun): boolean {
  return "version" in noun.columns;
}
