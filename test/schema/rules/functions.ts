import type { Rule } from "../rule.ts";

const ENTERING = "Lets the person of a live session into an organization.";
const DECIDING =
  "Says which person a live session belongs to, and does what that person may do without an organization.";

const LABELING =
  "Labelers see only rows of their own; this gives them what their permission in the organization covers.";

/** Functions for labelers, who enter as tenon_own, and for members who label or look on, who enter as tenon_member. */
const LABELING_DOORS = Object.fromEntries(
  [
    "claim_next(uuid)",
    "list_projects()",
    "read_figures(uuid)",
    "read_project(uuid)",
    "release_slot(uuid)",
    "renew_lease(uuid)",
    "submit_label(uuid,text,bigint)",
  ].flatMap((name) => ["member", "own"].map((role) => [`labeling.${name} to tenon_${role}`, LABELING])),
);

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
    exceptions: {
      "audit.next_batch(text,integer) to tenon_dispatcher": "Reads the record across organizations for its consumers.",
      "identity.create_user(text,text,bytea,bytea,integer,integer,integer) to tenon_gate": "Signing up.",
      "identity.end_session(uuid,uuid,text,text) to tenon_gate": "Signing out, with the session's own secret.",
      "identity.open_session(text,bytea,bytea,interval,inet,text) to tenon_gate":
        "Signing in, with the derived password.",
      "identity.session_user_id(uuid,uuid,text) to tenon_gate": DECIDING,
      "identity.password_parameters(text) to tenon_gate": "Gives a salt for any address, so that it tells nothing.",
      "kernel.enter(uuid,uuid,text,uuid,text,text,text) to tenon_client": ENTERING,
      "kernel.enter(uuid,uuid,text,uuid,text,text,text) to tenon_loader": ENTERING,
      "kernel.enter(uuid,uuid,text,uuid,text,text,text) to tenon_member": ENTERING,
      "kernel.enter(uuid,uuid,text,uuid,text,text,text) to tenon_own": ENTERING,
      "kernel.enter(uuid,uuid,text,uuid,text,text,text) to tenon_steward": ENTERING,
      "kernel.make_partitions(regclass,integer) to tenon_dispatcher": "Makes next months' partitions, without rows.",
      "kernel.partitions_ahead() to tenon_dispatcher": "Counts partitions.",
      ...LABELING_DOORS,
      "labeling.review_label(uuid,text,text) to tenon_member": "Decides about a label, which no member may write.",
      "organizations.create_organization(uuid,uuid,text,text,text,text) to tenon_gate": DECIDING,
      "organizations.me(uuid,uuid,text) to tenon_gate": DECIDING,
      "organizations.organization_of_slug(uuid,uuid,text,text) to tenon_gate": DECIDING,
    },
    breaches: [
      {
        sql: "reset role; grant execute on function identity.open_session to tenon_member",
        faults: ["identity.open_session(text,bytea,bytea,interval,inet,text) to tenon_member"],
      },
    ],
  },
];
