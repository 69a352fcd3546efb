import { Problem } from "../../kernel/errors.ts";
import type { SessionCredential } from "../../kernel/tenancy/credential.ts";
import { askGate, type Caller } from "../../kernel/tenancy/gate.ts";
import { linkIsOver, newMailSecret, parseMailToken } from "./mail-tokens.ts";
import { makePasswordHash } from "./password-hash.ts";
import { newSecret } from "./secrets.ts";
import { slugOf } from "./slugs.ts";
import type { PasswordOwner } from "./weak-passwords.ts";

/** What an organization's name, of 200 characters at most, takes of a person's. */
const PERSON_PART_MAX = 180;

export type WantedAccount = { email: string; name: string; organization?: string | undefined };

/**
 * Keeps what somebody wants to sign up with, and mails the address. Nothing tells whether it has an account. Whoever reads the
 * mail chooses the password: nobody makes an account for another's address and knows how to get into it.
 */
export async function signUp(caller: Caller, { email, name, organization }: WantedAccount): Promise<void> {
  const mail = newMailSecret(caller.services);
  const organizationName = organization ?? `${[...name].slice(0, PERSON_PART_MAX).join("")}'s organization`;
  const wish = [email, name, organizationName, slugOf(organizationName)];
  await askGate(caller, "identity.request_sign_up", [...wish, mail.hash, mail.sealed]);
  caller.services.wakeWorkers();
}

/** A new account's first session, and the slug of its organization. */
export type NewAccount = { credential: SessionCredential; slug: string };

/**
 * Makes the account that a mail's token is about, with its organization and the password that is chosen now. Throws `gone` when
 * the token is not good (any more), `invalid` when the password is too weak, `conflict` (TN011) when the address has got an
 * account meanwhile, TooBusyError while too many passwords are being derived.
 */
export async function confirmSignUp(
  caller: Caller,
  { token, password }: { token: string; password: string },
): Promise<NewAccount> {
  const { id, secret } = parseMailToken("tsu", token);
  const [owner] = await askGate<PasswordOwner>(caller, "identity.read_sign_up", [id, secret]);
  if (!owner) throw linkIsOver();
  const { salt, hash, memory_kib, passes, parallelism } = await makePasswordHash(password, owner);
  const session = newSecret();
  const [made] = await askGate<{ user_id: string; session_id: string; slug: string }>(
    caller,
    "identity.confirm_sign_up",
    [id, secret, salt, hash, memory_kib, passes, parallelism, session.hash],
  );
  if (!made) throw new Problem("internal", { detail: "The database made no account and said nothing." });
  const { user_id: userId, session_id: sessionId, slug } = made;
  return { credential: { kind: "session", userId, sessionId, secret: session.text }, slug };
}
