import type { Rule } from "../rule.ts";

const BY_JOIN = "Whose a row is only a join tells; the view begins at the rows that name the person or the customer.";

/** Views that open rows to those who see a part of an organization. */
const ROW_VIEWS = Object.fromEntries(
  [
    "assistant.open_conversations",
    "assistant.open_messages",
    "commerce.customer_order_lines",
    "evaluation.benchmark_items",
    "labeling.assigned_items",
    "labeling.customer_progress",
    "labeling.customer_results",
    "projects.customer_progress",
    "studio.open_documents",
    "studio.open_sessions",
  ].map((name) => [name, BY_JOIN]),
);

const ROW_VIEW_NAMES = Object.keys(ROW_VIEWS)
  .map((name) => `'${name}'`)
  .join(", ");

export const VIEW_RULES: Rule[] = [
  {
    name: "every view has security_invoker, but for the reader's",
    why: "Without it a view reads with its owner's rights, past row-level security.",
    sql: `
      select name || ': has no security_invoker' as fault
      from relations r
      where kind = 'v' and owner <> 'tenon_reader'::regrole and not exists (
        select from pg_options_to_table(r.options) where option_name = 'security_invoker' and option_value::boolean
      )`,
    breaches: [
      {
        sql: `create view organizations.names as select name from organizations.tags;
              comment on view organizations.names is 'Names.'`,
        faults: ["organizations.names: has no security_invoker"],
      },
    ],
  },
  {
    name: "a view of the reader's is its table under the very expression of the members' policy",
    why: "It is read past row-level security, so it has to say the same.",
    // Versions differ in whether they print a column with its table; without the table they agree.
    sql: `
      with search_views as (
        select v.name, pg_get_viewdef(v.oid) as definition, coalesce(c.relname, '') as table_name,
               format('SELECT %s FROM %s WHERE %s;',
                 (select string_agg(quote_ident(column_name), ', ' order by number) from columns where table_oid = t.oid),
                 t.name, p.using_text) as expected
        from relations v
        left join tables t on v.name = t.name || '_search'
        left join pg_class c on c.oid = t.oid
        left join policies p on p.table_oid = t.oid and p.role = 'tenon_member'
        where v.kind = 'v' and v.owner = 'tenon_reader'::regrole
      )
      select name || ': is not all columns of its table under the policy of tenon_member' as fault
      from search_views
      where name <> all ($1) and regexp_replace(btrim(regexp_replace(definition, '\\s+', ' ', 'g')), '\\m' || table_name || '\\.', '', 'g')
        is distinct from regexp_replace(expected, '\\m' || table_name || '\\.', '', 'g')`,
    exceptions: ROW_VIEWS,
    breaches: [
      {
        sql: "create or replace view organizations.tags_search as select * from organizations.tags",
        faults: ["organizations.tags_search: is not all columns of its table under the policy of tenon_member"],
      },
      {
        sql: "alter table organizations.tags add column icon text; comment on column organizations.tags.icon is 'An icon.'",
        faults: ["organizations.tags_search: is not all columns of its table under the policy of tenon_member"],
      },
      {
        sql: `reset role; create view organizations.names as select name from organizations.tags;
              comment on view organizations.names is 'Names.'; alter view organizations.names owner to tenon_reader`,
        faults: ["organizations.names: is not all columns of its table under the policy of tenon_member"],
      },
    ],
  },
  {
    name: "a view of the reader's is granted only to roles that see the same rows in its table",
    why: "A role that sees only its own rows in the table would see the whole organization's in the view.",
    sql: `
      select distinct g.name || ': ' || g.role || ' does not see the same rows in the table' as fault
      from grants g
      join relations v on v.oid = g.oid and v.kind = 'v' and v.owner = 'tenon_reader'::regrole
      where g.role_oid <> 0 and v.name <> all ($1) and not exists (
        select from tables t
        join policies own on own.table_oid = t.oid and own.role_oid = g.role_oid and own.command in ('*', 'r')
        join policies member on member.table_oid = t.oid and member.role = 'tenon_member' and member.using_text = own.using_text
        where v.name = t.name || '_search' and has_table_privilege(g.role_oid, t.oid, 'select')
      )`,
    exceptions: ROW_VIEWS,
    breaches: [
      {
        sql: "grant select on organizations.tags_search to tenon_own",
        faults: ["organizations.tags_search: tenon_own does not see the same rows in the table"],
      },
      {
        sql: "revoke select on organizations.tags from tenon_worker",
        faults: ["organizations.tags_search: tenon_worker does not see the same rows in the table"],
      },
    ],
  },
  {
    name: "a view that opens rows names the organization and whose they are, joins within it, and is a barrier for those who see a part",
    why: "No policy stands before its rows, so its own condition must, and nothing that could tell of a row may be asked before it.",
    sql: `
      with row_views as (
        select v.oid, v.name, v.options, regexp_replace(pg_get_viewdef(v.oid), '\\s+', ' ', 'g') as definition
        from relations v where v.kind = 'v' and v.owner = 'tenon_reader'::regrole and v.name in (${ROW_VIEW_NAMES})
      )
      select name || ': is no barrier' as fault from row_views r
      where not exists (select from pg_options_to_table(r.options) where option_name = 'security_barrier' and option_value::boolean)
      union all
      select name || ': does not name whose rows it shows' from row_views
      where definition !~ ' WHERE \\(\\((\\w+)\\.organization_id = kernel\\.organization_id\\(\\)\\) AND \\(\\1\\.(user_id = kernel\\.user_id\\(\\)|customer_id = ANY \\(kernel\\.customer_ids\\(\\)\\))\\)'
         or definition ~ ' (OR|UNION|EXCEPT) '
      union all
      select name || ': joins across organizations' from row_views
      where (select count(*) from regexp_matches(definition, ' JOIN ', 'g'))
        > (select count(*) from regexp_matches(definition, '\\(\\w+\\.organization_id = \\w+\\.organization_id\\)', 'g'))
      union all
      select name || ': is open to ' || g.role from row_views join grants g using (oid, name)
      where g.role not in ('tenon_own', 'tenon_client')`,
    breaches: [
      {
        sql: "alter view labeling.assigned_items set (security_barrier = false)",
        faults: ["labeling.assigned_items: is no barrier"],
      },
      {
        sql: `create or replace view projects.customer_progress with (security_barrier) as
                select p.organization_id, p.customer_id, f.project_id, f.tasks, f.tasks_done, f.progress_percentage
                from projects.projects p join projects.project_figures f on f.organization_id = p.organization_id and f.project_id = p.id
                where p.organization_id = kernel.organization_id()`,
        faults: ["projects.customer_progress: does not name whose rows it shows"],
      },
      {
        sql: `create or replace view projects.customer_progress with (security_barrier) as
                select p.organization_id, p.customer_id, f.project_id, f.tasks, f.tasks_done, f.progress_percentage
                from projects.projects p join projects.project_figures f on f.project_id = p.id
                where p.organization_id = kernel.organization_id() and p.customer_id = any (kernel.customer_ids())`,
        faults: ["projects.customer_progress: joins across organizations"],
      },
      {
        sql: "grant select on studio.open_sessions to tenon_public",
        faults: ["studio.open_sessions: is open to tenon_public"],
      },
    ],
  },
];
