import type { Rule } from "../rule.ts";

export const OWNERSHIP_RULES: Rule[] = [
  {
    name: "the owner owns everything but search views, the reader's, and definer functions, the definer's",
    why: "An owner may do anything with what it owns, grants and row-level security notwithstanding.",
    sql: `
      select r.name || ': is owned by ' || pg_get_userbyid(r.owner) as fault from relations r
      where r.kind not in ('i', 'I', 'c') and r.owner <> 'tenon_owner'::regrole and not (r.kind = 'v' and r.owner = 'tenon_reader'::regrole)
      union all
      select f.name || ': is owned by ' || pg_get_userbyid(f.owner) from functions f
      where f.owner <> 'tenon_owner'::regrole and not (f.is_definer and f.owner = 'tenon_definer'::regrole)
      union all
      select s.name || ': is owned by ' || pg_get_userbyid(s.owner) from schemas s
      where s.owner <> 'tenon_owner'::regrole and s.name <> 'public'`,
    breaches: [
      {
        sql: "reset role; alter table organizations.tags owner to tenon_member",
        faults: ["organizations.tags: is owned by tenon_member"],
      },
      {
        sql: "reset role; alter function organizations.copy_person() owner to tenon_reader",
        faults: ["organizations.copy_person(): is owned by tenon_reader"],
      },
      {
        sql: "reset role; alter function kernel.touch() owner to tenon_definer",
        faults: ["kernel.touch(): is owned by tenon_definer"],
      },
      { sql: "reset role; alter schema audit owner to tenon_loader", faults: ["audit: is owned by tenon_loader"] },
    ],
  },
  {
    name: "nobody but its owner creates in a schema",
    why: "Who can create there can put a function or table of their own in the way of others.",
    sql: `
      select s.name || ': ' || case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee) end || ' may create' as fault
      from schemas s cross join aclexplode(s.acl) a
      where a.privilege_type = 'CREATE' and a.grantee <> s.owner`,
    breaches: [
      {
        sql: "grant create on schema organizations to tenon_definer",
        faults: ["organizations: tenon_definer may create"],
      },
    ],
  },
  {
    name: "nothing stands in schema public",
    why: "Every table, view and function belongs to a module, and its schema says to which.",
    sql: `
      select name || ': stands in no module''s schema' as fault from relations where name ~ '^public\\.'
      union all
      select name || ': stands in no module''s schema' from functions where name ~ '^public\\.'`,
    breaches: [
      {
        sql: `reset role; create sequence public.numbers; alter sequence public.numbers owner to tenon_owner;
              comment on sequence public.numbers is 'Numbers.'`,
        faults: ["public.numbers: stands in no module's schema"],
      },
      {
        sql: `reset role; create function public.one() returns integer language sql return 1; comment on function public.one() is 'One.';
              revoke execute on function public.one() from public; alter function public.one() owner to tenon_owner`,
        faults: ["public.one(): stands in no module's schema"],
      },
    ],
  },
];
