import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";
import type { RuntimeRole } from "./roles.ts";

/** Where the generated facts are kept. */
export const FACTS_FILE = join(import.meta.dirname, "facts.gen.ts");

/** How a column's values look as JSON. */
export type ValueKind =
  | "uuid"
  | "text"
  | "boolean"
  | "integer"
  | "bigint"
  | "number"
  | "date"
  | "timestamp"
  | "json"
  | "texts"
  | "other";

/** What the catalog knows of a column that members may read. */
export type ColumnFacts = {
  kind: ValueKind;
  /** The type as PostgreSQL writes it. */
  type: string;
  nullable?: true;
  /** Whether an insert may leave it out. */
  optional?: true;
  /** What it is where an insert leaves it out, in SQL; null unless told here. */
  default?: string;
  /** Whether PostgreSQL computes it. */
  computed?: true;
  /** The only values there are. */
  values?: string[];
  /** Characters of a text, or the value of a number. */
  min?: number;
  max?: number;
  /** What a text must match (POSIX). */
  pattern?: string;
  /** Most bytes of a JSON value, as stored. */
  bytes?: number;
  /** The table whose rows it names: by the organization and this column alone. */
  references?: string;
  /** The roles that see their rows of the table, and not this column. */
  hiddenFrom?: NarrowRole[];
  comment: string;
};

/** The roles that see a part of an organization's rows. */
export type NarrowRole = Extract<RuntimeRole, "own" | "client">;

/** What the catalog knows of a tenant table that members may read. */
export type TableFacts = {
  /** The columns of the primary key after organization_id. */
  key: string[];
  columns: Record<string, ColumnFacts>;
  /** Whether members may insert, update and delete by themselves. */
  writes: boolean;
  /** Whether there is a view on which any filter can use an index. */
  search: boolean;
  /** Columns that an index over words covers, best first. */
  words: string[];
  /** Who points here: their table, the column that does, and whether that keeps a row from being deleted. */
  dependants: { table: string; column: string; blocks: boolean }[];
  /** Where members write: the columns that a constraint or a unique index is about, by its name, but for organization_id. */
  constraints: Record<string, string[]>;
  comment: string;
};

type Row = Omit<TableFacts, "columns"> & { table: string; columns: (CatalogColumn & { name: string })[] };
type CatalogColumn = {
  type: string;
  nullable: boolean;
  optional: boolean;
  default: string | null;
  computed: boolean;
  checks: string[];
  references: string | null;
  hiddenFrom: NarrowRole[];
  comment: string;
};

