import type { Rule } from "../rule.ts";

export const DISTRIBUTION_RULES: Rule[] = [
  {
    name: "no tenant table numbers its rows by a sequence",
    why: "A sequence counts across organizations, so it tells each how busy the others are; and every node would ask one of them.",
    sql: `
      select c.name || ': is numbered by a sequence' as fault
      from columns c left join pg_attrdef d on d.adrelid = c.table_oid and d.adnum = c.number
      where c.tenant_column is not null and not c.is_partition and c.name <> all ($1)
        and (c.is_identity or pg_get_expr(d.adbin, d.adrelid) ~ '\\mnextval\\(')`,
    exceptions: { "audit.audit_logs.seq": "The record's reader needs one order across organizations." },
    breaches: [
      {
        sql: `alter table organizations.roles add column number integer generated always as identity, add column place serial;
              comment on column organizations.roles.number is 'A number.';
              comment on column organizations.roles.place is 'A place.';
              comment on sequence organizations.roles_number_seq is 'Numbers.';
              comment on sequence organizations.roles_place_seq is 'Places.'`,
        faults: [
          "organizations.roles.number: is numbered by a sequence",
          "organizations.roles.place: is numbered by a sequence",
        ],
      },
    ],
  },
  {
    name: "no statement is rewritten by a rule",
    why: "A rule changes what a statement does unseen, and a distributed engine refuses it.",
    sql: `
      select r.rulename || ' on ' || c.name || ': is a rule' as fault
      from pg_rewrite r join relations c on c.oid = r.ev_class where r.rulename <> '_RETURN'`,
    breaches: [
      {
        sql: "create rule silent as on delete to organizations.tags do instead nothing",
        faults: ["silent on organizations.tags: is a rule"],
      },
    ],
  },
  {
    name: "every unique and exclusion constraint of a tenant table holds the organization by equality",
    why: "One that reaches across organizations would tell each of the others' rows, and no node could keep it alone.",
    sql: `
      select t.name || '.' || c.conname || ': does not compare organization_id for equality' as fault
      from pg_constraint c join tables t on t.oid = c.conrelid
      where t.tenant_column is not null and not t.is_partition and c.contype = 'x' and not exists (
        select from unnest(c.conkey, c.conexclop) as e (number, operator)
        join pg_operator o on o.oid = e.operator
        where e.number = t.tenant_column and o.oprname = '=' and o.oprleft = 'uuid'::regtype
      )`,
    breaches: [
      {
        sql: `alter table calendar.appointments add constraint never_twice
                exclude using gist (organization_id extensions.gist_uuid_ops with operator(pg_catalog.<>), tstzrange(start_time, end_time) with &&);
              comment on index calendar.never_twice is 'No two at once.'`,
        faults: ["calendar.appointments.never_twice: does not compare organization_id for equality"],
      },
    ],
  },
  {
    name: "no policy calls a volatile function",
    why: "It would be called for every row, keeps every index from use, and each node would answer it in its own way.",
    sql: `
      select distinct p.polname || ' on ' || t.name || ': calls ' || f.oid::regprocedure as fault
      from pg_policy p join tables t on t.oid = p.polrelid
      join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_proc'::regclass
      join pg_proc f on f.oid = d.refobjid
      where f.provolatile = 'v'`,
    breaches: [
      {
        sql: "alter function kernel.customer_ids() volatile",
        faults: [
          "calendar.appointments",
          "commerce.orders",
          "crm.contacts",
          "crm.customer_figures",
          "crm.customers",
          "projects.projects",
        ].map((table) => `client on ${table}: calls kernel.customer_ids()`),
      },
    ],
  },
  {
    name: "no tenant table inherits but by partitions",
    why: "A distributed engine splits a table by its key, and knows no other way of making one table of several.",
    sql: `
      select i.inhrelid::regclass || ': inherits from ' || i.inhparent::regclass as fault
      from pg_inherits i join tables t on t.oid = i.inhrelid where not t.is_partition`,
    breaches: [
      {
        sql: `create table organizations.old_tags (like organizations.tags including all);
              comment on table organizations.old_tags is 'Tags of old. Sensitivity: low.';
              call kernel.tenant_table('organizations.old_tags');
              alter table organizations.old_tags inherit organizations.tags`,
        faults: ["organizations.old_tags: inherits from organizations.tags"],
      },
    ],
  },
];
