import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { pageOf, pageQuery } from "../../kernel/http/paging.ts";

/** The signed-in person and the organizations they belong to. `roles` are names. */
export const Me = z.object({
  user_id: z.uuid(),
  email: z.string(),
  name: z.string(),
  avatar_url: z.string().nullable(),
  timezone: z.string(),
  locale: z.string(),
  preferences: z.record(z.string(), z.unknown()),
  /** Whether this session was opened with more than a password. */
  second_factor: z.boolean(),
  /** The supporter who acts in the person's place, if one does. */
  impersonator_id: z.uuid().nullable(),
  organizations: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      slug: z.string(),
      second_factor_required: z.boolean(),
      notification_settings: z.record(z.string(), z.unknown()),
      /** Slugs that it had before; addresses with one of them lead to the present one. */
      old_slugs: z.array(z.string()),
      roles: z.array(z.string()),
      permissions: z.array(z.string()),
      /** Those of the permissions that are held for some rows only: the person's own, or those of the customer that they are. */
      narrow_permissions: z.array(z.string()),
    }),
  ),
  /** Deleted ones that the person may bring back, and until when. */
  deleted_organizations: z.array(z.object({ id: z.uuid(), name: z.string(), until: z.string() })),
});
export type Me = z.infer<typeof Me>;

export const readMe = endpoint({
  name: "organizations.me.read",
  summary: "Who is signed in, and where they belong",
  method: "GET",
  path: "/api/me",
  access: "person",
  answer: Me,
});

const Here = z.object({ organization: z.string() });
const Member = Here.extend({ member: z.uuid() });
const RolePath = Here.extend({ role: z.uuid() });
const Name = z.string().trim().min(1).max(200);
const FreeForm = z.record(z.string().max(100), z.unknown());
const PermissionName = z.string().regex(/^[a-z]+(\.[a-z_]+)+$/, "Send the name of a permission, such as member.read.");

/** An organization's name in addresses. */
const Slug = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "Use lower-case letters, digits and hyphens, at most 63.");

const TimeZone = z.string().max(64).refine(isTimeZone, "Send the name of a time zone, such as Europe/Berlin.");

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

