import { type Doors, PERSON, TOKEN } from "./doors.ts";

export const IDENTITY_DOORS: Doors = {
  "identity.add_passkey(uuid,uuid,text,bytea,text,text,bytea,bigint,text[],bytea[],text) to tenon_gate": PERSON,
  "identity.add_totp(uuid,uuid,text,text,bytea,text) to tenon_gate": PERSON,
  "identity.confirm_totp(uuid,uuid,text,uuid,bigint,bytea[],text) to tenon_gate": PERSON,
  "identity.end_session(uuid,uuid,text,text) to tenon_gate": PERSON,
  "identity.finish_sign_in(uuid,uuid,text,jsonb,text,bytea,bytea,bytea,bytea,text) to tenon_gate": TOKEN,
  "identity.identities(uuid,uuid,text,text) to tenon_gate": PERSON,
  "identity.link_identity(uuid,uuid,text,text,text,text,text) to tenon_gate": PERSON,
  "identity.list_factors(uuid,uuid,text) to tenon_gate": PERSON,
  "identity.open_external_session(text,text,bytea,timestamp with time zone,timestamp with time zone,text) to tenon_gate":
    "Opens a session of another issuer's token, whose signature the server has verified: PostgreSQL cannot.",
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
  "identity.require_proof(uuid,uuid,text,text) to tenon_gate": PERSON,
  "identity.revoke_refresh(uuid,uuid,bigint,bytea,boolean,text) to tenon_gate": TOKEN,
  "identity.session_totp_seeds(uuid,uuid,text) to tenon_gate": PERSON,
  "identity.session_user_id(uuid,uuid,text) to tenon_gate": PERSON,
  "identity.sign_in_provider(text,text) to tenon_gate":
    "How to sign in with a provider; its client's secret is sealed.",
  "identity.sign_in_providers(text) to tenon_gate": "Whom people may sign in with, for everybody to read.",
  "identity.sign_in_with_identity(text,text,text,boolean,text,bytea,text) to tenon_gate":
    "Signing in with a provider, whose signature the server has verified.",
  "identity.sign_in_with_passkey(uuid,jsonb,text,bytea,bytea,text) to tenon_gate":
    "Signing in, with a passkey whose signature was verified.",
  "identity.sign_in_with_password(text,bytea,text,bytea,bytea,bytea,bytea,text) to tenon_gate":
    "Signing in, with the derived password.",
  "identity.start_passkey(uuid,uuid,text,bytea,text) to tenon_gate": PERSON,
  "identity.start_passkey_sign_in(bytea,text) to tenon_gate": "Keeps a challenge for anyone; it opens nothing.",
  "identity.token_issuer(text,text) to tenon_gate": "How to check the tokens of an issuer.",
  "identity.touch_session(uuid,uuid,text) to tenon_gate": PERSON,
  "identity.unlink_identity(uuid,uuid,text,uuid,text) to tenon_gate": PERSON,
};
