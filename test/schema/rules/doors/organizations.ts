import { type Doors, PERSON, TOKEN } from "./doors.ts";

export const ORGANIZATIONS_DOORS: Doors = {
  "organizations.create_organization(uuid,uuid,text,text,text,text) to tenon_gate": PERSON,
  "organizations.me(uuid,uuid,text) to tenon_gate": PERSON,
  "organizations.organization_of_slug(uuid,uuid,text,text) to tenon_gate": PERSON,
  "organizations.touch_key(uuid,uuid,text) to tenon_gate": TOKEN,
};
