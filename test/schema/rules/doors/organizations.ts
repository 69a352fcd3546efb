import { type Doors, PERSON, TOKEN } from "./doors.ts";

const KEYS =
  "What no member may write or read as it is; it asks for the permission itself, and gives no more than its caller has.";

const CHECKED = "Checks the permission and its ceiling by itself, in the organization entered.";
const DISPATCHER = "Looks proved domains up again, of all organizations; it reads no tenant data but their names.";
const SETTINGS = "The organization is global: this gives and changes the one that was entered.";
const RIGHTS = "Checks again what whoever entered holds: nobody gives what they do not have, or touches who has more.";
const SEEING = "Shows who holds member.read for their own rows nothing but themselves.";

/** For labelers, who enter as tenon_own, too. */
const FOR_BOTH: Doors = {
  "explain_permission(uuid,text)": SEEING,
  "list_members(uuid,text,text,uuid,integer)": SEEING,
  "list_permissions()": "What can be permitted is the same everywhere.",
  "list_roles()": SEEING,
  "read_member(uuid)": SEEING,
  "read_organization()": SETTINGS,
};

export const ORGANIZATIONS_DOORS: Doors = {
  ...Object.fromEntries(
    Object.entries(FOR_BOTH).flatMap(([name, why]) =>
      ["member", "own"].map((role) => [`organizations.${name} to tenon_${role}`, why]),
    ),
  ),
  ...Object.fromEntries(
    Object.entries(FOR_BOTH)
      .filter(([name]) => name !== "read_organization()")
      .map(([name, why]) => [`organizations.${name} to tenon_client`, why]),
  ),
  ...Object.fromEntries(
    [
      "allow_support(text,integer)",
      "change_key(uuid,text,text[])",
      "create_service(text,uuid[])",
      "list_keys(integer)",
      "list_services()",
      "list_support_grants()",
      "make_key(text,text[],integer,text[],uuid,bytea,text,uuid,text)",
      "remove_service(uuid)",
      "revoke_key(uuid)",
      "revoke_support_grant(uuid)",
      "rotate_key(uuid,integer,bytea,text,uuid,text)",
    ].map((name) => [`organizations.${name} to tenon_member`, KEYS]),
  ),
  ...Object.fromEntries(
    ["member", "own"].map((role) => [
      `organizations.read_current_key() to tenon_${role}`,
      "Tells of the key that the transaction was entered with, and of no other.",
    ]),
  ),
  "organizations.accept_invitation(uuid,uuid,text,uuid,uuid,text,text) to tenon_gate": PERSON,
  "organizations.accept_invitation_as_new(uuid,uuid,text,text,bytea,bytea,integer,integer,integer,bytea,text) to tenon_gate":
    TOKEN,
  "organizations.accept_my_invitation(uuid,uuid,text,uuid,text) to tenon_gate": PERSON,
  "organizations.add_domain(text,text,text,uuid,text) to tenon_member": CHECKED,
  "organizations.change_domain(uuid,text,uuid) to tenon_member": CHECKED,
  "organizations.change_slug(text) to tenon_member": SETTINGS,
  "organizations.claim_domain_checks(integer) to tenon_dispatcher": DISPATCHER,
  "organizations.create_organization(uuid,uuid,text,text,text,text) to tenon_gate": PERSON,
  "organizations.create_role(text,text,text,text[]) to tenon_member": RIGHTS,
  "organizations.decide_join_request(uuid,text) to tenon_member": CHECKED,
  "organizations.delete_organization(text,uuid,text) to tenon_member": SETTINGS,
  "organizations.delete_role(uuid) to tenon_member": RIGHTS,
  "organizations.invite(text[],bytea[],bytea[],uuid[],text) to tenon_member": CHECKED,
  "organizations.join_by_domain(uuid,uuid,text,text,text) to tenon_gate": PERSON,
  "organizations.leave_organization(uuid,uuid,text,text,text) to tenon_gate": PERSON,
  "organizations.list_domains() to tenon_member": CHECKED,
  "organizations.list_invitations(text,uuid,integer) to tenon_member": CHECKED,
  "organizations.me(uuid,uuid,text) to tenon_gate": PERSON,
  "organizations.my_invitations(uuid,uuid,text,text) to tenon_gate": PERSON,
  "organizations.my_joinable(uuid,uuid,text,text) to tenon_gate": PERSON,
  "organizations.open_support_visit(uuid,uuid,text,text,uuid,text,bytea,text) to tenon_gate": PERSON,
  "organizations.organization_of_slug(uuid,uuid,text,text) to tenon_gate": PERSON,
  "organizations.preview_invitation(uuid,uuid,text,text) to tenon_gate": TOKEN,
  "organizations.read_domain(uuid) to tenon_member": CHECKED,
  "organizations.record_domain_check(uuid,uuid,boolean) to tenon_dispatcher": DISPATCHER,
  "organizations.remove_domain(uuid) to tenon_member": CHECKED,
  "organizations.remove_member(uuid) to tenon_member": RIGHTS,
  "organizations.resend_invitation(uuid,bytea,bytea) to tenon_member": CHECKED,
  "organizations.restore_organization(uuid,uuid,text,text,text) to tenon_gate": PERSON,
  "organizations.revoke_invitation(uuid) to tenon_member": CHECKED,
  "organizations.set_member_exceptions(uuid,text[],text[]) to tenon_member": RIGHTS,
  "organizations.set_member_roles(uuid,uuid[]) to tenon_member": RIGHTS,
  "organizations.set_member_status(uuid,text) to tenon_member": RIGHTS,
  "organizations.set_notification_settings(uuid,uuid,text,text,jsonb,text) to tenon_gate": PERSON,
  "organizations.touch_key(uuid,uuid,text) to tenon_gate": TOKEN,
  "organizations.transfer_ownership(uuid,uuid,text) to tenon_member": RIGHTS,
  "organizations.update_organization(jsonb,uuid,text) to tenon_member": SETTINGS,
  "organizations.update_role(uuid,jsonb) to tenon_member": RIGHTS,
  "organizations.verify_domain(uuid,boolean) to tenon_member": CHECKED,
};
