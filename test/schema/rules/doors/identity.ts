import { type Doors, PERSON, TOKEN } from "./doors.ts";

export const IDENTITY_DOORS: Doors = {
  "identity.add_passkey(uuid,uuid,text,bytea,text,text,bytea,bigint,text[],bytea[],text) to tenon_gate": PERSON,
  "identity.add_totp(uuid,uuid,text,text,bytea,text) to tenon_gate": PERSON,
  "identity.confirm_totp(uuid,uuid,text,uuid,bigint,bytea[],text) to tenon_gate": PERSON,
  "identity.end_session(uuid,uuid,text,text) to tenon_gate": PERSON,
  "identity.finish_sign_in(uuid,uuid,text,jsonb,text,bytea,bytea,bytea,bytea,text) to tenon_gate": TOKEN,
  "identity.list_factors(uuid,uuid,text) to tenon_gate": PERSON,
  "identity.password_parameters(text) to tenon_gate": "Gives a salt for any address, so that it tells nothing.",
  "identity.pending_totp_seeds(uuid,uuid,text) to tenon_gate": TOKEN,
  "identity.prove_second_factor(uuid,uuid,text,jsonb,bytea,bytea,text) to tenon_gate": PERSON,
  "identity.read_passkey(text) to tenon_gate": "Gives a public key, by a name that only its authenticator tells.",
  "identity.read_totp_seed(uuid,uuid,text,uuid) to tenon_gate": PERSON,
  "identity.refresh_session(uuid,uuid,bigint,bytea,boolean,bytea,bytea,text) to tenon_gate": TOKEN,
  "identity.remove_passkey(uuid,uuid,text,uuid,text) to tenon_gate": PERSON,
  "identity.remove_totp(uuid,uuid,text,uuid,text) to tenon_gate": PERSON,
  "identity.rename_passkey(uuid,uuid,text,uuid,text,text) to tenon_gate": PERSON,
  "identity.renew_recovery_codes(uuid,uuid,text,bytea[],text) to tenon_gate": PERSON,
  "identity.revoke_refresh(uuid,uuid,bigint,bytea,boolean,text) to tenon_gate": TOKEN,
  "identity.session_totp_seeds(uuid,uuid,text) to tenon_gate": PERSON,
  "identity.session_user_id(uuid,uuid,text) to tenon_gate": PERSON,
  "identity.sign_in_with_passkey(uuid,jsonb,text,bytea,bytea,text) to tenon_gate":
    "Signing in, with a passkey whose signature was verified.",
  "identity.sign_in_with_password(text,bytea,text,bytea,bytea,bytea,bytea,text) to tenon_gate":
    "Signing in, with the derived password.",
  "identity.start_passkey(uuid,uuid,text,bytea,text) to tenon_gate": PERSON,
  "identity.start_passkey_sign_in(bytea,text) to tenon_gate": "Keeps a challenge for anyone; it opens nothing.",
  "identity.touch_session(uuid,uuid,text) to tenon_gate": PERSON,
};
