import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

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
      roles: z.array(z.string()),
      permissions: z.array(z.string()),
    }),
  ),
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

const ORGANIZATION = "/api/organizations/:organization";
const InOrganization = z.object({ organization: z.string() });

/** An e-mail address as people write it. */
const Email = z
  .string()
  .trim()
  .max(254)
  .regex(/^[^@\s]+@[^@\s]+$/, "This is no e-mail address.");

const INVITED_AT_ONCE_MAX = 50;
const ROLES_MAX = 20;
const MESSAGE_LENGTH_MAX = 500;

const RoleName = z.object({ id: z.uuid(), name: z.string() });

/** An invitation as members see it. `inviter` is a name. */
const Invitation = z.object({
  id: z.uuid(),
  email: z.string(),
  status: z.enum(["open", "accepted", "expired", "revoked"]),
  message: z.string().nullable(),
  roles: z.array(RoleName),
  inviter: z.string().nullable(),
  sent_count: z.int(),
  last_sent_at: z.string(),
  created_at: z.string(),
  expires_at: z.string(),
  accepted_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
});

export const NewInvitations = z
  .object({
    email: Email.optional(),
    emails: z.array(Email).min(1).max(INVITED_AT_ONCE_MAX).optional(),
    /** The ids of the roles that the invited people get. */
    roles: z.array(z.uuid()).min(1).max(ROLES_MAX),
    message: z.string().trim().max(MESSAGE_LENGTH_MAX).optional(),
  })
  .refine(({ email, emails }) => (email === undefined) !== (emails === undefined), "Give either email or emails.");
export type NewInvitations = z.infer<typeof NewInvitations>;

const OfInvitation = InOrganization.extend({ invitation: z.uuid() });

export const listInvitations = endpoint({
  name: "organizations.invitation.list",
  summary: "The invitations, newest first",
  method: "GET",
  path: `${ORGANIZATION}/invitations`,
  access: "member.manage",
  params: InOrganization,
  query: z.object({
    status: z.enum(["open", "accepted", "expired", "revoked"]).optional(),
    /** The id of the last invitation of the page before. */
    after: z.uuid().optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  answer: z.object({ items: z.array(Invitation), next: z.uuid().nullable() }),
});

export const invite = endpoint({
  name: "organizations.invitation.create",
  summary: "Invite one address or up to 50, all of them or none, with roles that one has oneself",
  method: "POST",
  path: `${ORGANIZATION}/invitations`,
  access: "member.manage",
  params: InOrganization,
  body: NewInvitations,
  answer: z.object({ items: z.array(Invitation) }),
});

export const resendInvitation = endpoint({
  name: "organizations.invitation.resend",
  summary: "Send an invitation again, with a new link; the old one is void",
  method: "POST",
  path: `${ORGANIZATION}/invitations/:invitation/resend`,
  access: "member.manage",
  params: OfInvitation,
  answer: Invitation,
});

export const revokeInvitation = endpoint({
  name: "organizations.invitation.revoke",
  summary: "Take an invitation back",
  method: "DELETE",
  path: `${ORGANIZATION}/invitations/:invitation`,
  access: "member.manage",
  params: OfInvitation,
});

const InvitationToken = z.string().min(1).max(300);
const InvitingOrganization = z.object({ name: z.string(), logo_url: z.string().nullable() });
const Accepted = z.object({ slug: z.string() });

export const previewInvitation = endpoint({
  name: "organizations.invitation.preview",
  summary: "What an invitation is about, for whoever has its link",
  method: "POST",
  path: "/api/invitations/preview",
  access: "anyone",
  limit: "sign_in",
  body: z.object({ token: InvitationToken }),
  answer: z.object({
    organization: InvitingOrganization,
    email: z.string(),
    message: z.string().nullable(),
    inviter: z.string().nullable(),
    roles: z.array(z.string()),
    expires_at: z.string(),
    /** Whether to sign in, or to choose a name and a password. */
    has_account: z.boolean(),
  }),
});

export const acceptInvitation = endpoint({
  name: "organizations.invitation.accept",
  summary: "Accept an invitation: signed in as the invited person, or with the name and password of a new account",
  method: "POST",
  path: "/api/invitations/acceptance",
  access: "anyone",
  limit: "sign_in",
  body: z.object({
    token: InvitationToken,
    name: z.string().trim().min(1).max(200).optional(),
    password: z.string().min(1).max(1024).optional(),
  }),
  answer: Accepted,
});

export const listMyInvitations = endpoint({
  name: "organizations.me.invitation.list",
  summary: "The open invitations to one's proved address",
  method: "GET",
  path: "/api/me/invitations",
  access: "person",
  answer: z.object({
    items: z.array(
      z.object({
        id: z.uuid(),
        organization: InvitingOrganization,
        inviter: z.string().nullable(),
        message: z.string().nullable(),
        roles: z.array(z.string()),
        expires_at: z.string(),
      }),
    ),
  }),
});

export const acceptMyInvitation = endpoint({
  name: "organizations.me.invitation.accept",
  summary: "Accept an invitation to one's proved address",
  method: "POST",
  path: "/api/me/invitations/:invitation/acceptance",
  access: "person",
  params: z.object({ invitation: z.uuid() }),
  answer: Accepted,
});

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
  name: "organizations.domain.list",
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
  name: "organizations.join_request.list",
  summary: "Who asks to join, newest first",
  method: "GET",
  path: `${ORGANIZATION}/join-requests`,
  access: "member.manage",
  params: InOrganization,
  query: z.object({
    status: z.enum(["open", "approved", "refused"]).optional(),
    /** The id of the last request of the page before. */
    after: z.uuid().optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  answer: z.object({ items: z.array(JoinRequest), next: z.uuid().nullable() }),
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
