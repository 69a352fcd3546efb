import type { Examples } from "./example.ts";

const NOBODY = "00000000-0000-7000-8000-000000000000";
const TOKEN = `tiv_${NOBODY}_${NOBODY}_${"x".repeat(43)}`;

export const ORGANIZATIONS: Examples = {
  "organizations.invitation.create": { body: ({ role }) => ({ email: "somebody@example.com", roles: [role] }) },
  "organizations.invitation.preview": { body: { token: TOKEN } },
  "organizations.invitation.accept": { body: { token: TOKEN, name: "Ada", password: "correct horse battery staple" } },
  "organizations.domain.create": { body: ({ role }) => ({ domain: "example.org", role }) },
  "organizations.domain.update": { body: { mode: "request" } },
  "organizations.join_request.decide": { body: { decision: "refuse" } },
};
