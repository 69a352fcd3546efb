import type pg from "pg";
import {
  CLOSED_FUNCTIONS,
  ROLE_NAMES,
  ROLES,
  type Role,
  RUNTIME_ROLES,
  type RuntimeRole,
  roleName,
  roleSettings,
  withRoleNames,
} from "./roles.ts";

/** What the foundation needs to know: the roles' names, and the password each logs in with. */
export type FoundationOptions = {
  prefix: string;
  /** Derived from the key; the same key gives the same passwords. */
  passwordOf: (role: RuntimeRole) => string;
  /** Names the key, so that a change of key is noticed and the passwords follow. */
  keyId: string;
};

type RoleState = { name: string; bypass: boolean; login: boolean; settings: string[] | null; comment: string | null };

/**
 * Lays what the migrations stand on: the database roles with their settings and passwords, what PUBLIC loses, and the
 * schema `kernel` with the table of migrations. Changes only what differs, so it costs a few reads at every start.
 * `admin` is a superuser's connection. Throws one error that names every right that is missing.
 */
export async function layFoundation(admin: pg.Client, options: FoundationOptions): Promise<void> {
  await refuseMissingRights(admin, options.prefix);
  const states = await readRoles(admin, options.prefix);
  for (const role of ROLE_NAMES) await ensureRole(admin, role, states.get(roleName(options.prefix, role)), options);
  for (const statement of FOUNDATION) await admin.query(withRoleNames(statement, options.prefix));
}

async function readRoles(admin: pg.Client, prefix: string): Promise<Map<string, RoleState>> {
  const { rows } = await admin.query<RoleState>(
    `select rolname as name, rolbypassrls as bypass, rolcanlogin as login, rolconfig as settings,
            shobj_description(oid, 'pg_authid') as comment
     from pg_roles where rolname = any ($1)`,
    [ROLE_NAMES.map((role) => roleName(prefix, role))],
  );
  return new Map(rows.map((row) => [row.name, row]));
}

async function ensureRole(
  admin: pg.Client,
  role: Role,
  state: RoleState | undefined,
  options: FoundationOptions,
): Promise<void> {
  const name = roleName(options.prefix, role);
  const attributes = ROLES[role];
  if (!state) await admin.query(`create role ${name}`);
  if (state?.bypass !== attributes.bypass || state.login !== attributes.login) {
    await admin.query(
      `alter role ${name} ${attributes.login ? "login" : "nologin"} ${attributes.bypass ? "bypassrls" : "nobypassrls"}`,
    );
  }
  for (const [setting, value] of Object.entries(roleSettings(attributes))) {
    if (!state?.settings?.includes(`${setting}=${setting === "search_path" ? '""' : value}`)) {
      await admin.query(`alter role ${name} set ${setting} = ${quoteLiteral(value)}`);
    }
  }
  const comment = `Tenon, key ${options.keyId}`;
  if (isRuntime(role) && state?.comment !== comment) {
    await admin.query(`alter role ${name} password ${quoteLiteral(options.passwordOf(role))}`);
    await admin.query(`comment on role ${name} is ${quoteLiteral(comment)}`);
  }
}

function isRuntime(role: Role): role is RuntimeRole {
  return ROLES[role].login;
}

function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const RUNTIME = RUNTIME_ROLES.map((role) => `tenon_${role}`).join(", ");

