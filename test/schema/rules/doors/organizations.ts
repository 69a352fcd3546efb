import { type Doors, PERSON, TOKEN } from "./doors.ts";

const CHECKED = "Checks the permission and its ceiling by itself, in the organization entered.";
const DISPATCHER = "Looks proved domains up again, of all organizations; it reads no tenant data but their names.";

export const ORGANIZATIONS_DOORS: Doors = {
  "organizations.accept_invitation(uuid,uuid,text,uuid,uuid,text,text) to tenon_gate": PERSON,
  "organizations.accept_invitation_as_new(uuid,uuid,text,text,bytea,bytea,integer,integer,integer,bytea,text) to tenon_gate":
    TOKEN,
  "organizations.accept_my_invitation(uuid,uuid,text,uuid,text) to tenon_gate": PERSON,
  "organizations.add_domain(text,text,text,uuid,text) to tenon_member": CHECKED,
  "organizations.change_domain(uuid,text,uuid) to tenon_member": CHECKED,
  "organizations.claim_domain_checks(integer) to tenon_dispatcher": DISPATCHER,
  "organizations.create_organization(uuid,uuid,text,text,text,text) to tenon_gate": PERSON,
  "organizations.decide_join_request(uuid,text) to tenon_member": CHECKED,
  "organizations.invite(text[],bytea[],bytea[],uuid[],text) to tenon_member": CHECKED,
  "organizations.join_by_domain(uuid,uuid,text,text,text) to tenon_gate": PERSON,
  "organizations.list_domains() to tenon_member": CHECKED,
  "organizations.list_invitations(text,uuid,integer) to tenon_member": CHECKED,
  "organizations.me(uuid,uuid,text) to tenon_gate": PERSON,
  "organizations.my_invitations(uuid,uuid,text,text) to tenon_gate": PERSON,
  "organizations.my_joinable(uuid,uuid,text,text) to tenon_gate": PERSON,
  "organizations.organization_of_slug(uuid,uuid,text,text) to tenon_gate": PERSON,
  "organizations.preview_invitation(uuid,uuid,text,text) to tenon_gate": TOKEN,
  "organizations.read_domain(uuid) to tenon_member": CHECKED,
  "organizations.record_domain_check(uuid,uuid,boolean) to tenon_dispatcher": DISPATCHER,
  "organizations.remove_domain(uuid) to tenon_member": CHECKED,
  "organizations.resend_invitation(uuid,bytea,bytea) to tenon_member": CHECKED,
  "organizations.revoke_invitation(uuid) to tenon_member": CHECKED,
  "organizations.touch_key(uuid,uuid,text) to tenon_gate": TOKEN,
  "organizations.verify_domain(uuid,boolean) to tenon_member": CHECKED,
};