/** Every tenant table that members may read, with the columns that they may. */
const TABLES = `
  with member_reads as (
    select c.oid, c.relacl, n.nspname, c.relname
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id' and a.attnotnull)
  ), all_grants as (
    select t.oid, 0 as attnum, g.privilege_type, g.grantee from member_reads t cross join aclexplode(t.relacl) g
    union all
    select t.oid, a.attnum, g.privilege_type, g.grantee from member_reads t join pg_attribute a on a.attrelid = t.oid
      cross join aclexplode(a.attacl) g
  ), grants as (
    select g.oid, g.attnum, g.privilege_type from all_grants g join pg_roles r on r.oid = g.grantee and r.rolname ~ '_member$'
  ), narrow_grants as (
    select g.oid, g.attnum, substring(r.rolname from '_(own|client)$') as role from all_grants g
      join pg_roles r on r.oid = g.grantee and r.rolname ~ '_(own|client)$' where g.privilege_type = 'SELECT'
  ), single_references as (
    select k.conrelid, k.confrelid, k.confdeltype, k.conkey[2] as attnum
    from pg_constraint k
    join pg_attribute o on o.attrelid = k.conrelid and o.attnum = k.conkey[1] and o.attname = 'organization_id'
    where k.contype = 'f' and cardinality(k.conkey) = 2 and k.conparentid = 0
  ), rules as (
    select k.conrelid as oid, k.conname as name, c.attnum
    from pg_constraint k cross join unnest(k.conkey) as c (attnum) where k.contype in ('c', 'f', 'p', 'u', 'x')
    union
    select i.indrelid, c.relname, d.refobjsubid from pg_index i join pg_class c on c.oid = i.indexrelid
    join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = i.indexrelid and d.refobjid = i.indrelid and d.refobjsubid > 0
    where i.indisunique
  )
  select t.nspname || '.' || t.relname as "table",
    coalesce((select array_agg(a.attname::text order by k.place) from pg_constraint p cross join unnest(p.conkey) with ordinality k (attnum, place)
       join pg_attribute a on a.attrelid = t.oid and a.attnum = k.attnum and a.attname <> 'organization_id'
       where p.conrelid = t.oid and p.contype = 'p'), '{}') as key,
    exists (select from grants g where g.oid = t.oid and g.privilege_type = 'INSERT') as writes,
    to_regclass(format('%I.%I', t.nspname, t.relname || '_search')) is not null as search,
    coalesce((select array_agg(a.attname::text order by k.place) from pg_index i cross join unnest(i.indkey, i.indclass) with ordinality k (attnum, class, place)
       join pg_opclass o on o.oid = k.class and o.opcname = 'gin_trgm_ops' join pg_attribute a on a.attrelid = t.oid and a.attnum = k.attnum
       where i.indrelid = t.oid), '{}') as words,
    coalesce((select json_agg(json_build_object('table', s.conrelid::regclass::text, 'column', a.attname, 'blocks', s.confdeltype in ('a', 'r')) order by s.conrelid::regclass::text collate "C", a.attname collate "C")
       from single_references s join pg_attribute a on a.attrelid = s.conrelid and a.attnum = s.attnum where s.confrelid = t.oid), '[]') as dependants,
    coalesce((select json_object_agg(r.name, r.columns order by r.name collate "C") from (
       select r.name, json_agg(a.attname order by a.attnum) as columns from rules r
       join pg_attribute a on a.attrelid = r.oid and a.attnum = r.attnum and a.attname <> 'organization_id'
       where r.oid = t.oid and exists (select from grants g where g.oid = r.oid and g.privilege_type = 'INSERT') group by r.name) r), '{}') as constraints,
    regexp_replace(obj_description(t.oid, 'pg_class'), '\\s*Sensitivity:.*$', '') as comment,
    (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'nullable', not a.attnotnull,
         'optional', a.atthasdef or not a.attnotnull or a.attidentity <> '', 'computed', a.attgenerated <> '',
         'default', (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d where d.adrelid = t.oid and d.adnum = a.attnum and a.attgenerated = ''),
         'checks', coalesce((select json_agg(pg_get_constraintdef(k.oid) order by k.conname) from pg_constraint k
            where k.conrelid = t.oid and k.contype = 'c' and k.conkey = array[a.attnum]), '[]'),
         'references', (select min(s.confrelid::regclass::text) from single_references s where s.conrelid = t.oid and s.attnum = a.attnum),
         'hiddenFrom', coalesce((select json_agg(distinct n.role) from narrow_grants n where n.oid = t.oid
            and not exists (select from narrow_grants s where s.oid = t.oid and s.role = n.role and s.attnum in (0, a.attnum))), '[]'),
         'comment', col_description(t.oid, a.attnum)) order by a.attnum)
       from pg_attribute a where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
         and exists (select from grants g where g.oid = t.oid and g.attnum in (0, a.attnum) and g.privilege_type = 'SELECT')) as columns
  from member_reads t
  where exists (select from grants g where g.oid = t.oid and g.privilege_type = 'SELECT')
  order by t.nspname collate "C", t.relname collate "C"`;

/** What the catalog of a database knows of every tenant table that members may read, by its name in SQL. */
export async function readFacts(client: pg.Client): Promise<Record<string, TableFacts>> {
  const { rows } = await client.query<Row>(TABLES);
  return Object.fromEntries(
    rows.map(({ table, columns, ...facts }) => [
      table,
      { ...facts, columns: Object.fromEntries(columns.map(({ name, ...column }) => [name, factsOf(column)])) },
    ]),
  );
}

