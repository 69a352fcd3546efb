import type { Examples } from "./example.ts";

export const IDENTITY: Examples = {
  "identity.account.sign_up": {
    body: { email: "nobody@example.com", name: "No Body", password: "quite a fine sentence" },
  },
  "identity.account.confirm": { body: { token: "tsu_nothing" } },
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
