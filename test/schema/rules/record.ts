import type { Rule } from "../rule.ts";
import { UNRECORDED_TABLES } from "./unrecorded-tables.ts";

export const RECORD_RULES: Rule[] = [
  {
    name: "every tenant table, and the tenant's own, is on the record",
    why: "A change that the record lacks can neither be answered for nor seen by anything that follows the record.",
    sql: `
      select t.name || ': ' || operation.name || ' is not recorded' as fault
      from tables t
      cross join (values ('insert', 4), ('delete', 8), ('update', 16)) as operation (name, bit)
      where (t.tenant_column is not null or t.name = 'organizations.organizations') and not t.is_partition and t.name <> all ($1)
        and not exists (
          select from pg_trigger g
          where g.tgrelid = t.oid and g.tgfoid = 'audit.record_change()'::regprocedure and g.tgenabled in ('O', 'A')
            and g.tgqual is null and g.tgattr = '' and g.tgtype = operation.bit -- after, for each statement
        )`,
    exceptions: UNRECORDED_TABLES,
    breaches: [
      {
        sql: "drop trigger record_delete on organizations.tags; drop trigger record_update on organizations.organizations",
        faults: ["organizations.organizations: update is not recorded", "organizations.tags: delete is not recorded"],
      },
    ],
  },
  {
    name: "the record knows a table by its real name, key and secrets",
    why: "The triggers were given them once; a table or column that was renamed since is recorded under a lost name, or unmasked.",
    sql: `
      with given as (
        select distinct t.oid, t.name, case when t.tenant_column is null then 'id' else 'organization_id' end as tenant,
               string_to_array(encode(g.tgargs, 'escape'), '\\000') as arguments
        from pg_trigger g join tables t on t.oid = g.tgrelid
        where g.tgfoid = 'audit.record_change()'::regprocedure and not t.is_partition
      )
      select distinct name || ': is recorded as ' || arguments[1] as fault from given where arguments[1] <> name
      union all
      select distinct name || ': is recorded for the organization in ' || arguments[3] from given where arguments[3] <> tenant
      union all
      select distinct name || ': is recorded under the key ' || arguments[4] from given
      where arguments[4]::text[] <> coalesce(nullif(array_remove(kernel.primary_key(oid), tenant), '{}'), array[tenant])
      union all
      select distinct name || ': has no column ' || secret || ' to mask' from given cross join unnest(arguments[5]::text[]) as secret
      where not exists (select from columns c where c.table_oid = given.oid and c.column_name = secret)`,
    breaches: [
      {
        sql: "alter table organizations.member_roles rename to held_roles",
        faults: ["organizations.held_roles: is recorded as organizations.member_roles"],
      },
      {
        sql: `drop trigger record_insert on organizations.tags;
              create trigger record_insert after insert on organizations.tags referencing new table as new_rows for each statement
                execute function audit.record_change('organizations.tags', 'full', 'id', '{id}', '{}', '{}')`,
        faults: ["organizations.tags: is recorded for the organization in id"],
      },
      {
        sql: "alter table kernel.secrets rename column sealed to wrapped",
        faults: ["kernel.secrets: has no column sealed to mask"],
      },
      {
        sql: "alter table organizations.roles rename column id to role_id",
        faults: ["organizations.roles: is recorded under the key {id}"],
      },
    ],
  },
  {
    name: "nobody is granted a change of what is append-only",
    why: "Its trigger refuses the change; a grant would say otherwise.",
    sql: `
      select distinct g.name || ': ' || g.role || ' may ' || g.privilege as fault
      from grants g
      where g.privilege in ('update', 'delete', 'truncate') and format('%s to %s', g.name, g.role) <> all ($1) and exists (
        select from pg_trigger t where t.tgrelid = g.oid
          and t.tgfoid = any (array['kernel.refuse_change()', 'audit.guard_entry()', 'audit.guard_seal()']::regprocedure[])
          and not (g.role = 'tenon_definer' and g.privilege = 'delete' and pg_get_triggerdef(t.oid) like '%WHEN ((NOT kernel.is_erasing()))%')
          and t.tgtype & case g.privilege when 'update' then 16 when 'delete' then 8 else 32 end > 0
      )`,
    exceptions: {
      "audit.audit_logs to tenon_definer": "It erases what entries say; a trigger refuses every other change.",
    },
    breaches: [
      {
        sql: "grant update (details), delete on audit.audit_logs to tenon_worker, tenon_member",
        faults: ["member", "worker"].flatMap((role) =>
          ["delete", "update"].map((privilege) => `audit.audit_logs: tenon_${role} may ${privilege}`),
        ),
      },
      { sql: "grant update on audit.seals to tenon_definer", faults: ["audit.seals: tenon_definer may update"] },
    ],
  },
];
