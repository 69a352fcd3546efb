import { type Doors, PERSON } from "./doors.ts";

export const IDENTITY_DOORS: Doors = {
  "identity.end_session(uuid,uuid,text,text) to tenon_gate": PERSON,
  "identity.identities(uuid,uuid,text,text) to tenon_gate": PERSON,
  "identity.link_identity(uuid,uuid,text,text,text,text,text) to tenon_gate": PERSON,
  "identity.open_external_session(text,text,bytea,timestamp with time zone,timestamp with time zone,text) to tenon_gate":
    "Opens a session of another issuer's token, whose signature the server has verified: PostgreSQL cannot.",
  "identity.password_parameters(text) to tenon_gate": "Gives a salt for any address, so that it tells nothing.",
  "identity.require_proof(uuid,uuid,text,text) to tenon_gate": PERSON,
  "identity.session_user_id(uuid,uuid,text) to tenon_gate": PERSON,
  "identity.sign_in_provider(text,text) to tenon_gate":
    "How to sign in with a provider; its client's secret is sealed.",
  "identity.sign_in_providers(text) to tenon_gate": "Whom people may sign in with, for everybody to read.",
  "identity.sign_in_with_identity(text,text,text,boolean,text,bytea,text) to tenon_gate":
    "Signing in with a provider, whose signature the server has verified.",
  "identity.sign_in_with_password(text,bytea,text,bytea,bytea,bytea,bytea,text) to tenon_gate":
    "Signing in, with the derived password.",
  "identity.token_issuer(text,text) to tenon_gate": "How to check the tokens of an issuer.",
  "identity.touch_session(uuid,uuid,text) to tenon_gate": PERSON,
  "identity.unlink_identity(uuid,uuid,text,uuid,text) to tenon_gate": PERSON,
};
