import type { Rule } from "../rule.ts";

const MAKE_PARTITION = `
  create table audit.old partition of audit.audit_logs for values from ('2000-01-01') to ('2000-02-01');
  alter table audit.old enable row level security, force row level security`;

export const GRANT_RULES: Rule[] = [
  {
    name: "no runtime role is granted anything on a global table",
    why: "Global tables hold what belongs to people or to all organizations; definer functions hand out what each may see.",
    sql: `
      select distinct g.name || ': ' || g.role || ' may ' || g.privilege as fault
      from grants g join runtime_roles r on r.oid = g.role_oid join tables t on t.oid = g.oid
      where t.tenant_column is null and g.privilege <> 'maintain' and not (g.name = any ($1) and g.privilege = 'select')`,
    exceptions: { "organizations.permissions": "What can be permitted is the same for everyone, and no secret." },
    breaches: [
      { sql: "grant select on identity.users to tenon_member", faults: ["identity.users: tenon_member may select"] },
      {
        sql: "grant select (full_name) on identity.users to tenon_public",
        faults: ["identity.users: tenon_public may select"],
      },
      {
        sql: "grant insert on organizations.permissions to tenon_steward",
        faults: ["organizations.permissions: tenon_steward may insert"],
      },
    ],
  },
  {
    name: "a runtime role is granted on a tenant table only what a policy of that role covers",
    why: "A grant without a policy shows that one of the two was forgotten.",
    sql: `
      select distinct g.name || ': ' || g.role || ' may ' || g.privilege || ' without a policy' as fault
      from grants g join runtime_roles r on r.oid = g.role_oid join tables t on t.oid = g.oid
      join (values ('select', 'r'), ('insert', 'a'), ('update', 'w'), ('delete', 'd')) as c (privilege, command) using (privilege)
      where t.tenant_column is not null and not t.is_partition and not r.bypasses and not exists (
        select from policies p where p.table_oid = g.oid and p.role_oid = g.role_oid and p.command in ('*', c.command::"char")
      )`,
    breaches: [
      {
        sql: "grant select on organizations.tags to tenon_own, tenon_client, tenon_public",
        faults: ["client", "own", "public"].map(
          (role) => `organizations.tags: tenon_${role} may select without a policy`,
        ),
      },
      {
        sql: "grant update (name) on organizations.tags to tenon_own",
        faults: ["organizations.tags: tenon_own may update without a policy"],
      },
    ],
  },
  {
    name: "runtime roles select, insert, update and delete in tables, select in views, and pass nothing on",
    why: "Truncate and references pass by row-level security, and a trigger runs its maker's code in another's transaction.",
    sql: `
      select distinct g.name || ': ' || g.role || case when g.is_grantable then ' may pass on ' else ' may ' end || g.privilege as fault
      from grants g join runtime_roles r on r.oid = g.role_oid
      where g.is_grantable
         or g.kind in ('r', 'p', 'f') and g.privilege not in ('select', 'insert', 'update', 'delete')
            and not (g.privilege = 'maintain' and g.name in ('tasks.claims', 'tasks.entries')) -- cleared away by the engine
         or g.kind = 'v' and g.privilege <> 'select'`,
    breaches: [
      {
        sql: "grant truncate, references on organizations.tags to tenon_worker",
        faults: ["organizations.tags: tenon_worker may references", "organizations.tags: tenon_worker may truncate"],
      },
      {
        sql: "grant insert on organizations.tags_search to tenon_member",
        faults: ["organizations.tags_search: tenon_member may insert"],
      },
      {
        sql: "grant select on organizations.tags to tenon_member with grant option",
        faults: ["organizations.tags: tenon_member may pass on select"],
      },
    ],
  },
  {
    name: "no runtime role is granted anything on a partition, materialized view, foreign table or sequence",
    why: "No policy of the table stands before a partition or a materialized view, and a sequence counts across organizations.",
    sql: `
      select distinct g.name || ': ' || g.role || ' may ' || g.privilege as fault
      from grants g join runtime_roles r on r.oid = g.role_oid
      where g.is_partition or g.kind in ('m', 'f', 'S')`,
    breaches: [
      {
        sql: `${MAKE_PARTITION}; grant select on audit.old to tenon_member`,
        faults: ["audit.old: tenon_member may select"],
      },
      {
        sql: `create materialized view organizations.names as select name from organizations.tags;
              comment on materialized view organizations.names is 'Names.';
              grant select on organizations.names to tenon_worker`,
        faults: ["organizations.names: tenon_worker may select"],
      },
      {
        sql: "grant usage on sequence audit.entry_seq to tenon_loader",
        faults: ["audit.entry_seq: tenon_loader may usage"],
      },
    ],
  },
  {
    name: "a runtime role that bypasses row-level security inserts into tenant tables where a trigger watches, and nothing else",
    why: "Only such a trigger, as the one of the record, holds what the loader inserts against the organization it entered.",
    sql: `
      select distinct g.name || ': ' || g.role || ' may ' || g.privilege as fault
      from grants g join runtime_roles r on r.oid = g.role_oid and r.bypasses
      where g.kind <> 'S' and not (g.privilege = 'insert' and exists (
        select from tables t join pg_trigger i on i.tgrelid = t.oid
        where t.oid = g.oid and t.tenant_column is not null and i.tgfoid in ('audit.record_change()'::regprocedure, 'analytics.refuse_foreign_rows()'::regprocedure) and i.tgtype = 4
      ))`,
    breaches: [
      {
        sql: "grant select on organizations.tags to tenon_loader",
        faults: ["organizations.tags: tenon_loader may select"],
      },
      {
        sql: "grant insert on audit.audit_logs to tenon_loader",
        faults: ["audit.audit_logs: tenon_loader may insert"],
      },
    ],
  },
  {
    name: "nothing is granted to public",
    why: "It would hold for every role there is, and every role there will be.",
    sql: `
      select distinct name || ': public may ' || privilege as fault from grants where role_oid = 0
      union all
      select s.name || ': public may ' || lower(a.privilege_type) from schemas s cross join aclexplode(s.acl) a where a.grantee = 0`,
    breaches: [
      { sql: "grant select on organizations.tags to public", faults: ["organizations.tags: public may select"] },
      { sql: "grant usage on schema audit to public", faults: ["audit: public may usage"] },
    ],
  },
];