/** Writes down what nouns know of their tables, as TypeScript. */
async function generateFacts(client: pg.Client): Promise<string> {
  return [
    "// Made from the database's catalog by `bin/tenon types`. Do not edit: change a migration and run it again.",
    'import type { TableFacts } from "./facts.ts";',
    "",
    "/** Every tenant table that members may read, by its name in SQL. */",
    "export const TABLE_FACTS: Record<string, TableFacts> = {",
    ...Object.entries(await readFacts(client)).flatMap(([table, { columns, ...facts }]) => [
      `  ${JSON.stringify(table)}: {`,
      ...Object.entries(facts).map(([name, value]) => `    ${name}: ${JSON.stringify(value)},`),
      "    columns: {",
      ...Object.entries(columns).map(([name, column]) => `      ${name}: ${JSON.stringify(column)},`),
      "    },",
      "  },",
    ]),
    "};",
    "",
  ].join("\n");
}

/** Whether the committed file says what the database says. */
export async function factsAreFresh(client: pg.Client): Promise<boolean> {
  return (await readFile(FACTS_FILE, "utf8")) === (await generateFacts(client));
}

/** Writes the facts into their file. */
export async function writeFacts(client: pg.Client): Promise<void> {
  await writeFile(FACTS_FILE, await generateFacts(client));
}

const KINDS: Record<string, ValueKind> = {
  uuid: "uuid",
  text: "text",
  boolean: "boolean",
  smallint: "integer",
  integer: "integer",
  bigint: "bigint",
  "double precision": "number",
  date: "date",
  "timestamp with time zone": "timestamp",
  jsonb: "json",
  "text[]": "texts",
};

function factsOf(column: CatalogColumn): ColumnFacts {
  const { type, nullable, optional, computed, checks, references, hiddenFrom, comment } = column;
  return {
    kind: KINDS[type] ?? (type.startsWith("numeric") ? "number" : "other"),
    type,
    ...(nullable && { nullable }),
    ...(optional && { optional }),
    ...(column.default && { default: column.default }),
    ...(computed && { computed }),
    ...Object.assign({}, ...checks.map((check) => limitsOf(check, type.startsWith("numeric")))),
    ...(references && { references }),
    ...(hiddenFrom.length > 0 && { hiddenFrom }),
    comment: comment ?? "",
  } as ColumnFacts;
}

/** What a check of one column says, in the forms that PostgreSQL writes; of another form nothing is known here. */
function limitsOf(check: string, hasFractions: boolean): Partial<ColumnFacts> {
  const values = /= ANY \(ARRAY\[((?:'(?:[^']|'')*'::text(?:, )?)+)\]\)\)\)$/.exec(check)?.[1];
  if (values)
    return {
      values: [...values.matchAll(/'((?:[^']|'')*)'::text/g)].map(([, value = ""]) => value.replaceAll("''", "'")),
    };
  const bytes = /pg_column_size\(\w+\) <= (\d+)/.exec(check)?.[1];
  if (bytes) return { bytes: Number(bytes) };
  const isOr = / OR |CASE|COALESCE|cardinality|octet_length/.test(check);
  if (isOr) return {};
  const subject = String.raw`(?:length\((?:btrim\()?"?\w+"?\)?\)|"?\w+"?)`;
  const min = new RegExp(String.raw`${subject} (>=|>) \(?(-?\d+)\)?`).exec(check);
  const max = new RegExp(String.raw`${subject} <= \(?(-?\d+)\)?`).exec(check);
  const pattern = /"?\w+"? ~ '((?:[^']|'')*)'::text/.exec(check)?.[1];
  return {
    ...(min && !(hasFractions && min[1] === ">") && { min: Number(min[2]) + (min[1] === ">" ? 1 : 0) }),
    ...(max && { max: Number(max[1]) }),
    ...(pattern && { pattern: pattern.replaceAll("''", "'") }),
  };
}
