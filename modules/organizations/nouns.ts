import { type Noun, noun } from "../../kernel/nouns/noun.ts";

/** What the API shows of this module's tables. */
export const nouns: readonly Noun[] = [
  noun({
    table: "organizations.memberships",
    name: "organizations.membership",
    read: "member.read",
    hidden: ["permissions", "effective_permissions", "name_key", "notification_settings"],
  }),
  noun({ table: "organizations.roles", name: "organizations.role", read: "member.read" }),
  noun({ table: "organizations.role_permissions", name: "organizations.role_permission", read: "member.read" }),
  noun({ table: "organizations.member_roles", name: "organizations.member_role", read: "member.read" }),
  noun({ table: "organizations.domains", name: "organizations.domain", read: "organization.domain.manage" }),
  noun({ table: "organizations.join_requests", name: "organizations.join_request", read: "member.manage" }),
  noun({ table: "organizations.slug_history", name: "organizations.old_slug", read: "organization.read" }),
  noun({
    table: "organizations.tags",
    name: "organizations.tag",
    read: "organization.read",
    write: "organization.tag.write",
    writable: ["name", "color"],
    hidden: ["name_key"],
  }),
];
