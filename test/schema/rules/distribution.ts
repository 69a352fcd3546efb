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
];
