import type { Rule } from "../rule.ts";

export const COMMENT_RULES: Rule[] = [
  {
    name: "every table, column, index, view, sequence and function has a comment",
    why: "The description of the data model is made of them.",
    sql: `
      select name || ': has no comment' as fault
      from relations r
      where kind in ('r', 'p', 'f', 'v', 'm', 'i', 'I', 'S') and not is_partition
        and not exists (select from pg_description d where (d.objoid, d.classoid, d.objsubid) = (r.oid, 'pg_class'::regclass, 0))
        and not exists (select from pg_index i join tables t on t.oid = i.indrelid where i.indexrelid = r.oid and t.is_partition)
      union all
      select name || ': has no comment' from columns c
      where not is_partition
        and not exists (select from pg_description d where (d.objoid, d.classoid, d.objsubid) = (c.table_oid, 'pg_class'::regclass, c.number))
      union all
      select name || ': has no comment' from functions f
      where not exists (select from pg_description d where (d.objoid, d.classoid) = (f.oid, 'pg_proc'::regclass))`,
    breaches: [
      ...[
        "table organizations.tags",
        "index organizations.tags_pkey",
        "view organizations.tags_search",
        "sequence audit.entry_seq",
      ].map((object) => ({ sql: `comment on ${object} is null`, faults: [`${object.split(" ")[1]}: has no comment`] })),
      { sql: "comment on column organizations.tags.name is null", faults: ["organizations.tags.name: has no comment"] },
      { sql: "comment on function kernel.touch() is null", faults: ["kernel.touch(): has no comment"] },
    ],
  },
  {
    name: "every table's comment ends with its sensitivity",
    why: "The description of the data model tells from it how each table has to be handled.",
    sql: `
      select name || ': its comment does not end with "Sensitivity: low.", "medium.", "high." or "critical."' as fault
      from tables
      where not is_partition and obj_description(oid, 'pg_class') !~ '\\. Sensitivity: (low|medium|high|critical)\\.$'`,
    breaches: [
      {
        sql: "comment on table organizations.tags is 'Words. Sensitivity: unknown.'",
        faults: [
          'organizations.tags: its comment does not end with "Sensitivity: low.", "medium.", "high." or "critical."',
        ],
      },
    ],
  },
];
