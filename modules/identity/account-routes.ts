import { anyoneRoute, personRoute } from "../../kernel/http/route.ts";
import { deleteAccount, restoreAccount } from "./account-deletion.ts";
import * as contract from "./contract.ts";
import { confirmEmailChange, requestEmailChange } from "./email-change.ts";
import { listEvents } from "./history.ts";
import { listSessions, revokeSession, revokeSessions } from "./own-sessions.ts";
import { changePassword, requestPasswordReset, resetPassword } from "./password-changes.ts";
import { readProfile, updateProfile } from "./profile.ts";
import { proveWithPassword } from "./proof.ts";
import { confirmSignUp, signUp } from "./sign-up.ts";
import { unlockAccount } from "./unlocking.ts";

export const accountRoutes = [
  anyoneRoute(contract.signUp, (call, { body }) => done(signUp(call, body))),
  anyoneRoute(contract.confirmSignUp, async (call, { body }) => {
    const { credential, slug } = await confirmSignUp(call, body);
    call.setSession(credential);
    return { slug };
  }),
  personRoute(contract.changePassword, (call, { body }) => done(changePassword(call, body))),
  anyoneRoute(contract.requestPasswordReset, (call, { body }) => done(requestPasswordReset(call, body))),
  anyoneRoute(contract.resetPassword, (call, { body }) => done(resetPassword(call, body))),
  anyoneRoute(contract.unlock, (call, { body }) => done(unlockAccount(call, body))),
  personRoute(contract.requestEmailChange, (call, { body }) => done(requestEmailChange(call, body))),
  anyoneRoute(contract.confirmEmailChange, (call, { body }) => done(confirmEmailChange(call, body))),
  personRoute(contract.readProfile, (call) => readProfile(call)),
  personRoute(contract.updateProfile, updateProfile),
  personRoute(contract.deleteAccount, async (call) => {
    await deleteAccount(call);
    call.setSession(undefined);
    return undefined;
  }),
  anyoneRoute(contract.restoreAccount, (call, { body }) => done(restoreAccount(call, body))),
  personRoute(contract.listSessions, (call) => listSessions(call)),
  personRoute(contract.revokeSession, async (call, { params }) => {
    await revokeSession(call, params.session);
    if (params.session === call.credential.sessionId) call.setSession(undefined);
    return undefined;
  }),
  personRoute(contract.revokeSessions, async (call, { query }) => {
    await revokeSessions(call, query.including === "current");
    if (query.including === "current") call.setSession(undefined);
    return undefined;
  }),
  personRoute(contract.proveWithPassword, (call, { body }) => done(proveWithPassword(call, body))),
  personRoute(contract.listEvents, (call, { query }) => listEvents(call, query)),
];

/** What has nothing to answer. */
async function done(work: Promise<void>): Promise<undefined> {
  await work;
  return undefined;
}
