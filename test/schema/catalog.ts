import type pg from "pg";
import { RUNTIME_ROLES, withRoleNames } from "../../kernel/database/roles.ts";
import { testServer } from "../harness.ts";
import type { Rule } from "./rule.ts";
import { ENGINE_TABLES } from "./rules/global-tables.ts";

const { prefix } = testServer;

// What the rules read: all that stands outside of PostgreSQL's own schemas and that no extension brought. They are tables
// because views over the real catalog are planned badly, and every breach is held against every rule.
const CATALOG = `
  create temp table runtime_roles as
    select oid, rolname as name, rolbypassrls as bypasses
    from pg_roles where rolname in (${RUNTIME_ROLES.map((role) => `'tenon_${role}'`).join(", ")});

  create temp table schemas as
    select oid, nspname as name, nspowner as owner, nspacl as acl
    from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema';

  create temp table relations as
    select c.oid, c.oid::regclass::text as name, c.relkind as kind, c.relowner as owner, c.relacl as acl,
           c.relispartition as is_partition, c.reloptions as options
    from pg_class c join schemas s on s.oid = c.relnamespace
    where not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e');

  -- The number of a tenant table's column organization_id; null in a global table, and in those of the engine.
  create temp table tables as
    select r.oid, r.name, r.kind, r.is_partition, a.attnum as tenant_column
    from relations r
    left join pg_attribute a on a.attrelid = r.oid and a.attname = 'organization_id' and not a.attisdropped
      and r.name not in (${Object.keys(ENGINE_TABLES)
        .map((name) => `'${name}'`)
        .join(", ")})
    where r.kind in ('r', 'p', 'f');

  create temp table columns as
    select t.oid as table_oid, t.name || '.' || a.attname as name, a.attname as column_name, a.attnum as number,
           a.atttypid as type, a.attnotnull as is_not_null, a.attidentity <> '' as is_identity, t.is_partition, t.tenant_column
    from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped;

  -- Every type with the types it is made of: itself, and what arrays, domains and ranges hold.
  create temp table type_parts as
    with recursive parts (type, part) as (
      select oid, oid from pg_type
      union
      select p.type, coalesce(nullif(t.typbasetype, 0), r.rngsubtype, t.typelem)
      from parts p join pg_type t on t.oid = p.part
      left join pg_range r on t.oid in (r.rngtypid, r.rngmultitypid)
      where t.typtype in ('d', 'r', 'm') or t.typcategory = 'A'
    )
    select p.type, t.typname as part, t.typtype as kind from parts p join pg_type t on t.oid = p.part;

  -- An index of a partition counts where it is not its parent's.
  create temp table indexes as
    select i.indexrelid as oid, i.indexrelid::regclass::text as name, i.indrelid as table_oid, t.name as table_name,
           t.tenant_column, m.amname as method, i.indisunique as is_unique, i.indkey as columns, i.indclass as classes,
           i.indnkeyatts as key_columns, i.indnatts as all_columns, i.indexprs is not null as has_expressions,
           pg_get_expr(i.indpred, i.indrelid) as predicate,
           array(select case i.indkey[n - 1] when 0 then pg_get_indexdef(i.indexrelid, n, true) else i.indkey[n - 1]::text end
                          || ' ' || i.indclass[n - 1] || ' ' || i.indcollation[n - 1] || ' ' || i.indoption[n - 1]
                 from generate_series(1, i.indnkeyatts) n order by n) as keys
    from pg_index i
    join tables t on t.oid = i.indrelid
    join pg_class c on c.oid = i.indexrelid
    join pg_am m on m.oid = c.relam
    where not c.relispartition;

  create temp table foreign_keys as
    select c.oid, t.name || '.' || c.conname as name, t.oid as table_oid, c.conkey as columns, t.tenant_column,
           r.name as referenced, r.kind as referenced_kind, c.confkey as referenced_columns, r.tenant_column as referenced_tenant_column,
           c.confdeltype as on_delete, c.confupdtype as on_update
    from pg_constraint c join tables t on t.oid = c.conrelid join tables r on r.oid = c.confrelid
    where c.contype = 'f' and c.conparentid = 0;

  -- A row for each policy and role; a role of 0 is public.
  create temp table policies as
    select t.oid as table_oid, t.name as table_name, p.polname || ' on ' || t.name as name, p.polcmd as command,
           p.polpermissive as is_permissive,
           read.has_subquery, read.has_or, read.using_text, read.check_text,
           role.oid as role_oid, case role.oid when 0 then 'public' else pg_get_userbyid(role.oid) end as role
    from pg_policy p join tables t on t.oid = p.polrelid
    cross join lateral (
      select concat(p.polqual, p.polwithcheck) ~ '\\{SUBLINK ' as has_subquery,
             concat(p.polqual, p.polwithcheck) ~ '\\{BOOLEXPR :boolop or ' as has_or,
             pg_get_expr(p.polqual, p.polrelid) as using_text, pg_get_expr(p.polwithcheck, p.polrelid) as check_text
      offset 0
    ) read
    cross join unnest(p.polroles) as role (oid);

  -- Privileges on tables, their columns, views and sequences, but for the owner's own.
  create temp table grants as
    select r.oid, r.name, r.kind, r.is_partition, a.grantee as role_oid,
           case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee) end as role,
           lower(a.privilege_type) as privilege, a.is_grantable
    from relations r
    cross join lateral (
      select (aclexplode(r.acl)).*
      union
      select (aclexplode(c.attacl)).* from pg_attribute c
      where c.attrelid = r.oid and c.attacl is not null and not c.attisdropped
    ) a
    where a.grantee <> r.owner;

  create temp table functions as
    select p.oid, p.oid::regprocedure::text as name, p.proowner as owner, p.prosecdef as is_definer, p.proconfig as settings,
           p.prosqlbody is not null as has_standard_body, coalesce(p.proacl, acldefault('f', p.proowner)) as acl
    from pg_proc p join schemas s on s.oid = p.pronamespace
    where not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e');

  create index on columns (table_oid);
  create index on indexes (table_oid);
  create index on policies (table_oid);
  analyze relations, tables, columns, indexes, policies, grants;
`;

/** Gives a connection the tables above, which it keeps. They tell of the database as it is now. */
export async function layCatalog(admin: pg.Client): Promise<void> {
  await admin.query("set search_path = ''");
  await admin.query(withRoleNames(CATALOG, prefix));
}

/**
 * Runs `work` with the catalog of a database in which `breach` has been run, with the rights of a migration, in a
 * transaction that is rolled back, so that it leaves nothing behind.
 */
export async function withBreach<T>(admin: pg.Client, breach: string, work: () => Promise<T>): Promise<T> {
  await admin.query("begin");
  try {
    await admin.query("set local search_path = ''");
    await admin.query(withRoleNames(`set local role tenon_owner; ${breach}; reset role`, prefix));
    await layCatalog(admin);
    return await work();
  } finally {
    await admin.query("rollback");
  }
}

/** What breaks a rule, sorted, by the catalog of the connection. `exceptions` are the names of the objects that may. */
export async function findFaults(
  admin: pg.Client,
  rule: Rule,
  exceptions = Object.keys(rule.exceptions ?? {}),
): Promise<string[]> {
  const names = exceptions.map((name) => withRoleNames(name, prefix));
  const sql = withRoleNames(rule.sql, prefix);
  const { rows } = await admin.query<{ fault: string }>(sql, rule.exceptions ? [names] : []);
  return rows.map((row) => row.fault).sort();
}
