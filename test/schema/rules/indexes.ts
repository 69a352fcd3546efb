import type { Rule } from "../rule.ts";

const ADD_WEIGHT = `
  alter table organizations.roles add column weight numeric;
  comment on column organizations.roles.weight is 'A weight.'`;

export const INDEX_RULES: Rule[] = [
  {
    name: "organization_id comes first in every key, unique constraint and index of a tenant table",
    why: "The tenant is in every key: rows of two organizations never meet in one, and each query reads one organization.",
    sql: `
      select name || ': does not begin with organization_id' as fault
      from indexes where columns[0] <> tenant_column and (is_unique or name <> all ($1))`,
    exceptions: {
      "audit.audit_logs_by_seq": "The record's reader reads across organizations.",
      "audit.audit_logs_by_transaction": "The record's reader reads across organizations.",
      "kernel.idempotency_keys_by_time": "Retention finds what is old across organizations.",
      "organizations.invitations_by_address": "Lists the invitations of a person, before an organization is entered.",
      "organizations.slug_history_by_slug": "Finds the organization of an old address, before one is entered.",
      "calendar.reminders_due": "What is due is found across organizations.",
      "tasks.approvals_next": "The engine finds what is due across organizations.",
      "tasks.files_by_time": "The engine finds what is old across organizations.",
      "tasks.schedules_due": "The engine finds what is due across organizations.",
      "organizations.memberships_by_user": "Lists the organizations of a person, before one is entered.",
    },
    breaches: [
      {
        sql: `create index tags_by_name on organizations.tags (name, organization_id);
              comment on index organizations.tags_by_name is 'Finds a tag.'`,
        faults: ["organizations.tags_by_name: does not begin with organization_id"],
      },
      {
        sql: `alter table organizations.tags add unique (id);
              comment on index organizations.tags_id_key is 'Finds a tag.'`,
        faults: ["organizations.tags_id_key: does not begin with organization_id"],
      },
      {
        sql: `create index tags_by_length on organizations.tags using hash (length(name));
              comment on index organizations.tags_by_length is 'Finds a tag.'`,
        faults: ["organizations.tags_by_length: does not begin with organization_id"],
      },
      {
        sql: `create table audit.old partition of audit.audit_logs for values from ('2000-01-01') to ('2000-02-01');
              alter table audit.old enable row level security, force row level security;
              create index old_by_operation on audit.old (operation)`,
        faults: ["audit.old_by_operation: does not begin with organization_id"],
      },
    ],
  },
  {
    name: "the equality of every indexed column is leakproof",
    why: "Under row-level security no other operator uses an index. Enum and numeric are not; text, bigint and uuid are.",
    sql: `
      with leaking as materialized (
        select distinct c.oid, c.opcintype as type
        from pg_opclass c
        join pg_amop m on m.amopfamily = c.opcfamily and m.amoplefttype = c.opcintype and m.amoprighttype = c.opcintype
        join pg_operator o on o.oid = m.amopopr and o.oprname = '='
        join pg_proc p on p.oid = o.oprcode
        where not p.proleakproof
      )
      select distinct i.name || ': equality of ' || l.type::regtype || ' is not leakproof' as fault
      from indexes i
      cross join unnest(i.classes::oid[]) as class (oid)
      join leaking l on l.oid = class.oid
      where i.method = 'btree' or l.type in ('numeric'::regtype, 'anyenum'::regtype)`,
    breaches: [
      {
        sql: `${ADD_WEIGHT}; create index roles_by_weight on organizations.roles (organization_id, weight);
              comment on index organizations.roles_by_weight is 'Finds roles.'`,
        faults: ["organizations.roles_by_weight: equality of numeric is not leakproof"],
      },
      {
        sql: `${ADD_WEIGHT}; reset role; 
              create index roles_by_weight on organizations.roles using gin (organization_id, weight);
              comment on index organizations.roles_by_weight is 'Finds roles.'`,
        faults: ["organizations.roles_by_weight: equality of numeric is not leakproof"],
      },
    ],
  },
  {
    name: "no B-tree index of a tenant table is over an expression",
    why: "Functions such as lower() are not leakproof, so row-level security keeps the index from use; a generated column does it.",
    sql: `
      select name || ': is over an expression' as fault
      from indexes where tenant_column is not null and method = 'btree' and has_expressions`,
    breaches: [
      {
        sql: `create index tags_by_word on organizations.tags (organization_id, upper(name));
              comment on index organizations.tags_by_word is 'Finds a tag.'`,
        faults: ["organizations.tags_by_word: is over an expression"],
      },
    ],
  },
  {
    name: "no index does what another one does",
    why: "Every index costs at every write.",
    sql: `
      select a.name || ': ' || min(b.name) || ' does the same' as fault
      from indexes a
      join indexes b on b.table_oid = a.table_oid and b.oid <> a.oid and b.method = a.method
        and b.predicate is not distinct from a.predicate
      where a.all_columns = a.key_columns and (
        a.keys = b.keys and (a.is_unique, -a.oid::bigint) < (b.is_unique, -b.oid::bigint)
        or not a.is_unique and a.method = 'btree' and a.keys = b.keys[1:a.key_columns] and b.key_columns > a.key_columns
      )
      group by a.name`,
    breaches: [
      {
        sql: `create index tags_by_id on organizations.tags (organization_id, id);
              comment on index organizations.tags_by_id is 'Finds a tag.'`,
        faults: ["organizations.tags_by_id: organizations.tags_pkey does the same"],
      },
      {
        sql: `create index roles_by_template_again on organizations.roles (organization_id, template);
              comment on index organizations.roles_by_template_again is 'Finds roles.'`,
        faults: ["organizations.roles_by_template_again: organizations.roles_by_template does the same"],
      },
      {
        sql: `create index tags_of_organization on organizations.tags (organization_id);
              comment on index organizations.tags_of_organization is 'Finds tags.'`,
        faults: ["organizations.tags_of_organization: organizations.tags_organization_id_name_key_key does the same"],
      },
    ],
  },
];
