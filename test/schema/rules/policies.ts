import type { Rule } from "../rule.ts";

const ORGANIZATION = "(organization_id = kernel.organization_id())";

const OF_THEIR_OWN = `(${ORGANIZATION} AND (COLUMN = kernel.user_id()))`;

/** What the policies of a role say, as PostgreSQL prints it; COLUMN is a column of the table. */
const FORMS = {
  tenon_member: [ORGANIZATION],
  tenon_steward: [ORGANIZATION],
  tenon_worker: [ORGANIZATION],
  tenon_own: [OF_THEIR_OWN, `(${ORGANIZATION} AND (COLUMN = ANY (kernel.benchmark_ids())))`],
  tenon_client: [
    OF_THEIR_OWN,
    `(${ORGANIZATION} AND (COLUMN = ANY (kernel.customer_ids())))`,
    `(${ORGANIZATION} AND (status = ''published''::text))`,
  ],
};

const FORM_ROWS = Object.entries(FORMS)
  .flatMap(([role, forms]) => forms.map((form) => [role, form.replace(/[().]/g, "\\$&")]))
  .map(([role, form]) => `('${role}', '^${form?.replace("COLUMN", "([a-z0-9_]+)")}$')`)
  .join(", ");

export const POLICY_RULES: Rule[] = [
  {
    name: "no policy is restrictive",
    why: "A distributed engine takes it for a permissive one, and so for a second way in.",
    sql: "select distinct name || ': is restrictive' as fault from policies where not is_permissive",
    breaches: [
      {
        sql: `drop policy own on organizations.memberships;
              create policy own on organizations.memberships as restrictive to tenon_own
                using (organization_id = kernel.organization_id() and user_id = kernel.user_id())`,
        faults: ["own on organizations.memberships: is restrictive"],
      },
    ],
  },
  {
    name: "no policy has a subquery or an or",
    why: "Either is worked out row by row, and a distributed engine refuses a subquery. Another rule is another database role.",
    sql: `
      select distinct name || ': has ' || case when has_subquery then 'a subquery' else 'an or' end as fault
      from policies where has_subquery or has_or`,
    breaches: [
      {
        sql: `create policy own on organizations.roles to tenon_own
                using (organization_id = kernel.organization_id() and id in (select role_id from organizations.member_roles))`,
        faults: ["own on organizations.roles: has a subquery"],
      },
      {
        sql: `create policy own on organizations.roles to tenon_own using (organization_id = kernel.organization_id())
                with check (organization_id = kernel.organization_id() and (template is null or scope = 'own'))`,
        faults: ["own on organizations.roles: has an or"],
      },
    ],
  },
  {
    name: "every policy is of the form listed for its role",
    why: "These forms were measured and reviewed; any other may let through more, or cost more, than it seems to.",
    sql: `
      select p.name || ' for ' || p.role || ': is not of the listed form' as fault
      from policies p
      where p.role_oid <> 0 and not p.has_subquery and not p.has_or
        and not (coalesce(p.check_text, p.using_text) = p.using_text and exists (
          select from (values ${FORM_ROWS}) as listed (role, form) where listed.role = p.role and p.using_text ~ listed.form))
        and not (p.table_name = any ($1) and p.using_text = 'true' and p.command = 'r')`,
    exceptions: { "organizations.permissions": "What can be permitted is the same for everyone, and no secret." },
    breaches: [
      {
        sql: "create policy own on organizations.roles to tenon_own using (organization_id = kernel.organization_id())",
        faults: ["own on organizations.roles for tenon_own: is not of the listed form"],
      },
      {
        sql: `create policy own on organizations.roles to tenon_own
                using (organization_id = kernel.organization_id() and id = kernel.user_id()) with check (true)`,
        faults: ["own on organizations.roles for tenon_own: is not of the listed form"],
      },
      {
        sql: `create policy client on content.campaigns to tenon_client
                using (organization_id = kernel.organization_id() and status = 'active')`,
        faults: ["client on content.campaigns for tenon_client: is not of the listed form"],
      },
      {
        sql: "create policy everyone on organizations.role_templates for select to tenon_member using (true)",
        faults: ["everyone on organizations.role_templates for tenon_member: is not of the listed form"],
      },
      {
        sql: `drop policy everyone on organizations.permissions;
              create policy everyone on organizations.permissions to tenon_member using (true)`,
        faults: ["everyone on organizations.permissions for tenon_member: is not of the listed form"],
      },
      {
        sql: "create policy gate on organizations.tags to tenon_gate using (organization_id = kernel.organization_id())",
        faults: ["gate on organizations.tags for tenon_gate: is not of the listed form"],
      },
    ],
  },
  {
    name: "a table has one policy at most for a role and command",
    why: "Several policies are an or by another name.",
    sql: `
      select table_name || ': has ' || count(*) || ' policies for ' || role || ' to ' || c.name as fault
      from policies p join (values ('r', 'select'), ('a', 'insert'), ('w', 'update'), ('d', 'delete')) as c (command, name)
        on p.command in ('*', c.command::"char")
      group by table_name, role, c.name having count(*) > 1`,
    breaches: [
      {
        sql: `create policy second on organizations.tags for select to tenon_member
                using (organization_id = kernel.organization_id())`,
        faults: ["organizations.tags: has 2 policies for tenon_member to select"],
      },
    ],
  },
  {
    name: "no policy is for public",
    why: "It would hold for every role there is, and every role there will be.",
    sql: "select name || ': is for public' as fault from policies where role_oid = 0",
    breaches: [
      {
        sql: "create policy anyone on organizations.tags using (organization_id = kernel.organization_id())",
        faults: ["anyone on organizations.tags: is for public"],
      },
    ],
  },
  {
    name: "what a policy compares beside the organization stands after it in an index",
    why: "Otherwise everyone who may see only their own rows reads those of the whole organization to find them.",
    sql: `
      select p.name || ': no index begins with organization_id and ' || compared.name as fault
      from policies p
      cross join substring(p.using_text from 'AND \\(([a-z0-9_]+) = (?:kernel|ANY|'')') as compared (name)
      join columns c on c.table_oid = p.table_oid and c.column_name = compared.name
      where not exists (
        select from indexes i
        where i.table_oid = p.table_oid and i.method = 'btree' and i.predicate is null
          and i.columns[0] = i.tenant_column and i.columns[1] = c.number
      )`,
    breaches: [
      {
        sql: `create policy own on audit.audit_logs to tenon_own
                using (organization_id = kernel.organization_id() and import_id = kernel.user_id())`,
        faults: ["own on audit.audit_logs: no index begins with organization_id and import_id"],
      },
    ],
  },
];
