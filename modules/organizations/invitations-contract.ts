import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { pageOf, pageQuery } from "../../kernel/http/paging.ts";

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

export const RoleName = z.object({ id: z.uuid(), name: z.string() });

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
    ...pageQuery(),
  }),
  answer: pageOf(Invitation),
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
  example: { body: { email: "somebody@example.com", roles: [":role"] } },
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
  example: {
    body: {
      token:
        "tiv_00000000-0000-7000-8000-000000000000_00000000-0000-7000-8000-000000000000_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    },
  },
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
  example: {
    body: {
      token:
        "tiv_00000000-0000-7000-8000-000000000000_00000000-0000-7000-8000-000000000000_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
      name: "Ada",
      password: "correct horse battery staple",
    },
  },
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
