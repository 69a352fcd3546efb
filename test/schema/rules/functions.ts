import type { Rule } from "../rule.ts";
import { ANALYTICS_DOORS } from "./doors/analytics.ts";
import { ASSISTANT_DOORS } from "./doors/assistant.ts";
import { AUDIT_DOORS } from "./doors/audit.ts";
import { BILLING_DOORS } from "./doors/billing.ts";
import { CALENDAR_DOORS } from "./doors/calendar.ts";
import { COMMERCE_DOORS } from "./doors/commerce.ts";
import { CONTENT_DOORS } from "./doors/content.ts";
import { CREDITS_DOORS } from "./doors/credits.ts";
import { CRM_DOORS } from "./doors/crm.ts";
import { EVALUATION_DOORS } from "./doors/evaluation.ts";
import { IDENTITY_DOORS } from "./doors/identity.ts";
import { IMPORTS_DOORS } from "./doors/imports.ts";
import { KERNEL_DOORS } from "./doors/kernel.ts";
import { LABELING_DOORS } from "./doors/labeling.ts";
import { ORGANIZATIONS_DOORS } from "./doors/organizations.ts";
import { STUDIO_DOORS } from "./doors/studio.ts";
import { TASK_SCHEDULES_DOORS } from "./doors/task-schedules.ts";
import { TASKS_DOORS } from "./doors/tasks.ts";

/** Every definer function that a runtime role may execute, with why it is safe. */
export const DOORS = {
  ...ANALYTICS_DOORS,
  ...AUDIT_DOORS,
  ...BILLING_DOORS,
  ...CALENDAR_DOORS,
  ...CRM_DOORS,
  ...ASSISTANT_DOORS,
  ...CONTENT_DOORS,
  ...COMMERCE_DOORS,
  ...CREDITS_DOORS,
  ...IDENTITY_DOORS,
  ...EVALUATION_DOORS,
  ...IMPORTS_DOORS,
  ...KERNEL_DOORS,
  ...LABELING_DOORS,
  ...ORGANIZATIONS_DOORS,
  ...STUDIO_DOORS,
  ...TASKS_DOORS,
  ...TASK_SCHEDULES_DOORS,
};

export const FUNCTION_RULES: Rule[] = [
  {
    name: "every definer function has a fixed search path",
    why: "With the caller's path it would run the caller's functions with its own rights.",
    sql: `
      select name || ': has neither "set search_path = ''''" nor a standard body' as fault
      from functions
      where is_definer and not has_standard_body and not coalesce(settings @> array['search_path=""'], false)`,
    breaches: [
      {
        sql: "reset role; alter function identity.end_session reset search_path",
        faults: [`identity.end_session(uuid,uuid,text,text): has neither "set search_path = ''" nor a standard body`],
      },
      {
        sql: "alter function kernel.make_partitions set search_path = public",
        faults: [`kernel.make_partitions(regclass,integer): has neither "set search_path = ''" nor a standard body`],
      },
    ],
  },
  {
    name: "no function is for public to execute",
    why: "Who may call what is granted one by one, so that it can be read.",
    sql: `
      select name || ': public may execute it' as fault
      from functions f where exists (select from aclexplode(f.acl) where grantee = 0)`,
    breaches: [
      {
        sql: "grant execute on function kernel.touch to public",
        faults: ["kernel.touch(): public may execute it"],
      },
      {
        sql: `reset role; create function kernel.now() returns timestamptz language sql return now();
              comment on function kernel.now() is 'The time.'; alter function kernel.now() owner to tenon_owner`,
        faults: ["kernel.now(): public may execute it"],
      },
    ],
  },
  {
    name: "runtime roles execute no definer functions but the listed ones",
    why: "Row-level security does not hold inside of them: each is a door, and a new door is to be seen in review.",
    sql: `
      select door as fault
      from functions f cross join aclexplode(f.acl) a join runtime_roles r on r.oid = a.grantee
      cross join format('%s to %s', f.name, r.name) as door
      where f.is_definer and door <> all ($1)`,
    exceptions: DOORS,
    breaches: [
      {
        sql: "reset role; grant execute on function identity.sign_in_with_password to tenon_member",
        faults: ["identity.sign_in_with_password(text,bytea,text,bytea,bytea,bytea,bytea,text) to tenon_member"],
      },
    ],
  },
];
