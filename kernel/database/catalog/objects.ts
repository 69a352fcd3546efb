// What the catalog says of everything that is no table. The same conditions hold as for tables, but that functions and types
// of every schema are read: a table may need one of another schema.

const FOREIGN_TO_EXTENSIONS = (catalog: string, oid: string) =>
  `not exists (select from pg_depend d where d.classid = '${catalog}'::regclass and d.objid = ${oid} and d.deptype = 'e')`;

export const SCHEMAS = `
  select n.nspname::text as name, obj_description(n.oid, 'pg_namespace') as comment,
         coalesce((select json_agg(json_build_object('role', role, 'privileges', privileges, 'columns', null) order by role) from (
           select case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee)::text end as role,
                  array_agg(a.privilege_type order by a.privilege_type) as privileges
           from aclexplode(n.nspacl) a where a.grantee <> n.nspowner group by a.grantee
         ) g), '[]') as grants
  from pg_namespace n
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and ($1::text[] is null or n.nspname = any ($1))
    and ${FOREIGN_TO_EXTENSIONS("pg_namespace", "n.oid")}
  order by n.nspname collate "C"`;

export const EXTENSIONS = `
  select e.extname::text as name, n.nspname::text as schema
  from pg_extension e join pg_namespace n on n.oid = e.extnamespace
  where e.extname <> 'plpgsql' order by e.extname collate "C"`;

/** Enums, domains, composite types and ranges, with the types that each is made of. */
export const TYPES = `
  with types as (
    select t.*, t.oid::regtype::text as id from pg_type t join pg_namespace n on n.oid = t.typnamespace
    left join pg_class c on c.oid = t.typrelid
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      and (t.typtype in ('e', 'd', 'r') or t.typtype = 'c' and c.relkind = 'c') and ${FOREIGN_TO_EXTENSIONS("pg_type", "t.oid")}
  )
  select t.id,
         case t.typtype when 'e' then 'enum' when 'd' then 'domain' when 'r' then 'range' else 'composite' end as kind,
         array(select e.enumlabel::text from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder) as values,
         case t.typtype
           when 'e' then format('create type %s as enum (%s)', t.id,
             (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid))
           when 'd' then concat('create domain ', t.id, ' as ', format_type(t.typbasetype, t.typtypmod),
             (select format(' collate %I.%I', l.collnamespace::regnamespace::text, l.collname) from pg_collation l, pg_type b
              where l.oid = t.typcollation and b.oid = t.typbasetype and t.typcollation <> b.typcollation),
             ' default ' || t.typdefault, case when t.typnotnull then ' not null' end,
             (select string_agg(format(' constraint %I %s', c.conname, pg_get_constraintdef(c.oid)), '' order by c.conname)
              from pg_constraint c where c.contypid = t.oid and c.contype = 'c'))
           when 'r' then (select format('create type %s as range (subtype = %s)', t.id, g.rngsubtype::regtype) from pg_range g where g.rngtypid = t.oid)
           else format('create type %s as (%s)', t.id,
             (select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum)
              from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped))
         end as definition,
         obj_description(t.oid, 'pg_type') as comment,
         array(select distinct case d.refclassid when 'pg_proc'::regclass then d.refobjid::regprocedure::text else
                 (select coalesce(e.oid, r.oid)::regtype::text from pg_type r left join pg_type e on e.typarray = r.oid where r.oid = d.refobjid) end
               from pg_depend d
               where d.refclassid in ('pg_proc'::regclass, 'pg_type'::regclass) and d.refobjid <> t.oid and d.deptype = 'n' and (
                 d.classid = 'pg_type'::regclass and d.objid = t.oid
                 or d.classid = 'pg_class'::regclass and d.objid = t.typrelid and t.typrelid <> 0
                 or d.classid = 'pg_constraint'::regclass and d.objid in (select c.oid from pg_constraint c where c.contypid = t.oid)
               ) order by 1) as needs
  from types t order by t.id collate "C"`;

/** Functions and procedures. What the text of a body names, PostgreSQL does not know; what a standard body names, it does. */
export const FUNCTIONS = `
  select p.oid::regprocedure::text as id, n.nspname::text as schema, pg_get_functiondef(p.oid) as definition,
         obj_description(p.oid, 'pg_proc') as comment,
         array(select distinct case d.refclassid when 'pg_proc'::regclass then d.refobjid::regprocedure::text else
                 (select coalesce(e.oid, r.oid)::regtype::text from pg_type r left join pg_type e on e.typarray = r.oid where r.oid = d.refobjid) end
               from pg_depend d
               where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'n' and d.refobjid <> p.oid
                 and d.refclassid in ('pg_proc'::regclass, 'pg_type'::regclass) order by 1) as needs
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and p.prokind in ('f', 'p', 'w')
    and ${FOREIGN_TO_EXTENSIONS("pg_proc", "p.oid")}
  order by 1`;

/** Sequences but those of identity columns, which come with their columns. */
export const SEQUENCES = `
  select c.oid::regclass::text as id, n.nspname::text as schema,
         format('create sequence %s as %s increment by %s minvalue %s maxvalue %s start with %s cache %s%s', c.oid::regclass,
           s.seqtypid::regtype, s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache, case when s.seqcycle then ' cycle' end) as definition,
         (select json_build_object('table', d.refobjid::regclass::text, 'column', a.attname)
          from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
          where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'a') as "ownedBy",
         obj_description(c.oid, 'pg_class') as comment
  from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and ${FOREIGN_TO_EXTENSIONS("pg_class", "c.oid")}
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i')
  order by 1`;

/** $1: names. Whose rights a role has beside its own; a superuser has everybody's, so there are none to name. */
export const ROLES = `
  select r.rolname::text as name, r.rolbypassrls or r.rolsuper as bypasses,
         array(select g.rolname::text from pg_roles g
               where not r.rolsuper and g.oid <> r.oid and pg_has_role(r.oid, g.oid, 'usage') and g.rolname !~ '^pg_' order by 1) as "memberOf"
  from pg_roles r where r.rolname = any ($1) order by r.rolname collate "C"`;
