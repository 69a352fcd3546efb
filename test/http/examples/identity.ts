import type { Examples } from "./example.ts";

export const IDENTITY: Examples = {
  "identity.session.open": { body: { email: "nobody@example.com", password: "not the password" } },
};
