import { askGate, askGateAs, type Caller, type PersonCaller } from "../../kernel/tenancy/gate.ts";
import { newMailSecret, parseMailToken } from "./mail-tokens.ts";

/**
 * Mails a new address the token that proves it, and tells the old one. Nothing tells whether the new one is somebody else's.
 * Throws when the person has not proved lately who they are (TN007).
 */
export async function requestEmailChange(caller: PersonCaller, { email }: { email: string }): Promise<void> {
  const mail = newMailSecret(caller.services);
  await askGateAs(caller, "identity.request_email_change", [email, mail.hash, mail.sealed]);
  caller.services.wakeWorkers();
}

/** Changes an account's address to the one that a mail's token proves; both are told. Throws `gone`, or TN011 when it got taken. */
export async function confirmEmailChange(caller: Caller, { token }: { token: string }): Promise<void> {
  const { ownerId, id, secret } = parseMailToken("tot", token);
  await askGate(caller, "identity.confirm_email_change", [ownerId, id, secret]);
  caller.services.wakeWorkers();
}
