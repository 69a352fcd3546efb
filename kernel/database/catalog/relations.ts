// What the catalog says of tables: queries that see every schema but PostgreSQL's own, and nothing that an extension brought.
// They run with an empty search path, so that every name comes qualified. $1: the schemas, or null for all.

/** The relations that count, for the queries below. */
const RELATIONS = `
  relations as materialized (
    select c.*, n.nspname, c.oid::regclass::text as id
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and ($1::text[] is null or n.nspname = any ($1))
      and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  )`;

const ROW_SECURITY = (table: string) =>
  `case when ${table}.relrowsecurity and ${table}.relforcerowsecurity then 'forced' when ${table}.relrowsecurity then 'on' else 'off' end`;

export const TABLES = `
  with ${RELATIONS}
  select r.id, r.nspname as schema, r.relname as name,
         case r.relkind when 'r' then 'table' when 'p' then 'partitioned table' when 'f' then 'foreign table'
           when 'v' then 'view' else 'materialized view' end as kind,
         obj_description(r.oid, 'pg_class') as comment, pg_get_userbyid(r.relowner)::text as owner,
         ${ROW_SECURITY("r")} as "rowSecurity",
         case r.relkind when 'p' then pg_get_partkeydef(r.oid) end as "partitionKey",
         case when r.relkind in ('v', 'm') then pg_get_viewdef(r.oid) end as definition,
         coalesce(r.reloptions, '{}') as options,
         array(select i.inhparent::regclass::text from pg_inherits i where i.inhrelid = r.oid order by i.inhseqno) as inherits
  from relations r order by r.nspname collate "C", r.relname collate "C"`;

export const COLUMNS = `
  with ${RELATIONS}
  select r.id as "table", a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
         pg_get_expr(d.adbin, d.adrelid) as "default",
         case a.attidentity when 'a' then 'always' when 'd' then 'by default' end as identity,
         case a.attgenerated when 's' then 'stored' when 'v' then 'virtual' end as generated,
         case when a.attcollation <> t.typcollation then format('%I.%I', l.collnamespace::regnamespace::text, l.collname) end as collation,
         col_description(r.oid, a.attnum) as comment
  from relations r
  join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
  left join pg_collation l on l.oid = a.attcollation
  order by r.oid, a.attnum`;

const COLUMN_NAMES = (table: string, numbers: string) =>
  `array(select a.attname::text from unnest(${numbers}) with ordinality k (number, place)
         join pg_attribute a on a.attrelid = ${table} and a.attnum = k.number order by k.place)`;

export const CONSTRAINTS = `
  with ${RELATIONS}
  select r.id as "table", c.conname::text as name,
         case c.contype when 'p' then 'primary key' when 'u' then 'unique' when 'f' then 'foreign key' when 'c' then 'check'
           else 'exclusion' end as kind,
         pg_get_constraintdef(c.oid) as definition, ${COLUMN_NAMES("c.conrelid", "c.conkey")} as columns,
         case c.contype when 'f' then json_build_object('table', c.confrelid::regclass::text, 'columns',
           ${COLUMN_NAMES("c.confrelid", "c.confkey")}) end as references,
         not c.conislocal as inherited, obj_description(c.oid, 'pg_constraint') as comment
  from relations r join pg_constraint c on c.conrelid = r.oid
  where c.contype in ('p', 'u', 'f', 'c', 'x') and c.conparentid = 0
  order by r.oid, position(c.contype in 'pufxc'), c.conname collate "C"`;

export const INDEXES = `
  with ${RELATIONS}
  select r.id as "table", x.relname::text as name, x.oid::regclass::text as id,
         replace(pg_get_indexdef(x.oid), format(' INDEX %I ON ONLY ', x.relname), format(' INDEX %I ON ', x.relname)) as definition,
         m.amname::text as method, i.indisunique as unique,
         exists (select from pg_constraint c where c.conindid = x.oid and c.contype in ('p', 'u', 'x')) as "ofConstraint",
         array(select pg_get_indexdef(x.oid, n, true) || case when i.indoption[n - 1] & 1 = 1 then ' DESC' else '' end
               from generate_series(1, i.indnkeyatts) n order by n) as keys,
         array(select pg_get_indexdef(x.oid, n, true) from generate_series(i.indnkeyatts + 1, i.indnatts) n order by n) as included,
         pg_get_expr(i.indpred, i.indrelid) as predicate, obj_description(x.oid, 'pg_class') as comment
  from relations r
  join pg_index i on i.indrelid = r.oid
  join pg_class x on x.oid = i.indexrelid
  join pg_am m on m.oid = x.relam
  order by r.oid, x.relname collate "C"`;

