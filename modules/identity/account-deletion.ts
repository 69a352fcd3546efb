import { askGate, askGateAs, type Caller, type PersonCaller } from "../../kernel/tenancy/gate.ts";
import { newMailSecret, parseMailToken } from "./mail-tokens.ts";

/**
 * Closes the account of who is signed in and mails them the token that brings it back, for 30 days. Throws TN011 with the
 * names of the organizations that would be left without an owner, TN007 without a recent proof.
 */
export async function deleteAccount(caller: PersonCaller): Promise<void> {
  const mail = newMailSecret(caller.services);
  await askGateAs(caller, "identity.delete_account", [mail.hash, mail.sealed]);
  caller.services.wakeWorkers();
}

/** Brings a deleted account back by a mail's token. Throws `gone` when it is not good (any more). */
export async function restoreAccount(caller: Caller, { token }: { token: string }): Promise<void> {
  const { ownerId, id, secret } = parseMailToken("tot", token);
  await askGate(caller, "identity.restore_account", [ownerId, id, secret]);
}
