import type { Examples } from "./example.ts";

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
};