export const POLICIES = `
  with ${RELATIONS}
  select r.id as "table", p.polname::text as name, p.polpermissive as permissive,
         case p.polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE' when 'd' then 'DELETE' else 'ALL' end as command,
         array(select case o when 0 then 'public' else pg_get_userbyid(o)::text end from unnest(p.polroles) o order by 1) as roles,
         pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check,
         obj_description(p.oid, 'pg_policy') as comment
  from relations r join pg_policy p on p.polrelid = r.oid
  order by r.oid, p.polname collate "C"`;

const GRANTEE = "case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee)::text end";

/**
 * A row for each role, and one for each set of columns it has rights on. The right to maintain, which only newer servers know, is left
 * out: who clears a table away sees nothing of it, and changes nothing.
 */
export const GRANTS = `
  with ${RELATIONS}
  select r.id as "table", ${GRANTEE} as role, array_agg(a.privilege_type order by a.privilege_type) as privileges, null::text[] as columns
  from relations r cross join aclexplode(r.relacl) a
  where a.grantee <> r.relowner and a.privilege_type <> 'MAINTAIN' group by r.oid, r.id, a.grantee
  union all
  select "table", role, array_agg(privilege_type order by privilege_type), columns
  from (
    select r.oid, r.id as "table", ${GRANTEE} as role, a.privilege_type, array_agg(c.attname::text order by c.attnum) as columns
    from relations r
    join pg_attribute c on c.attrelid = r.oid and c.attacl is not null and not c.attisdropped
    cross join aclexplode(c.attacl) a
    where a.grantee <> r.relowner group by r.oid, r.id, a.grantee, a.privilege_type
  ) by_column group by oid, "table", role, columns
  order by 1, 2, 4 nulls first`;

export const TRIGGERS = `
  with ${RELATIONS}
  select r.id as "table", t.tgname::text as name, pg_get_triggerdef(t.oid) as definition, t.tgfoid::regprocedure::text as function,
         obj_description(t.tgfoid, 'pg_proc') as "functionComment", t.tgargs as arguments,
         ${COLUMN_NAMES("t.tgrelid", "t.tgattr::int2[]")} as columns, obj_description(t.oid, 'pg_trigger') as comment
  from relations r join pg_trigger t on t.tgrelid = r.oid
  where not t.tgisinternal and t.tgparentid = 0
  order by r.oid, t.tgname collate "C"`;

export const PARTITIONS = `
  with ${RELATIONS}
  select r.id as "table", p.relid::text as id, c.relname::text as name, p.parentrelid::text as of, pg_get_expr(c.relpartbound, c.oid) as bounds,
         case c.relkind when 'p' then pg_get_partkeydef(c.oid) end as key, ${ROW_SECURITY("c")} as "rowSecurity"
  from relations r cross join pg_partition_tree(r.oid) p join pg_class c on c.oid = p.relid
  where r.relkind = 'p' and p.level > 0
  order by r.oid, p.level, c.relname collate "C"`;

/** Every object outside of PostgreSQL's own that a table, or something on it, needs: functions, types, sequences, tables, extensions. */
export const NEEDS = `
  with ${RELATIONS},
  parts (id, owner, phase, classid, objid) as (
    select id, oid, 'before', 'pg_class'::regclass, oid from relations
    union all select r.id, r.oid, 'before', 'pg_attrdef'::regclass, d.oid from relations r join pg_attrdef d on d.adrelid = r.oid
    union all select r.id, r.oid, 'before', 'pg_constraint'::regclass, c.oid from relations r join pg_constraint c on c.conrelid = r.oid
    union all select r.id, r.oid, 'before', 'pg_class'::regclass, i.indexrelid from relations r join pg_index i on i.indrelid = r.oid
    union all select r.id, r.oid, 'after', 'pg_policy'::regclass, p.oid from relations r join pg_policy p on p.polrelid = r.oid
    union all select r.id, r.oid, 'after', 'pg_trigger'::regclass, t.oid from relations r join pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal
    union all select r.id, r.oid, 'after', 'pg_rewrite'::regclass, w.oid from relations r join pg_rewrite w on w.ev_class = r.oid
  )
  select p.id as "table", p.phase,
         case d.refclassid
           when 'pg_proc'::regclass then d.refobjid::regprocedure::text
           when 'pg_type'::regclass then (select coalesce(e.oid, t.oid)::regtype::text from pg_type t left join pg_type e on e.typarray = t.oid where t.oid = d.refobjid)
           when 'pg_class'::regclass then d.refobjid::regclass::text
         end as need,
         e.extname::text as extension
  from parts p
  join pg_depend d on d.classid = p.classid and d.objid = p.objid and d.refobjid <> p.owner
    and d.refclassid in ('pg_proc'::regclass, 'pg_type'::regclass, 'pg_class'::regclass, 'pg_opclass'::regclass, 'pg_operator'::regclass)
  left join pg_depend x on x.classid = d.refclassid and x.objid = d.refobjid and x.deptype = 'e'
  left join pg_extension e on e.oid = x.refobjid
  group by 1, 2, 3, 4 order by 1, 2, 3, 4`;
