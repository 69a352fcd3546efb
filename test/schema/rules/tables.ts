import type { Rule } from "../rule.ts";
import { GLOBAL_TABLES } from "./global-tables.ts";

export const TABLE_RULES: Rule[] = [
  {
    name: "row-level security is enabled and forced on every table, partitions too",
    why: "A table without it shows every organization's rows to whoever is granted it; without force, to its owner's functions.",
    sql: `
      select name || ': row-level security is not ' || case when relrowsecurity then 'forced' else 'enabled' end as fault
      from tables join pg_class using (oid)
      where not relrowsecurity or not relforcerowsecurity`,
    breaches: [
      {
        sql: "alter table organizations.tags disable row level security",
        faults: ["organizations.tags: row-level security is not enabled"],
      },
      {
        sql: "alter table identity.users no force row level security",
        faults: ["identity.users: row-level security is not forced"],
      },
      {
        sql: "create table audit.old partition of audit.audit_logs for values from ('2000-01-01') to ('2000-02-01')",
        faults: ["audit.old: row-level security is not enabled"],
      },
    ],
  },
  {
    name: "every table is a tenant's or listed as global",
    why: "A table without organization_id is outside of everything that keeps organizations apart.",
    sql: `
      select name || ': has no organization_id and is not listed as global' as fault
      from tables where tenant_column is null and name <> all ($1)`,
    exceptions: GLOBAL_TABLES,
    breaches: [
      {
        sql: `create table organizations.notes (id uuid primary key);
              alter table organizations.notes enable row level security, force row level security;
              comment on table organizations.notes is 'Notes. Sensitivity: low.';
              comment on column organizations.notes.id is 'Identifier.';
              comment on index organizations.notes_pkey is 'Finds a note.'`,
        faults: ["organizations.notes: has no organization_id and is not listed as global"],
      },
    ],
  },
  {
    name: "every tenant table has the plain policy for members",
    why: "The call of kernel.tenant_table() makes it, so a table without it was not made a tenant's.",
    sql: `
      select name || ': has no policy for tenon_member that lets through its organization, and nothing else' as fault
      from tables t
      where tenant_column is not null and not is_partition and not exists (
        select from policies p
        where p.table_oid = t.oid and p.role = 'tenon_member' and p.command = '*'
          and p.using_text = '(organization_id = kernel.organization_id())' and coalesce(p.check_text, p.using_text) = p.using_text
      )`,
    breaches: [
      {
        sql: "drop policy organization on organizations.role_permissions; revoke all on organizations.role_permissions from tenon_member, tenon_steward, tenon_worker",
        faults: [
          "organizations.role_permissions: has no policy for tenon_member that lets through its organization, and nothing else",
        ],
      },
    ],
  },
  {
    name: "every tenant table counts its rows' versions",
    why: "The version is a row's ETag: without it two people overwrite each other's change.",
    sql: `
      select name || ': has no trigger that counts versions' as fault
      from tables t
      where tenant_column is not null and not is_partition and name <> all ($1) and not exists (
        select from pg_trigger g
        where g.tgrelid = t.oid and g.tgfoid = 'kernel.touch()'::regprocedure and g.tgenabled in ('O', 'A') and g.tgqual is null
          and g.tgtype = 1 + 2 + 16 and g.tgattr = '' -- for each row, before, update, of every column
      )`,
    exceptions: {
      "analytics.event_keys": "Keys never change.",
      "analytics.events": "Events never change.",
      "assistant.replies": "Machines make and end them; nobody edits them.",
      "audit.audit_logs": "Entries never change.",
      "credits.balances": "Machines count it.",
      "credits.holds": "Work makes and ends it; nobody edits it.",
      "credits.ledger_entries": "Entries never change.",
      "kernel.idempotency_keys": "What was done never changes.",
      "imports.errors": "Errors never change.",
      "tasks.task_attempts": "Append-only: it has one version.",
      "credits.usage_days": "Machines count it.",
      "credits.usage_events": "Events never change.",
      "credits.usage_keys": "Keys never change.",
      "tasks.webhook_attempts": "Calls never change.",
      "tasks.webhook_deliveries": "Machines make and end them; nobody edits them.",
      "tasks.webhook_figures": "Machines count them.",
      "tasks.webhook_lines": "Machines keep it.",
      "tasks.webhook_subscriptions": "What is asked for is there or not.",
    },
    breaches: [
      {
        sql: "drop trigger touch on organizations.tags",
        faults: ["organizations.tags: has no trigger that counts versions"],
      },
    ],
  },
  {
    name: "every table has a primary key",
    why: "The record names a row by its key, and nothing else finds one row for sure.",
    sql: `
      select name || ': has no primary key' as fault
      from tables t where not exists (select from pg_constraint c where c.conrelid = t.oid and c.contype = 'p')`,
    breaches: [
      {
        sql: "alter table kernel.migrations drop constraint migrations_pkey",
        faults: ["kernel.migrations: has no primary key"],
      },
    ],
  },
  {
    name: "no partitioned table has a default partition",
    why: "Rows that fall into it keep the month they belong to from being attached.",
    sql: "select partrelid::regclass || ': has the default partition ' || partdefid::regclass as fault from pg_partitioned_table where partdefid <> 0",
    breaches: [
      {
        sql: `create table audit.rest partition of audit.audit_logs default;
              alter table audit.rest enable row level security, force row level security`,
        faults: ["audit.audit_logs: has the default partition audit.rest"],
      },
    ],
  },
  {
    name: "no constraint is left unproved and no trigger is switched off",
    why: "What is not valid or disabled protects nothing, and looks as if it did.",
    sql: `
      select t.name || '.' || c.conname || ': is not valid' as fault
      from tables t join pg_constraint c on c.conrelid = t.oid where not c.convalidated
      union all
      select t.name || '.' || g.tgname || ': is disabled'
      from tables t join pg_trigger g on g.tgrelid = t.oid where not g.tgisinternal and g.tgenabled not in ('O', 'A')`,
    breaches: [
      {
        sql: "alter table organizations.tags add constraint short check (length(name) < 10) not valid",
        faults: ["organizations.tags.short: is not valid"],
      },
      {
        sql: "alter table organizations.member_roles disable trigger keep_permissions_insert",
        faults: ["organizations.member_roles.keep_permissions_insert: is disabled"],
      },
    ],
  },
];
