import type pg from "pg";
import { RUNTIME_ROLES, type RuntimeRole, roleName } from "../../kernel/database/roles.ts";
import { testServer } from "../harness.ts";

/** What a role was granted on a table: whether it may, and for insert and update in which columns. */
export type Rights = { select: boolean; insert: string[]; update: string[]; delete: boolean };

export type Column = {
  name: string;
  /** The type as SQL writes it, and PostgreSQL's letter for the kind of type (`S` for strings, `A` for arrays). */
  type: string;
  category: string;
  /** The values of an enum. */
  labels: string[];
  notNull: boolean;
  hasDefault: boolean;
  generated: boolean;
  /** The conditions of checks that read this column alone. */
  checks: string[];
};

export type ForeignKey = { name: string; columns: string[]; parent: string; parentColumns: string[] };

/** A table, partition or view outside of PostgreSQL's own schemas; its name is qualified and quoted. */
export type Relation = {
  name: string;
  kind: "table" | "partition" | "view" | "computed view" | "materialized view";
  /** The column that names the organization; null where rows belong to none. */
  tenantColumn: string | null;
  columns: Column[];
  foreignKeys: ForeignKey[];
  rights: Record<RuntimeRole, Rights>;
};

/** Reads every table, partition and view from the catalog, so that a new one takes part by existing. */
export async function readRelations(admin: pg.Client): Promise<Relation[]> {
  const roles = RUNTIME_ROLES.map((role) => roleName(testServer.prefix, role));
  const { rows } = await admin.query<{ relation: Relation }>(RELATIONS, [RUNTIME_ROLES, roles]);
  return rows.map((row) => row.relation);
}

/** Relations with what they point to before them, so that a row can point to one that is there already. */
export function parentsFirst(relations: Relation[]): Relation[] {
  const byName = new Map(relations.map((relation) => [relation.name, relation]));
  const sorted = new Set<Relation>();
  const underWay = new Set<Relation>();
  const add = (relation: Relation | undefined) => {
    if (!relation || underWay.has(relation)) return;
    underWay.add(relation);
    for (const { parent } of relation.foreignKeys) add(byName.get(parent));
    sorted.add(relation);
  };
  for (const relation of relations) add(relation);
  return [...sorted];
}

const COLUMNS = `
  select jsonb_agg(jsonb_build_object(
    'name', a.attname, 'type', format_type(a.atttypid, null), 'category', t.typcategory,
    'labels', array(select enumlabel from pg_enum where enumtypid = a.atttypid order by enumsortorder),
    'notNull', a.attnotnull, 'hasDefault', a.atthasdef or a.attidentity <> '', 'generated', a.attgenerated <> '' or a.attidentity = 'a',
    'checks', array(
      select pg_get_expr(k.conbin, k.conrelid) from pg_constraint k
      where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum])
  ) order by a.attnum)
  from pg_attribute a join pg_type t on t.oid = a.atttypid
  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped`;

const NAMES_OF = (relation: string, numbers: string) => `
  array(select a.attname from unnest(${numbers}) with ordinality k (number, place)
        join pg_attribute a on a.attrelid = ${relation} and a.attnum = k.number order by k.place)`;

const FOREIGN_KEYS = `
  select jsonb_agg(jsonb_build_object(
    'name', f.conname, 'columns', ${NAMES_OF("f.conrelid", "f.conkey")},
    'parent', f.confrelid::regclass::text, 'parentColumns', ${NAMES_OF("f.confrelid", "f.confkey")}) order by f.conname)
  from pg_constraint f where f.conrelid = c.oid and f.contype = 'f' and f.conparentid = 0`;

const GRANTED_COLUMNS = (right: "insert" | "update") => `
  array(select a.attname from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
          and has_column_privilege(r.name, c.oid, a.attnum, '${right}') order by a.attnum)`;

const RIGHTS = `
  select jsonb_object_agg(r.role, jsonb_build_object(
    'select', has_any_column_privilege(r.name, c.oid, 'select'), 'delete', has_table_privilege(r.name, c.oid, 'delete'),
    'insert', ${GRANTED_COLUMNS("insert")}, 'update', ${GRANTED_COLUMNS("update")}))
  from unnest($1::text[], $2::text[]) as r (role, name)`;

/** $1: the runtime roles, $2: their names in this cluster. An organization's own row names it by its id. */
const RELATIONS = `
  select jsonb_build_object(
    'name', c.oid::regclass::text,
    'kind', case when c.relispartition then 'partition' when c.relkind = 'v' and pg_relation_is_updatable(c.oid, false) = 0 then 'computed view' when c.relkind = 'v' then 'view' when c.relkind = 'm' then 'materialized view' else 'table' end,
    'tenantColumn', case when c.oid = 'organizations.organizations'::regclass then 'id' else
      (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped) end,
    'columns', (${COLUMNS}),
    'foreignKeys', coalesce((${FOREIGN_KEYS}), '[]'),
    'rights', (${RIGHTS})
  ) as relation
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  order by c.oid::regclass::text`;
