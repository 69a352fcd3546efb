import { randomUUID } from "node:crypto";
import type { Examples } from "./example.ts";

const NOBODY = "00000000-0000-7000-8000-000000000000";
const TOKEN = `tiv_${NOBODY}_${NOBODY}_${"x".repeat(43)}`;

/** None of them breaks the organization that the tests share: what would is refused as a conflict. */
export const ORGANIZATIONS: Examples = {
  "organizations.organization.create": { body: { name: "Example" } },
  "organizations.organization.update": { body: { description: "An example" } },
  "organizations.organization.delete": { query: { confirm: "another-organization" } },
  "organizations.slug.change": { body: { slug: "sign-in" } },
  "organizations.ownership.transfer": { body: { member: ":member" } },
  "organizations.membership.update": { body: { notification_settings: {} } },
  "organizations.member.set_status": { body: { status: "suspended" } },
  "organizations.member.set_roles": { body: { roles: [":role"] } },
  "organizations.member.set_exceptions": { body: { grants: ["member.read"], denials: [] } },
  "organizations.role.create": { body: { name: "Example", permissions: ["member.read"] } },
  "organizations.role.update": { body: { description: "An example" } },
  "organizations.permission.explain": { query: { member: ":member", permission: "member.read" } },
  "organizations.key.create": { body: { name: "Example", scopes: ["organization.read"] } },
  "organizations.key.update": { body: { name: "Another name" } },
  "organizations.key.rotate": { body: { overlap_hours: 1 } },
  "organizations.service.create": { body: { name: "Example" } },
  "organizations.support.allow": { body: { reason: "Example" } },
  "organizations.support.visit": {
    body: { organization: "example", member: randomUUID(), reason: "An example visit" },
  },
  "organizations.invitation.create": { body: { email: "somebody@example.com", roles: [":role"] } },
  "organizations.invitation.preview": { body: { token: TOKEN } },
  "organizations.invitation.accept": { body: { token: TOKEN, name: "Ada", password: "correct horse battery staple" } },
  "organizations.domain.create": { body: { domain: "example.org", role: ":role" } },
  "organizations.domain.update": { body: { mode: "request" } },
  "organizations.join_request.decide": { body: { decision: "refuse" } },
};