/** What an organization says of itself and how it wants things. */
const OrganizationSettings = z.object({
  name: Name,
  description: z.string().max(2000).nullable(),
  logo_url: z
    .url({ protocol: /^https$/, message: "Send an address that begins with https://." })
    .max(500)
    .nullable(),
  /** By what each is for, as #rrggbb. */
  brand_colors: z.record(z.string().max(50), z.string().regex(/^#[0-9a-fA-F]{6}$/, "Send a colour as #rrggbb.")),
  /** The postal address by its parts, such as street and city. */
  address: z.record(z.string().max(50), z.string().max(200)),
  timezone: TimeZone,
  currency: z.string().regex(/^[A-Z]{3}$/, "Send an ISO 4217 code, such as EUR."),
  settings: FreeForm,
  ai_preferences: FreeForm,
  second_factor_required: z.boolean(),
});

const Organization = OrganizationSettings.extend({
  id: z.uuid(),
  slug: z.string(),
  old_slugs: z.array(z.string()),
  /** Where it differs from the plan; the operator's to set. */
  usage_limits: FreeForm,
  version: z.number(),
  created_at: z.string(),
});

export const createOrganization = endpoint({
  name: "organizations.organization.create",
  summary: "Make an organization and become its owner",
  method: "POST",
  path: "/api/organizations",
  access: "person",
  /** Without a slug, one is made of the name. */
  body: z.object({ name: Name, slug: Slug.optional() }),
  answer: z.object({ id: z.uuid(), slug: z.string() }),
  example: { body: { name: "Example" } },
});

export const readOrganization = endpoint({
  name: "organizations.organization.read",
  summary: "The organization and its settings",
  method: "GET",
  path: "/api/organizations/:organization",
  access: "organization.read",
  params: Here,
  answer: Organization,
});

export const updateOrganization = endpoint({
  name: "organizations.organization.update",
  summary: "Change settings of the organization",
  method: "PATCH",
  path: "/api/organizations/:organization",
  access: "organization.update",
  params: Here,
  /** With `version`, the change is refused when somebody else has changed the organization since. */
  body: OrganizationSettings.partial().extend({ version: z.number().int().optional() }).strict(),
  answer: Organization,
  example: { body: { description: "An example" } },
});
export type OrganizationChanges = z.infer<typeof updateOrganization.body>;

export const changeSlug = endpoint({
  name: "organizations.slug.change",
  summary: "Give the organization another address; the old one leads to it",
  method: "PUT",
  path: "/api/organizations/:organization/slug",
  access: "organization.update",
  params: Here,
  body: z.object({ slug: Slug }),
  answer: z.object({ slug: z.string() }),
  example: { body: { slug: "sign-in" } },
});

export const deleteOrganization = endpoint({
  name: "organizations.organization.delete",
  summary: "Delete the organization; an owner can bring it back for 30 days",
  method: "DELETE",
  path: "/api/organizations/:organization",
  access: "organization.own",
  params: Here,
  /** The organization's own slug, so that nobody deletes the wrong one. */
  query: z.object({ confirm: z.string().max(63) }),
  example: { query: { confirm: "another-organization" } },
});

export const transferOwnership = endpoint({
  name: "organizations.ownership.transfer",
  summary: "Make another member an owner, and become an admin",
  method: "POST",
  path: "/api/organizations/:organization/ownership",
  access: "organization.own",
  params: Here,
  body: z.object({ member: z.uuid() }),
  example: { body: { member: ":member" } },
});

export const restoreOrganization = endpoint({
  name: "organizations.organization.restore",
  summary: "Bring a deleted organization back, by its id or slug",
  method: "POST",
  path: "/api/me/organizations/:organization/restoration",
  access: "person",
  params: Here,
});

export const leaveOrganization = endpoint({
  name: "organizations.membership.leave",
  summary: "Leave an organization, by its id or slug",
  method: "POST",
  path: "/api/me/organizations/:organization/departure",
  access: "person",
  params: Here,
});

export const updateMyMembership = endpoint({
  name: "organizations.membership.update",
  summary: "Say what to be told by an organization, by its id or slug",
  method: "PATCH",
  path: "/api/me/organizations/:organization",
  access: "person",
  params: Here,
  body: z.object({ notification_settings: FreeForm }),
  example: { body: { notification_settings: {} } },
});

const MEMBER_STATUSES = ["active", "pending", "suspended", "left"] as const;
const SCOPES = ["organization", "own", "client"] as const;

/** A member as colleagues see one. */
export const MemberRow = z.object({
  user_id: z.uuid(),
  kind: z.enum(["person", "service"]),
  name: z.string(),
  email: z.string(),
  avatar_url: z.string().nullable(),
  status: z.enum(MEMBER_STATUSES),
  joined_at: z.string(),
  left_at: z.string().nullable(),
  last_active_at: z.string().nullable(),
  roles: z.array(z.object({ id: z.uuid(), name: z.string() })),
});
export type MemberRow = z.infer<typeof MemberRow>;

export const listMembers = endpoint({
  name: "organizations.member.list",
  summary: "The members by name; whoever sees only their own sees themselves",
  method: "GET",
  path: "/api/organizations/:organization/members",
  access: "member.read",
  params: Here,
  query: z.object({
    /** How the name or the address begins. */
    search: z.string().max(200).optional(),
    status: z.enum(MEMBER_STATUSES).optional(),
    /** The id of a role that they hold. */
    role: z.uuid().optional(),
    ...pageQuery(),
  }),
  answer: pageOf(MemberRow),
});

export const readMember = endpoint({
  name: "organizations.member.read",
  summary: "A member, and what they may do",
  method: "GET",
  path: "/api/organizations/:organization/members/:member",
  access: "member.read",
  params: Member,
  answer: MemberRow.extend({
    grants: z.array(z.string()),
    denials: z.array(z.string()),
    /** Each permission held, with the widest scope. */
    effective_permissions: z.record(z.string(), z.enum(SCOPES)),
  }),
});

export const setMemberStatus = endpoint({
  name: "organizations.member.set_status",
  summary: "Suspend a member, or let one in again",
  method: "PUT",
  path: "/api/organizations/:organization/members/:member/status",
  access: "member.manage",
  params: Member,
  body: z.object({ status: z.enum(["active", "suspended"]) }),
  example: { body: { status: "suspended" } },
});

export const removeMember = endpoint({
  name: "organizations.member.remove",
  summary: "End a membership; the person is told",
  method: "DELETE",
  path: "/api/organizations/:organization/members/:member",
  access: "member.manage",
  params: Member,
});

export const setMemberRoles = endpoint({
  name: "organizations.member.set_roles",
  summary: "Give a member these roles and no others",
  method: "PUT",
  path: "/api/organizations/:organization/members/:member/roles",
  access: "member.manage",
  params: Member,
  body: z.object({ roles: z.array(z.uuid()).max(50) }),
  example: { body: { roles: [":role"] } },
});

export const setMemberExceptions = endpoint({
  name: "organizations.member.set_exceptions",
  summary: "Grant and deny a member permissions beside the roles",
  method: "PUT",
  path: "/api/organizations/:organization/members/:member/exceptions",
  access: "member.manage",
  params: Member,
  body: z.object({ grants: z.array(PermissionName).max(200), denials: z.array(PermissionName).max(200) }),
  example: { body: { grants: ["member.read"], denials: [] } },
});

/** `members` is how many hold it; null for whoever sees only themselves. */
export const Role = z.object({
  id: z.uuid(),
  name: z.string(),
  scope: z.enum(SCOPES),
  description: z.string(),
  built_in: z.boolean(),
  permissions: z.array(z.string()),
  members: z.number().nullable(),
});
export type Role = z.infer<typeof Role>;

export const listRoles = endpoint({
  name: "organizations.role.browse",
  summary: "The roles, what they permit, and how many hold them",
  method: "GET",
  path: "/api/organizations/:organization/roles",
  access: "member.read",
  params: Here,
  answer: z.object({ items: z.array(Role) }),
});

const RoleName = z.string().trim().min(1).max(100);
const RoleDescription = z.string().max(1000);
const RolePermissions = z.array(PermissionName).max(500);

export const createRole = endpoint({
  name: "organizations.role.create",
  summary: "Make a role of the organization's own",
  method: "POST",
  path: "/api/organizations/:organization/roles",
  access: "role.manage",
  params: Here,
  body: z.object({
    name: RoleName,
    /** Whose rows its holders see; it stays as it is. */
    scope: z.enum(SCOPES).default("organization"),
    description: RoleDescription.default(""),
    permissions: RolePermissions,
  }),
  answer: Role,
  example: { body: { name: "Example", permissions: ["member.read"] } },
});
export type NewRole = z.infer<typeof createRole.body>;

export const updateRole = endpoint({
  name: "organizations.role.update",
  summary: "Change the name, description or permissions of a role",
  method: "PATCH",
  path: "/api/organizations/:organization/roles/:role",
  access: "role.manage",
  params: RolePath,
  body: z.object({ name: RoleName, description: RoleDescription, permissions: RolePermissions }).partial().strict(),
  answer: Role,
  example: { body: { description: "An example" } },
});
export type RoleChanges = z.infer<typeof updateRole.body>;

export const deleteRole = endpoint({
  name: "organizations.role.delete",
  summary: "Delete a role that nobody holds",
  method: "DELETE",
  path: "/api/organizations/:organization/roles/:role",
  access: "role.manage",
  params: RolePath,
});

export const listPermissions = endpoint({
  name: "organizations.permission.list",
  summary: "Everything that can be permitted",
  method: "GET",
  path: "/api/organizations/:organization/permissions",
  access: "member.read",
  params: Here,
  answer: z.object({ items: z.array(z.object({ name: z.string(), description: z.string() })) }),
});

export const explainPermission = endpoint({
  name: "organizations.permission.explain",
  summary: "Whether a member may do something, and by what",
  method: "GET",
  path: "/api/organizations/:organization/permissions/explain",
  access: "member.read",
  params: Here,
  query: z.object({ member: z.uuid(), permission: PermissionName }),
  answer: z.object({
    allowed: z.boolean(),
    /** Whose rows it is allowed on; null when it is not. */
    scope: z.enum(SCOPES).nullable(),
    because: z.array(
      z.object({
        kind: z.enum(["role", "grant", "denial", "status", "organization"]),
        name: z.string(),
        scope: z.enum(SCOPES).nullable(),
      }),
    ),
  }),
  example: { query: { member: ":member", permission: "member.read" } },
});
