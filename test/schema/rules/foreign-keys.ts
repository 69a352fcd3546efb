import type { Rule } from "../rule.ts";

export const FOREIGN_KEY_RULES: Rule[] = [
  {
    name: "a foreign key between tenant tables begins with organization_id on both sides",
    why: "Then a row of one organization cannot point to a row of another, whatever the code does.",
    sql: `
      select name || ': does not begin with organization_id on both sides' as fault
      from foreign_keys
      where tenant_column is not null and referenced_tenant_column is not null
        and (columns[1] <> tenant_column or referenced_columns[1] <> referenced_tenant_column)`,
    breaches: [
      {
        sql: `alter table organizations.member_roles add constraint turned foreign key (user_id, organization_id)
                references organizations.memberships (user_id, organization_id) on delete cascade`,
        faults: ["organizations.member_roles.turned: does not begin with organization_id on both sides"],
      },
      {
        sql: `alter table organizations.member_roles add constraint crossed foreign key (organization_id, user_id)
                references organizations.memberships (user_id, organization_id) on delete cascade`,
        faults: ["organizations.member_roles.crossed: does not begin with organization_id on both sides"],
      },
    ],
  },
  {
    name: "no global table references a tenant table",
    why: "A global row belongs to no organization, so it can point into none.",
    sql: `
      select name || ': references ' || referenced as fault
      from foreign_keys where tenant_column is null and referenced_tenant_column is not null`,
    breaches: [
      {
        sql: `alter table identity.users add column home_id uuid;
              comment on column identity.users.home_id is 'An organization.';
              alter table identity.users add constraint home foreign key (home_id, id) references organizations.memberships on delete restrict;
              create index users_by_home on identity.users (home_id, id);
              comment on index identity.users_by_home is 'Finds people.'`,
        faults: ["identity.users.home: references organizations.memberships"],
      },
    ],
  },
  {
    name: "a tenant table references people as members",
    why: "Then work cannot be given to an outsider.",
    sql: `
      select name || ': references identity.users' as fault
      from foreign_keys where tenant_column is not null and referenced = 'identity.users' and name <> all ($1)`,
    exceptions: { "organizations.memberships.memberships_user_id_fkey": "It is what makes a person a member." },
    breaches: [
      {
        sql: `alter table organizations.roles add column made_by uuid references identity.users on delete restrict;
              comment on column organizations.roles.made_by is 'The person who made it.';
              create index roles_by_maker on organizations.roles (organization_id, made_by);
              comment on index organizations.roles_by_maker is 'Finds roles.'`,
        faults: ["organizations.roles.roles_made_by_fkey: references identity.users"],
      },
    ],
  },
  {
    name: "nothing references a partitioned table",
    why: "Its partitions could no longer be detached when their time is over.",
    sql: "select name || ': references ' || referenced as fault from foreign_keys where referenced_kind = 'p'",
    breaches: [
      {
        sql: `alter table organizations.roles add column entry_id uuid, add column entered_at timestamptz;
              comment on column organizations.roles.entry_id is 'An entry.';
              comment on column organizations.roles.entered_at is 'Its time.';
              alter table organizations.roles add constraint entry
                foreign key (organization_id, entry_id, entered_at) references audit.audit_logs on delete restrict;
              create index roles_by_entry on organizations.roles (organization_id, entry_id, entered_at);
              comment on index organizations.roles_by_entry is 'Finds roles.'`,
        faults: ["organizations.roles.entry: references audit.audit_logs"],
      },
    ],
  },
  {
    name: "every foreign key deletes or refuses, and never updates",
    why: "Setting columns to null or a default takes the organization with them, and a distributed engine refuses it; keys never change.",
    sql: `
      select name || ': on delete is neither cascade nor restrict' as fault from foreign_keys where on_delete not in ('c', 'r')
      union all
      select name || ': on update changes rows' from foreign_keys where on_update not in ('a', 'r')`,
    breaches: [
      ...["set null", "set null (invited_by)", "set default", "no action"].map((action) => ({
        sql: `alter table organizations.memberships drop constraint memberships_organization_id_invited_by_fkey,
                add constraint inviter foreign key (organization_id, invited_by) references organizations.memberships on delete ${action}`,
        faults: ["organizations.memberships.inviter: on delete is neither cascade nor restrict"],
      })),
      {
        sql: `alter table organizations.roles drop constraint roles_template_fkey,
                add constraint template foreign key (template) references organizations.role_templates on delete restrict on update cascade`,
        faults: ["organizations.roles.template: on update changes rows"],
      },
    ],
  },
  {
    name: "an index begins with the columns of every foreign key",
    why: "Without it every delete of a referenced row reads the whole table.",
    // The organization may come before them, as it does in every index. A partial index serves where it leaves out only nulls.
    sql: `
      select k.name || ': no index begins with its columns' as fault
      from foreign_keys k
      cross join lateral (
        select array_agg(distinct number) as wanted, array_agg(format('(%I IS NOT NULL)', column_name)) as predicates
        from columns c where c.table_oid = k.table_oid and (c.number = any (k.columns) or c.number = k.tenant_column)
      ) c
      where not exists (
        select from indexes i
        where i.table_oid = k.table_oid and i.method = 'btree' and (i.predicate is null or i.predicate = any (c.predicates))
          and i.key_columns >= cardinality(c.wanted)
          and c.wanted = array(select unnest((i.columns::int2[])[0:cardinality(c.wanted) - 1]) order by 1)
      ) and k.name <> all ($1)`,
    exceptions: {
      "identity.user_sessions.user_sessions_user_id_user_status_fkey":
        "The primary key begins with the person, who has few sessions.",
    },
    breaches: [
      {
        sql: "drop index organizations.roles_by_template",
        faults: ["organizations.roles.roles_template_fkey: no index begins with its columns"],
      },
      {
        sql: `drop index organizations.memberships_by_inviter;
              create index memberships_by_inviter on organizations.memberships (organization_id, invited_by) where status = 'left';
              comment on index organizations.memberships_by_inviter is 'Whom a member invited.'`,
        faults: [
          "organizations.memberships.memberships_organization_id_invited_by_fkey: no index begins with its columns",
        ],
      },
    ],
  },
];
