/** What a PostgreSQL database says about itself. Names in `id` are qualified and quoted as SQL wants them. */
export type Catalog = {
  database: string;
  /** Major version of the server. */
  version: number;
  schemas: Schema[];
  extensions: Extension[];
  tables: Table[];
  types: UserType[];
  functions: Routine[];
  sequences: Sequence[];
  roles: DatabaseRole[];
  /** What a Tenon knows beside; undefined in every other database. */
  tenon?: TenonFacts;
};

export type Schema = { name: string; comment: string | null; grants: Grant[] };

/** An installed extension, and the schema that holds what it brought. */
export type Extension = { name: string; schema: string };

export type TableKind = "table" | "partitioned table" | "foreign table" | "view" | "materialized view";

export type Sensitivity = "low" | "medium" | "high" | "critical";

export type Table = {
  id: string;
  schema: string;
  name: string;
  kind: TableKind;
  comment: string | null;
  sensitivity: Sensitivity | null;
  owner: string;
  columns: Column[];
  constraints: Constraint[];
  indexes: Index[];
  rowSecurity: "off" | "on" | "forced";
  policies: Policy[];
  grants: Grant[];
  triggers: Trigger[];
  /** Such as `RANGE (created_at)`. */
  partitionKey: string | null;
  partitions: Partition[];
  /** Tables whose columns it inherits, partitions aside. */
  inherits: string[];
  /** The query of a view. */
  definition: string | null;
  /** Storage parameters, and the options of a view. */
  options: string[];
  needs: Needs;
};

/** What has to be there before a table can be made, and what besides for its triggers, policies or query; all as ids. */
export type Needs = { before: string[]; after: string[]; extensions: string[] };

export type Column = {
  name: string;
  type: string;
  nullable: boolean;
  default: string | null;
  identity: "always" | "by default" | null;
  generated: "stored" | "virtual" | null;
  collation: string | null;
  comment: string | null;
};

export type ConstraintKind = "primary key" | "unique" | "foreign key" | "check" | "exclusion";

export type Constraint = {
  name: string;
  kind: ConstraintKind;
  definition: string;
  columns: string[];
  references: { table: string; columns: string[] } | null;
  /** Whether it came with a parent's columns and is not the table's own. */
  inherited: boolean;
  comment: string | null;
};

export type Index = {
  name: string;
  id: string;
  definition: string;
  method: string;
  unique: boolean;
  /** Whether it stands behind a primary key, unique or exclusion constraint. */
  ofConstraint: boolean;
  /** Columns and expressions in order, with `DESC` where it is so. */
  keys: string[];
  included: string[];
  predicate: string | null;
  comment: string | null;
};

export type Policy = {
  name: string;
  command: "ALL" | "SELECT" | "INSERT" | "UPDATE" | "DELETE";
  permissive: boolean;
  roles: string[];
  using: string | null;
  check: string | null;
  comment: string | null;
};

/** Rights on the whole, or on some columns only. */
export type Grant = { role: string; privileges: string[]; columns: string[] | null };

export type Trigger = {
  name: string;
  definition: string;
  function: string;
  functionComment: string | null;
  arguments: string[];
  /** The columns of `update of`. */
  columns: string[];
  comment: string | null;
};

export type Partition = {
  id: string;
  name: string;
  of: string;
  bounds: string;
  key: string | null;
  rowSecurity: Table["rowSecurity"];
};

export type UserType = {
  id: string;
  kind: "enum" | "domain" | "composite" | "range";
  definition: string;
  values: string[];
  comment: string | null;
  needs: string[];
};

export type Routine = { id: string; schema: string; definition: string; comment: string | null; needs: string[] };

export type Sequence = {
  id: string;
  schema: string;
  definition: string;
  ownedBy: { table: string; column: string } | null;
  comment: string | null;
};

export type DatabaseRole = { name: string; bypasses: boolean; memberOf: string[] };

export type TenonFacts = {
  /** Names of the applied migrations, in order. */
  migrations: string[];
  builtInRoles: { name: string; scope: "organization" | "own" | "client"; permissions: string[] }[];
};

const SENSITIVITY = /\bSensitivity: (low|medium|high|critical)\.\s*$/i;

/** How sensitive a table says it is: `… Sensitivity: high.` at the end of its comment. */
export function sensitivityOf(comment: string | null): Sensitivity | null {
  return (SENSITIVITY.exec(comment ?? "")?.[1]?.toLowerCase() as Sensitivity | undefined) ?? null;
}

/** A comment without the words on sensitivity. */
export function descriptionOf(comment: string | null): string {
  return (comment ?? "").replace(SENSITIVITY, "").trim();
}
