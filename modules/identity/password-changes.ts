import { askGate, askGateAs, type Caller, type PersonCaller } from "../../kernel/tenancy/gate.ts";
import { linkIsOver, newMailSecret, parseMailToken } from "./mail-tokens.ts";
import { makePasswordHash } from "./password-hash.ts";
import { personOfSession } from "./profile.ts";
import { proveWithPassword } from "./proof.ts";

/**
 * Changes the password of who is signed in; their other sessions end. The current password, where it is given, is taken as a
 * proof first. Throws `proof_needed` when there is none, or it is older than 15 minutes.
 */
export async function changePassword(
  caller: PersonCaller,
  { password, current_password }: { password: string; current_password?: string | undefined },
): Promise<void> {
  const person = await personOfSession(caller);
  if (current_password !== undefined) await proveWithPassword(caller, { password: current_password });
  const { salt, hash, memory_kib, passes, parallelism } = await makePasswordHash(password, person);
  await askGateAs(caller, "identity.change_password", [salt, hash, memory_kib, passes, parallelism]);
  caller.services.wakeWorkers();
}

/** Mails an address the token that sets its account's password anew, if there is one; nothing tells whether. */
export async function requestPasswordReset(caller: Caller, { email }: { email: string }): Promise<void> {
  const mail = newMailSecret(caller.services);
  await askGate(caller, "identity.request_password_reset", [email, mail.hash, mail.sealed]);
  caller.services.wakeWorkers();
}

/**
 * Sets a password anew by a mail's token: all sessions end, a lockout too; second factors stay. Throws `gone` when the token
 * is not good (any more), before anything is derived, and `invalid` when the password is too weak: the token stays good then.
 */
export async function resetPassword(
  caller: Caller,
  { token, password }: { token: string; password: string },
): Promise<void> {
  const { ownerId, id, secret } = parseMailToken("tot", token);
  const [person] = await askGate<{ email: string; name: string }>(caller, "identity.person_to_reset", [
    ownerId,
    id,
    secret,
  ]);
  if (!person) throw linkIsOver();
  const { salt, hash, memory_kib, passes, parallelism } = await makePasswordHash(password, person);
  await askGate(caller, "identity.reset_password", [ownerId, id, secret, salt, hash, memory_kib, passes, parallelism]);
  caller.services.wakeWorkers();
}
