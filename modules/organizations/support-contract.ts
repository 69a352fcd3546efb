import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

const GRANTS = "/api/organizations/:organization/support-grants";

const SUPPORT_HOURS_MAX = 7 * 24;
const SUPPORT_HOURS_DEFAULT = 24;

const InOrganization = z.object({ organization: z.string() });
const Named = z.object({ id: z.uuid(), name: z.string() });

const SupportVisit = z.object({
  id: z.uuid(),
  supporter: Named,
  /** In whose place the supporter acted. */
  member: Named,
  reason: z.string(),
  started_at: z.string(),
  ends_at: z.string(),
  /** When and why it was ended early. */
  ended_at: z.string().nullable(),
  end_reason: z.string().nullable(),
});

const SupportGrant = z.object({
  id: z.uuid(),
  reason: z.string(),
  granted_by: Named,
  created_at: z.string(),
  expires_at: z.string(),
  revoked_at: z.string().nullable(),
  is_live: z.boolean(),
  visits: z.array(SupportVisit),
});

export const listSupportGrants = endpoint({
  name: "organizations.support.list",
  summary: "When support was let in, and who came",
  method: "GET",
  path: GRANTS,
  access: "organization.support.manage",
  params: InOrganization,
  answer: z.object({ items: z.array(SupportGrant) }),
});

export const allowSupport = endpoint({
  name: "organizations.support.allow",
  summary: "Let support in for a while",
  method: "POST",
  path: GRANTS,
  access: "organization.support.manage",
  params: InOrganization,
  body: z.object({
    reason: z.string().trim().min(1).max(500),
    expires_in_hours: z.int().min(1).max(SUPPORT_HOURS_MAX).default(SUPPORT_HOURS_DEFAULT),
  }),
  answer: z.object({ id: z.uuid(), expires_at: z.string() }),
  example: { body: { reason: "Example" } },
});

export const revokeSupport = endpoint({
  name: "organizations.support.revoke",
  summary: "Let support in no longer; its visits end",
  method: "DELETE",
  path: `${GRANTS}/:grant`,
  access: "organization.support.manage",
  params: z.object({ organization: z.string(), grant: z.uuid() }),
});

export const openSupportVisit = endpoint({
  name: "organizations.support.visit",
  summary: "Act in a member's place, as support and with the organization's consent",
  method: "POST",
  path: "/api/support/visits",
  access: "person",
  body: z.object({
    /** The organization's name in addresses. */
    organization: z.string().min(1).max(63),
    member: z.uuid(),
    reason: z.string().trim().min(10).max(500),
  }),
  /** The token of a session that opens this organization only; DELETE /api/session with it ends the visit. */
  answer: z.object({ token: z.string(), ends_at: z.string() }),
  example: { body: { organization: "example", member: ":member", reason: "An example visit" } },
});
