import { anyoneRoute, memberRoute, personRoute } from "../../kernel/http/route.ts";
import * as contract from "./contract.ts";
import { addDomain, changeDomain, readDomains, removeDomain, verifyDomain } from "./domains.ts";
import { acceptInvitation, acceptMyInvitation, previewInvitation, readMyInvitations } from "./invitation-acceptance.ts";
import { inviteMembers, readInvitations, resendInvitation, revokeInvitation } from "./invitations.ts";
import { decideJoinRequest, joinOrganization, readJoinable, readJoinRequests } from "./joining.ts";

/** How people come in: by invitation, or by the domain of their address. */
export const joiningRoutes = [
  memberRoute(contract.listInvitations, (context, { query }) => readInvitations(context, query)),
  memberRoute(contract.invite, (context, { body }) => inviteMembers(context, body)),
  memberRoute(contract.resendInvitation, (context, { params }) => resendInvitation(context, params)),
  memberRoute(contract.revokeInvitation, (context, { params }) => revokeInvitation(context, params)),
  anyoneRoute(contract.previewInvitation, (call, { body }) => previewInvitation(call, body.token)),
  anyoneRoute(contract.acceptInvitation, async (call, { body: { token, ...account } }) => {
    const { slug, credential } = await acceptInvitation(call, token, { person: await call.findPerson(), ...account });
    if (credential) call.setSession(credential);
    return { slug };
  }),
  personRoute(contract.listMyInvitations, (call) => readMyInvitations(call)),
  personRoute(contract.acceptMyInvitation, (call, { params }) => acceptMyInvitation(call, params)),
  memberRoute(contract.listDomains, (context) => readDomains(context)),
  memberRoute(contract.addDomain, (context, { body }) => addDomain(context, body)),
  memberRoute(contract.verifyDomain, (context, { params }) => verifyDomain(context, params)),
  memberRoute(contract.changeDomain, (context, { params, body }) => changeDomain(context, { ...params, ...body })),
  memberRoute(contract.listJoinRequests, (context, { query }) => readJoinRequests(context, query)),
  memberRoute(contract.decideJoinRequest, (context, { params, body }) =>
    decideJoinRequest(context, { ...params, ...body }),
  ),
  personRoute(contract.listJoinable, (call) => readJoinable(call)),
  personRoute(contract.joinOrganization, (call, { params }) => joinOrganization(call, params)),
  memberRoute(contract.removeDomain, (context, { params }) => removeDomain(context, params)),
];
