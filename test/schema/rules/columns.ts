import type { Rule } from "../rule.ts";

export const COLUMN_RULES: Rule[] = [
  {
    name: "organization_id is a uuid and never null",
    why: "A row without it would be nobody's.",
    sql: `
      select name || ': is not "uuid not null"' as fault
      from columns where number = tenant_column and not (is_not_null and type = 'uuid'::regtype)`,
    breaches: [
      {
        // The primary key leaves no other way.
        sql: `reset role; update pg_attribute set attnotnull = false
              where attrelid = 'organizations.tags'::regclass and attname = 'organization_id'`,
        faults: [`organizations.tags.organization_id: is not "uuid not null"`],
      },
    ],
  },
  {
    name: "no column is of a type that has a better one",
    why: "Each of these loses something, or keeps indexes from use under row-level security.",
    sql: `
      select distinct c.name || ': is ' || p.part || '; use ' || better.type as fault
      from columns c join type_parts p using (type)
      join (values
        ('json', 'jsonb'), ('timestamp', 'timestamptz'), ('timetz', 'timestamptz'), ('money', 'bigint in minor units, and a currency'),
        ('bpchar', 'text with a check'), ('citext', 'text, and a generated column with lower()')
      ) as better (part, type) using (part)
      where not c.is_partition`,
    breaches: [
      {
        sql: `create domain organizations.citext as text;
              alter table organizations.roles add column a json, add column b timestamp[], add column c tsrange,
                add column d money, add column e char(3), add column f organizations.citext, add column g timetz;
              comment on column organizations.roles.a is 'A.'; comment on column organizations.roles.b is 'B.';
              comment on column organizations.roles.c is 'C.'; comment on column organizations.roles.d is 'D.';
              comment on column organizations.roles.e is 'E.'; comment on column organizations.roles.f is 'F.';
              comment on column organizations.roles.g is 'G.'`,
        faults: [
          "organizations.roles.a: is json; use jsonb",
          "organizations.roles.b: is timestamp; use timestamptz",
          "organizations.roles.c: is timestamp; use timestamptz",
          "organizations.roles.d: is money; use bigint in minor units, and a currency",
          "organizations.roles.e: is bpchar; use text with a check",
          "organizations.roles.f: is citext; use text, and a generated column with lower()",
          "organizations.roles.g: is timetz; use timestamptz",
        ],
      },
    ],
  },
  {
    name: "no column is an enum",
    why: "Its equality is not leakproof, so row-level security keeps its indexes from use; and a value can never be taken away.",
    sql: `
      select name || ': is an enum; use text with a check' as fault
      from columns c where not is_partition and exists (select from type_parts p where p.type = c.type and p.kind = 'e')`,
    breaches: [
      {
        sql: `create type organizations.mood as enum ('good');
              alter table organizations.roles add column mood organizations.mood;
              alter table organizations.roles add column moods organizations.mood[];
              comment on column organizations.roles.mood is 'A mood.';
              comment on column organizations.roles.moods is 'Moods.'`,
        faults: [
          "organizations.roles.mood: is an enum; use text with a check",
          "organizations.roles.moods: is an enum; use text with a check",
        ],
      },
    ],
  },
  {
    name: "every column named _at is a timestamptz",
    why: "A moment without its time zone is a different moment for everyone who reads it.",
    sql: `
      select name || ': is ' || type::regtype || ', not timestamptz' as fault
      from columns where not is_partition and column_name ~ '_at$' and type <> 'timestamptz'::regtype`,
    breaches: [
      {
        sql: `alter table organizations.roles add column seen_at date; comment on column organizations.roles.seen_at is 'A day.'`,
        faults: ["organizations.roles.seen_at: is date, not timestamptz"],
      },
    ],
  },
  {
    name: "no amount, price or total is a floating-point number",
    why: "It cannot hold a tenth, so sums go wrong.",
    sql: `
      select c.name || ': is ' || c.type::regtype || '; use bigint in minor units' as fault
      from columns c join type_parts p using (type)
      where not c.is_partition and c.column_name ~ 'amount|price|total' and p.part in ('float4', 'float8')`,
    breaches: [
      {
        sql: `alter table organizations.roles add column total_price real, add column amounts double precision[];
              comment on column organizations.roles.total_price is 'A price.';
              comment on column organizations.roles.amounts is 'Amounts.'`,
        faults: [
          "organizations.roles.amounts: is double precision[]; use bigint in minor units",
          "organizations.roles.total_price: is real; use bigint in minor units",
        ],
      },
    ],
  },
  {
    name: "every jsonb column has a size limit",
    why: "Free-form has no other limit, and one huge value slows down every read of its row.",
    sql: `
      select name || ': has no check of its pg_column_size' as fault
      from columns col
      where type = 'jsonb'::regtype and not is_partition and name <> all ($1) and not exists (
        select from pg_constraint c
        where c.conrelid = col.table_oid and c.contype = 'c' and col.number = any (c.conkey)
          and strpos(pg_get_constraintdef(c.oid), format('pg_column_size(%I) <', col.column_name)) > 0
      )`,
    exceptions: {
      "audit.audit_logs.details": "The trigger lists at most 1,000 ids in an entry.",
      "audit.audit_logs.new_values": "The trigger writes a large value as hash and size.",
      "audit.audit_logs.old_values": "The trigger writes a large value as hash and size.",
      "credits.holds.closed_under": "A trigger refuses what is larger than opened_under may be.",
      "organizations.memberships.effective_permissions": "A trigger works it out of rows that have limits.",
    },
    breaches: [
      {
        sql: "alter table organizations.organizations drop constraint organizations_settings_check",
        faults: ["organizations.organizations.settings: has no check of its pg_column_size"],
      },
    ],
  },
];
