import { type Doors, PERSON, TOKEN } from "./doors.ts";

export const IDENTITY_DOORS: Doors = {
  "identity.change_password(uuid,uuid,text,bytea,bytea,integer,integer,integer,text) to tenon_gate": PERSON,
  "identity.confirm_email_change(uuid,uuid,text,text) to tenon_gate": TOKEN,
  "identity.confirm_sign_up(uuid,text,bytea,text) to tenon_gate": TOKEN,
  "identity.delete_account(uuid,uuid,text,bytea,bytea,text) to tenon_gate": PERSON,
  "identity.end_session(uuid,uuid,text,text) to tenon_gate": PERSON,
  "identity.list_events(uuid,uuid,text,uuid,integer,text) to tenon_gate": PERSON,
  "identity.list_sessions(uuid,uuid,text,text) to tenon_gate": PERSON,
  "identity.password_parameters(text) to tenon_gate": "Gives a salt for any address, so that it tells nothing.",
  "identity.person_to_reset(uuid,uuid,text,text) to tenon_gate": TOKEN,
  "identity.prove_with_password(uuid,uuid,text,bytea,bytea,bytea,text) to tenon_gate": PERSON,
  "identity.read_profile(uuid,uuid,text,text) to tenon_gate": PERSON,
  "identity.rehash_password(text,bytea,bytea,bytea,integer,integer,integer,text) to tenon_gate":
    "Takes the hash that is stored, which only the right password gives.",
  "identity.request_email_change(uuid,uuid,text,text,bytea,bytea,text) to tenon_gate": PERSON,
  "identity.request_password_reset(text,bytea,bytea,text) to tenon_gate": "Answers nothing; what it does goes by mail.",
  "identity.request_sign_up(text,text,text,text,bytea,bytea,integer,integer,integer,bytea,bytea,text) to tenon_gate":
    "Answers nothing; what it does goes by mail.",
  "identity.reset_password(uuid,uuid,text,bytea,bytea,integer,integer,integer,text) to tenon_gate": TOKEN,
  "identity.restore_account(uuid,uuid,text,text) to tenon_gate": TOKEN,
  "identity.revoke_own_sessions(uuid,uuid,text,boolean,text) to tenon_gate": PERSON,
  "identity.revoke_session(uuid,uuid,text,uuid,text) to tenon_gate": PERSON,
  "identity.session_user_id(uuid,uuid,text) to tenon_gate": PERSON,
  "identity.sign_in_with_password(text,bytea,text,bytea,bytea,bytea,bytea,text) to tenon_gate":
    "Signing in, with the derived password.",
  "identity.sweep() to tenon_dispatcher": "Removes what has expired, and returns how much.",
  "identity.touch_session(uuid,uuid,text) to tenon_gate": PERSON,
  "identity.unlock(uuid,uuid,text,text) to tenon_gate": TOKEN,
  "identity.update_profile(uuid,uuid,text,jsonb,text) to tenon_gate": PERSON,
};
