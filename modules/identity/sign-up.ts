import { Problem } from "../../kernel/errors.ts";
import type { SessionCredential } from "../../kernel/tenancy/credential.ts";
import { askGate, type Caller } from "../../kernel/tenancy/gate.ts";
import { newMailSecret, parseMailToken } from "./mail-tokens.ts";
import { makePasswordHash } from "./password-hash.ts";
import { newSecret } from "./secrets.ts";
import { slugOf } from "./slugs.ts";

/** What an organization's name, of 200 characters at most, takes of a person's. */
const PERSON_PART_MAX = 180;

export type WantedAccount = { email: string; name: string; password: string; organization?: string | undefined };

/**
 * Keeps what somebody wants to sign up with, and mails the address. Nothing tells whether it has an account. Throws
 * `invalid` when the password is too weak, TooBusyError while too many passwords are being derived.
 */
export async function signUp(caller: Caller, { email, name, password, organization }: WantedAccount): Promise<void> {
  const { salt, hash, memory_kib, passes, parallelism } = await makePasswordHash(password, { email, name });
  const mail = newMailSecret(caller.services);
  const organizationName = organization ?? `${[...name].slice(0, PERSON_PART_MAX).join("")}'s organization`;
  await askGate(caller, "identity.request_sign_up", [
    email,
    name,
    organizationName,
    slugOf(organizationName),
    salt,
    hash,
    memory_kib,
    passes,
    parallelism,
    mail.hash,
    mail.sealed,
  ]);
  caller.services.wakeMail();
}

/** A new account's first session, and the slug of its organization. */
export type NewAccount = { credential: SessionCredential; slug: string };

/**
 * Makes the account that a mail's token is about, with its organization. Throws `gone` when the token is not good (any
 * more), `conflict` (TN011) when the address has got an account meanwhile.
 */
export async function confirmSignUp(caller: Caller, { token }: { token: string }): Promise<NewAccount> {
  const { id, secret } = parseMailToken("tsu", token);
  const session = newSecret();
  const [made] = await askGate<{ user_id: string; session_id: string; slug: string }>(
    caller,
    "identity.confirm_sign_up",
    [id, secret, session.hash],
  );
  if (!made) throw new Problem("internal", { detail: "The database made no account and said nothing." });
  const { user_id: userId, session_id: sessionId, slug } = made;
  return { credential: { kind: "session", userId, sessionId, secret: session.text }, slug };
}