/** Statements that may run again and again. */
const FOUNDATION = [
  // What the owner needs to hand objects to the two roles that bypass row-level security.
  "grant tenon_definer, tenon_reader to tenon_owner",
  `do $$ begin
     execute format('revoke all on database %I from public', current_database());
     execute format('grant connect on database %I to ${RUNTIME}', current_database());
     execute format('grant connect, create on database %I to tenon_owner', current_database());
   end $$`,
  "revoke all on schema public from public",
  `do $$ declare f regprocedure; begin
     for f in select p.oid from pg_proc p where ${CLOSED_FUNCTIONS} and has_function_privilege('public', p.oid, 'execute') loop
       execute format('revoke execute on function %s from public', f);
     end loop;
     grant execute on function pg_catalog.pg_stat_get_activity(integer), pg_catalog.pg_stat_get_backend_activity(integer) to pg_monitor;
   end $$`,
  // Only the door sets the context, and what has rights of its own takes turns.
  `grant execute on function pg_catalog.set_config(text, text, boolean), pg_catalog.pg_advisory_xact_lock(bigint),
     pg_catalog.pg_try_advisory_xact_lock(bigint),
     pg_catalog.pg_advisory_xact_lock_shared(bigint) to tenon_definer`,
  "alter default privileges for role tenon_owner revoke execute on functions from public",
  "create schema if not exists kernel authorization tenon_owner",
  `grant usage on schema kernel to tenon_definer, tenon_reader, ${RUNTIME}`,
  `create table if not exists kernel.migrations (
     number integer primary key,
     name text not null unique,
     checksum text not null,
     applied_at timestamptz not null default now(),
     duration_ms integer not null
   )`,
  "alter table kernel.migrations owner to tenon_owner",
  "alter table kernel.migrations enable row level security, force row level security",
  "comment on schema kernel is 'What every module stands on.'",
  "comment on table kernel.migrations is 'The migrations that were applied. Sensitivity: low.'",
  "comment on column kernel.migrations.number is 'Its place in the order.'",
  "comment on column kernel.migrations.name is 'Its file.'",
  "comment on column kernel.migrations.checksum is 'SHA-256 of the file as it was applied.'",
  "comment on column kernel.migrations.applied_at is 'When it was applied.'",
  "comment on column kernel.migrations.duration_ms is 'How long it took, in milliseconds.'",
  "comment on index kernel.migrations_pkey is 'Finds a migration by number.'",
  "comment on index kernel.migrations_name_key is 'Finds a migration by file.'",
];

async function refuseMissingRights(admin: pg.Client, prefix: string): Promise<void> {
  const { rows } = await admin.query<{ missing: string }>(withRoleNames(MISSING_RIGHTS, prefix), [
    ROLE_NAMES.map((role) => roleName(prefix, role)),
    ROLE_NAMES.filter((role) => ROLES[role].bypass).map((role) => roleName(prefix, role)),
  ]);
  if (rows.length === 0) return;
  const list = rows.map((row) => `  - ${row.missing}`).join("\n");
  throw new Error(
    `The database login lacks rights that Tenon needs:\n${list}\nGive them to it, or log in as a superuser.`,
  );
}

/** Each right that the login of `DATABASE_URL` lacks, as a sentence. $1: all roles, $2: those that bypass row-level security. */
const MISSING_RIGHTS = `
  with me as (select * from pg_roles where rolname = current_user and not rolsuper)
  select 'create roles: alter role "' || rolname || '" createrole' as missing
    from me where not rolcreaterole and exists (select from unnest($1::text[]) r where to_regrole(r) is null)
  union all
  select 'make roles that bypass row-level security (' || r || '): only a superuser' ||
         case when current_setting('server_version_num')::int >= 160000 then ', or a role with createrole and bypassrls,' else '' end || ' can'
    from me, unnest($2::text[]) r
    where not coalesce((select rolbypassrls from pg_roles where rolname = r), false)
      and not (current_setting('server_version_num')::int >= 160000 and me.rolbypassrls and me.rolcreaterole)
  union all
  select 'revoke functions of pg_catalog from public (' || string_agg(distinct p.proname, ', ') || '): only a superuser can'
    from me, pg_proc p
    where ${CLOSED_FUNCTIONS} and has_function_privilege('public', p.oid, 'execute')
    having count(*) > 0
  union all
  select 'own the database: alter database "' || d.datname || '" owner to "' || me.rolname || '"'
    from me, pg_database d where d.datname = current_database() and not pg_has_role(d.datdba, 'usage')
  union all
  select 'act as ' || r || ': grant "' || r || '" to "' || me.rolname || '"'
    from me, unnest($1::text[]) r where to_regrole(r) is not null and r like '%\\_owner' and not pg_has_role(to_regrole(r), 'usage')
`;
