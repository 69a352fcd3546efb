import { type Doors, PERSON } from "./doors.ts";

export const IDENTITY_DOORS: Doors = {
  "identity.end_session(uuid,uuid,text,text) to tenon_gate": PERSON,
  "identity.password_parameters(text) to tenon_gate": "Gives a salt for any address, so that it tells nothing.",
  "identity.session_user_id(uuid,uuid,text) to tenon_gate": PERSON,
  "identity.sign_in_with_password(text,bytea,text,bytea,bytea,bytea,bytea,text) to tenon_gate":
    "Signing in, with the derived password.",
  "identity.touch_session(uuid,uuid,text) to tenon_gate": PERSON,
};
