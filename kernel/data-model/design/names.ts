/** A name that stands in SQL as it is: nothing in it could end a statement, and PostgreSQL shortens none that is made of it. */
export const NAME_FORM = /^[a-z](?:[a-z0-9]|_(?=[a-z0-9])){0,27}$/;

/** Columns that every table gets, and those that PostgreSQL keeps for itself. */
const GIVEN = new Set(["organization_id", "id", "version", "created_at", "updated_at"]);
const SYSTEM = new Set(["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"]);

/** Schemas that are there in every database of ours and belong to no module. */
const SCHEMAS = new Set(["public", "kernel", "extensions", "information_schema"]);

/** The reserved words of PostgreSQL 15 to 18, with those that may name only functions and types. */
export const RESERVED_WORDS = new Set(
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column
   concurrently constraint create cross current_catalog current_date current_role current_schema current_time
   current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from
   full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime
   localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning
   right select session_user similar some symmetric system_user table tablesample then to trailing true union unique user
   using variadic verbose when where window with`
    .split(/\s+/)
    .filter((word) => word !== ""),
);

/** What is wrong with a name, and what to do about it; undefined when it may be used. */
export type NameFault = { problem: string; advice: string } | undefined;

/** Holds the name of an entity, a relation or a state against what every name has to be. */
export function nameFault(name: string): NameFault {
  if (!NAME_FORM.test(name))
    return {
      problem: `${JSON.stringify(name)} is no name`,
      advice: "Use lower-case letters, digits and single underscores, a letter first, at most 28 characters.",
    };
  if (RESERVED_WORDS.has(name))
    return {
      problem: `${name} is a reserved word of SQL`,
      advice: `Choose another name, such as ${name}_value or a plural.`,
    };
  return undefined;
}

/** The same for the name of a column. */
export function columnNameFault(name: string): NameFault {
  if (GIVEN.has(name))
    return { problem: `every table has ${name} already`, advice: "Leave the field out, or give it another name." };
  if (SYSTEM.has(name)) return { problem: `${name} is a column of PostgreSQL's own`, advice: "Choose another name." };
  return nameFault(name);
}

/** The same for the name of a module, which becomes a schema. */
export function moduleNameFault(name: string): NameFault {
  if (SCHEMAS.has(name) || name.startsWith("pg_"))
    return { problem: `${name} is a schema that is no module's`, advice: "Choose another name for the module." };
  return nameFault(name);
}
