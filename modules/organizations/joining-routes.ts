import { anyoneRoute, memberRoute, personRoute } from "../../kernel/http/route.ts";
import { addDomain, changeDomain, readDomains, removeDomain, verifyDomain } from "./domains.ts";
import { acceptInvitation, acceptMyInvitation, previewInvitation, readMyInvitations } from "./invitation-acceptance.ts";
import { inviteMembers, readInvitations, resendInvitation, revokeInvitation } from "./invitations.ts";
import * as invitations from "./invitations-contract.ts";
import { decideJoinRequest, joinOrganization, readJoinable, readJoinRequests } from "./joining.ts";
import * as joining from "./joining-contract.ts";

/** How people come in: by invitation, or by the domain of their address. */
export const joiningRoutes = [
  memberRoute(invitations.listInvitations, (context, { query }) => readInvitations(context, query)),
  memberRoute(invitations.invite, (context, { body }) => inviteMembers(context, body)),
  memberRoute(invitations.resendInvitation, (context, { params }) => resendInvitation(context, params)),
  memberRoute(invitations.revokeInvitation, (context, { params }) => revokeInvitation(context, params)),
  anyoneRoute(invitations.previewInvitation, (call, { body }) => previewInvitation(call, body.token)),
  anyoneRoute(invitations.acceptInvitation, async (call, { body: { token, ...account } }) => {
    const { slug, credential } = await acceptInvitation(call, token, { person: await call.findPerson(), ...account });
    if (credential) call.setSession(credential);
    return { slug };
  }),
  personRoute(invitations.listMyInvitations, (call) => readMyInvitations(call)),
  personRoute(invitations.acceptMyInvitation, (call, { params }) => acceptMyInvitation(call, params)),
  memberRoute(joining.listDomains, (context) => readDomains(context)),
  memberRoute(joining.addDomain, (context, { body }) => addDomain(context, body)),
  memberRoute(joining.verifyDomain, (context, { params }) => verifyDomain(context, params)),
  memberRoute(joining.changeDomain, (context, { params, body }) => changeDomain(context, { ...params, ...body })),
  memberRoute(joining.listJoinRequests, (context, { query }) => readJoinRequests(context, query)),
  memberRoute(joining.decideJoinRequest, (context, { params, body }) =>
    decideJoinRequest(context, { ...params, ...body }),
  ),
  personRoute(joining.listJoinable, (call) => readJoinable(call)),
  personRoute(joining.joinOrganization, (call, { params }) => joinOrganization(call, params)),
  memberRoute(joining.removeDomain, (context, { params }) => removeDomain(context, params)),
];
