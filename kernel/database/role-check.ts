import type pg from "pg";
import { CLOSED_FUNCTIONS, ROLES, RUNTIME_ROLES, roleName } from "./roles.ts";

/**
 * Looks whether the runtime roles are as weak as everything else assumes: no superuser, no making of roles or databases, no
 * bypass but the loader's, no membership, no ownership, no right to create anything. Throws an error that lists each fault.
 */
export async function assertRuntimeRoles(admin: pg.Client, prefix: string): Promise<void> {
  const names = RUNTIME_ROLES.map((role) => roleName(prefix, role));
  const bypassing = RUNTIME_ROLES.filter((role) => ROLES[role].bypass).map((role) => roleName(prefix, role));
  const { rows } = await admin.query<{ fault: string }>(FAULTS, [names, bypassing]);
  if (rows.length === 0) return;
  throw new Error(
    `The database roles are stronger than they may be:\n${rows.map((row) => `  - ${row.fault}`).join("\n")}`,
  );
}

/** $1: the runtime roles, $2: those of them that may bypass row-level security. */
const FAULTS = `
  with runtime as (select * from pg_roles where rolname = any ($1::text[]))
  select name || ' is missing' as fault from unnest($1::text[]) as name where name not in (select rolname from runtime)
  union all
  select rolname || ' is a superuser' from runtime where rolsuper
  union all
  select rolname || ' may create roles' from runtime where rolcreaterole
  union all
  select rolname || ' may create databases' from runtime where rolcreatedb
  union all
  select rolname || ' may replicate' from runtime where rolreplication
  union all
  select rolname || ' bypasses row-level security' from runtime where rolbypassrls and rolname <> all ($2::text[])
  union all
  select r.rolname || ' is a member of ' || m.roleid::regrole from runtime r join pg_auth_members m on m.member = r.oid
  union all
  select r.rolname || ' owns ' || pg_describe_object(d.classid, d.objid, d.objsubid)
    from runtime r join pg_shdepend d on d.refobjid = r.oid and d.refclassid = 'pg_authid'::regclass and d.deptype = 'o'
    where d.dbid = (select oid from pg_database where datname = current_database())
  union all
  select r.rolname || ' may create in schema ' || n.nspname from runtime r cross join pg_namespace n
    where has_schema_privilege(r.oid, n.oid, 'create')
  union all
  select r.rolname || ' may create schemas or temporary tables' from runtime r
    where has_database_privilege(r.oid, current_database(), 'create, temp')
  union all
  select r.rolname || ' may call ' || p.oid::regprocedure from runtime r cross join pg_proc p
    where ${CLOSED_FUNCTIONS} and has_function_privilege(r.oid, p.oid, 'execute')
  order by 1`;
