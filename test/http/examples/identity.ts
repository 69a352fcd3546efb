import type { Examples } from "./example.ts";

const REFRESH = { refresh_token: "trt_nothing" };
const CODE = { code: "000000" };
const SIGNED = { clientDataJSON: "e30", authenticatorData: "AA", signature: "AA" };
const CREDENTIAL = { id: "A".repeat(22), rawId: "A".repeat(22), type: "public-key" };
const NEW_PASSKEY = { ...CREDENTIAL, response: { clientDataJSON: "e30", attestationObject: "AA" } };

export const IDENTITY: Examples = {
  "identity.token.open": { body: { email: "nobody@example.com", password: "not the password" } },
  "identity.token.refresh": { body: REFRESH },
  "identity.token.revoke": { body: REFRESH },
  "identity.totp.add": { body: { name: "Phone" } },
  "identity.totp.confirm": { body: CODE },
  "identity.passkey.add": { body: { name: "Laptop", response: NEW_PASSKEY } },
  "identity.passkey.rename": { body: { name: "Laptop" } },
  "identity.session.open_with_passkey": { body: { challenge: "AA", response: { ...CREDENTIAL, response: SIGNED } } },
  "identity.session.finish": { body: { pending: "tsp_nothing", ...CODE } },
  "identity.session.prove_second_factor": { body: CODE },
  "identity.account.sign_up": { body: { email: "nobody@example.com", name: "No Body" } },
  "identity.account.confirm": { body: { token: "tsu_nothing", password: "quite a fine sentence" } },
  "identity.account.restore": { body: { token: "tot_nothing" } },
  "identity.account.unlock": { body: { token: "tot_nothing" } },
  "identity.email.confirm_change": { body: { token: "tot_nothing" } },
  "identity.email.request_change": { body: { email: "nobody@example.com" } },
  "identity.password.change": { body: { password: "quite a fine sentence" } },
  "identity.password.request_reset": { body: { email: "nobody@example.com" } },
  "identity.password.reset": { body: { token: "tot_nothing", password: "quite a fine sentence" } },
  "identity.profile.update": { body: { timezone: "Europe/Berlin" } },
  "identity.session.prove": { body: { password: "not the password" } },
  "identity.session.open": { body: { email: "nobody@example.com", password: "not the password" } },
};
