/**
 * Who may read an entity's rows. `open`: every member reads and changes them. `own`: besides, people who see only their own
 * rows read theirs. `metadata`: members read, stewards and workers change. `secret`: no member, only stewards and workers.
 */
export const SENSITIVITIES = ["open", "own", "metadata", "secret"] as const;
export type DesignSensitivity = (typeof SENSITIVITIES)[number];

/** What a field may hold, and the type of its column. Money has a second column for its currency. */
export const FIELD_TYPES = {
  text: "text",
  long_text: "text",
  integer: "integer",
  bigint: "bigint",
  decimal: "numeric",
  number: "double precision",
  boolean: "boolean",
  date: "date",
  moment: "timestamptz",
  money: "bigint",
  json: "jsonb",
} as const;
export type FieldType = keyof typeof FIELD_TYPES;

export type Field = {
  name: string;
  type: FieldType;
  description: string;
  required: boolean;
  /** Whether an organization has each value once. */
  unique: boolean;
  default?: string | number | boolean | undefined;
  /** The least value. */
  min?: number | undefined;
  /** The greatest value; of a text the greatest length in characters, of JSON in bytes. */
  max?: number | undefined;
  /** The texts that it may hold. */
  values?: string[] | undefined;
};

/** A column `<name>_id` that names a row of another entity, or a member. */
export type Relation = {
  name: string;
  /** An entity of the same design, `members`, or a table of another module as `crm.customers`. */
  to: string;
  description: string;
  required: boolean;
  /** Whether a row is named by one row at most. */
  unique: boolean;
  on_delete: "cascade" | "restrict";
};

/** The states of an entity, in a column; each with those that may follow. The first one is where a row begins. */
export type States = { field: string; description: string; order: Record<string, string[]> };

/** Fields and relations, by name, that are looked for together, and why. */
export type DesignIndex = { fields: string[]; purpose: string };

export type Entity = {
  name: string;
  description: string;
  sensitivity: DesignSensitivity;
  /** The relation to the member whose the row is; `own` entities have it. */
  owner?: string | undefined;
  fields: Field[];
  relations: Relation[];
  states?: States | undefined;
  /** Fields and relations that are unique together. */
  unique: string[][];
  indexes: DesignIndex[];
};

/** A module to be: its entities, read and held against the rules. */
export type Design = { module: string; description: string; entities: Entity[] };

/** What is wrong in a design, where, and what to do about it. */
export type DesignFault = { place: string; problem: string; advice: string };

/** What a relation to a person points to. */
export const MEMBERS = "members";

/** The column of a relation. */
export function relationColumn(name: string): string {
  return `${name}_id`;
}

/** The column that says in which currency an amount is. */
export function currencyColumn(name: string): string {
  return `${name}_currency`;
}

/** The columns that an entity has of its own, in order, each with the part of the design that makes it. */
export function columnsOf({ fields, relations, states }: Entity): { column: string; place: string }[] {
  return [
    ...relations.map(({ name }) => ({ column: relationColumn(name), place: `relation ${name}` })),
    ...fields.flatMap(({ name, type }) => [
      { column: name, place: `field ${name}` },
      ...(type === "money" ? [{ column: currencyColumn(name), place: `field ${name}` }] : []),
    ]),
    ...(states ? [{ column: states.field, place: "states" }] : []),
  ];
}

/** The column that a field, a relation or the state of an entity stands in, by the name that the design uses. */
export function columnNamed(entity: Entity, name: string): string | undefined {
  if (entity.relations.some((relation) => relation.name === name)) return relationColumn(name);
  return entity.states?.field === name || entity.fields.some((field) => field.name === name) ? name : undefined;
}
