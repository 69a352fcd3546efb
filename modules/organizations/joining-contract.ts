import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { pageOf, pageQuery } from "../../kernel/http/paging.ts";
import { RoleName } from "./invitations-contract.ts";

const ORGANIZATION = "/api/organizations/:organization";
const InOrganization = z.object({ organization: z.string() });

const JoinMode = z.enum(["request", "join"]);

/** A mail domain of the organization, and the TXT record that proves it. */
const Domain = z.object({
  id: z.uuid(),
  domain: z.string(),
  /** The domain as people write it, where that differs. */
  unicode_name: z.string().nullable(),
  /** `request`: a member approves who joins; `join`: they join at once. */
  mode: JoinMode,
  role: RoleName,
  record: z.object({ name: z.string(), type: z.literal("TXT"), value: z.string() }),
  verified_at: z.string().nullable(),
  last_checked_at: z.string().nullable(),
  /** Since when the record of a proved domain is gone; after seven days it is proved no more. */
  missing_since: z.string().nullable(),
  created_at: z.string(),
});

const OfDomain = InOrganization.extend({ domain: z.uuid() });

export const listDomains = endpoint({
  name: "organizations.domain.browse",
  summary: "The organization's mail domains (at most 50)",
  method: "GET",
  path: `${ORGANIZATION}/domains`,
  access: "organization.domain.manage",
  params: InOrganization,
  answer: z.object({ items: z.array(Domain) }),
});

export const addDomain = endpoint({
  name: "organizations.domain.create",
  summary: "Add a mail domain; the answer says which TXT record proves it",
  method: "POST",
  path: `${ORGANIZATION}/domains`,
  access: "organization.domain.manage",
  params: InOrganization,
  body: z.object({
    domain: z.string().trim().min(1).max(253),
    /** The id of the role that joiners get. */
    role: z.uuid(),
    mode: JoinMode.default("request"),
  }),
  answer: Domain,
  example: { body: { domain: "example.org", role: ":role" } },
});

export const verifyDomain = endpoint({
  name: "organizations.domain.verify",
  summary: "Look the TXT record of a domain up",
  method: "POST",
  path: `${ORGANIZATION}/domains/:domain/verification`,
  access: "organization.domain.manage",
  params: OfDomain,
  answer: Domain,
});

export const changeDomain = endpoint({
  name: "organizations.domain.update",
  summary: "Change how people join by a domain, and the role they get",
  method: "PATCH",
  path: `${ORGANIZATION}/domains/:domain`,
  access: "organization.domain.manage",
  params: OfDomain,
  body: z
    .object({ mode: JoinMode.optional(), role: z.uuid().optional() })
    .refine(({ mode, role }) => mode !== undefined || role !== undefined, "Give mode or role."),
  answer: Domain,
  example: { body: { mode: "request" } },
});

export const removeDomain = endpoint({
  name: "organizations.domain.delete",
  summary: "Remove a domain; who joined by it stays",
  method: "DELETE",
  path: `${ORGANIZATION}/domains/:domain`,
  access: "organization.domain.manage",
  params: OfDomain,
});

/** Somebody who asks to join by the domain of their address. */
const JoinRequest = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  domain: z.string(),
  role: RoleName,
  status: z.enum(["open", "approved", "refused"]),
  created_at: z.string(),
  decided_at: z.string().nullable(),
});

export const listJoinRequests = endpoint({
  name: "organizations.join_request.browse",
  summary: "Who asks to join, newest first",
  method: "GET",
  path: `${ORGANIZATION}/join-requests`,
  access: "member.manage",
  params: InOrganization,
  query: z.object({
    status: z.enum(["open", "approved", "refused"]).optional(),
    ...pageQuery(),
  }),
  answer: pageOf(JoinRequest),
});

export const decideJoinRequest = endpoint({
  name: "organizations.join_request.decide",
  summary: "Let somebody in who asks to join, or not",
  method: "POST",
  path: `${ORGANIZATION}/join-requests/:request/decision`,
  access: "member.manage",
  params: InOrganization.extend({ request: z.uuid() }),
  body: z.object({ decision: z.enum(["approve", "refuse"]) }),
  answer: z.object({ status: z.enum(["approved", "refused"]) }),
  example: { body: { decision: "refuse" } },
});

export const listJoinable = endpoint({
  name: "organizations.me.joinable.list",
  summary: "The organizations that one may join by one's proved address",
  method: "GET",
  path: "/api/me/joinable",
  access: "person",
  answer: z.object({
    items: z.array(
      z.object({
        slug: z.string(),
        name: z.string(),
        logo_url: z.string().nullable(),
        mode: JoinMode,
        /** Whether one has asked already, and nobody has decided yet. */
        is_requested: z.boolean(),
      }),
    ),
  }),
});

export const joinOrganization = endpoint({
  name: "organizations.me.joinable.join",
  summary: "Join an organization by one's proved address, or ask to",
  method: "POST",
  path: "/api/me/joinable/:organization",
  access: "person",
  params: InOrganization,
  answer: z.object({ outcome: z.enum(["joined", "requested"]), slug: z.string() }),
});
