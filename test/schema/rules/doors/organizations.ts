import { type Doors, PERSON, TOKEN } from "./doors.ts";

const RIGHTS =
  "What no member may write or read as it is; it asks for the permission itself, and gives no more than its caller has.";

export const ORGANIZATIONS_DOORS: Doors = {
  ...Object.fromEntries(
    [
      "allow_support(text,integer)",
      "change_key(uuid,text,text[])",
      "create_service(text,uuid[])",
      "list_keys(integer)",
      "list_services()",
      "list_support_grants()",
      "make_key(text,text[],integer,text[],uuid,bytea,text)",
      "remove_service(uuid)",
      "revoke_key(uuid)",
      "revoke_support_grant(uuid)",
      "rotate_key(uuid,integer,bytea,text)",
    ].map((name) => [`organizations.${name} to tenon_member`, RIGHTS]),
  ),
  ...Object.fromEntries(
    ["member", "own"].map((role) => [
      `organizations.read_current_key() to tenon_${role}`,
      "Tells of the key that the transaction was entered with, and of no other.",
    ]),
  ),
  "organizations.create_organization(uuid,uuid,text,text,text,text) to tenon_gate": PERSON,
  "organizations.me(uuid,uuid,text) to tenon_gate": PERSON,
  "organizations.open_support_visit(uuid,uuid,text,text,uuid,text,bytea,text) to tenon_gate": PERSON,
  "organizations.organization_of_slug(uuid,uuid,text,text) to tenon_gate": PERSON,
  "organizations.touch_key(uuid,uuid,text) to tenon_gate": TOKEN,
};
