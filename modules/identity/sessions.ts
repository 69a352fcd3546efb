import { TooBusyError } from "../../kernel/concurrency.ts";
import { BusyError, type Database } from "../../kernel/database/pool.ts";
import { MAIL_TOKEN } from "../../kernel/mail/outbox.ts";
import { seal } from "../../kernel/secrets/envelope.ts";
import type { SessionCredential } from "../../kernel/tenancy/credential.ts";
import { askGate, askGateAs, type Caller, type PersonCaller } from "../../kernel/tenancy/gate.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import { type NewSession, newSession } from "./opening.ts";
import { hashAnew } from "./password-hash.ts";
import { derivePasswordHash, isBelowCurrent, type PasswordParameters } from "./passwords.ts";
import { newSecret, type Secret } from "./secrets.ts";

/** The first factor was right: the session is open, or wants a second one, for which `pending` is the token. */
export type Opening = { credential: SessionCredential } | { pending: string };

/** What the database says of a session that it began. */
export type BegunSession = { user_id: string; session_id: string | null; pending_id: string | null };

/**
 * Opens a user session when address and password belong together; otherwise, for whatever reason and after the same work,
 * resolves with undefined. Throws TooBusyError while too many passwords are being derived.
 */
export async function signIn(
  caller: Caller,
  credentials: { email: string; password: string },
): Promise<Opening | undefined> {
  const session = newSession("browser");
  const begun = await beginWithPassword(caller, credentials, session);
  return begun && openingOf(begun, session.secret);
}

type Credentials = { email: string; password: string };

/** As `signIn`, for a session of either kind, and resolves with what the database says of it. */
export async function beginWithPassword(
  caller: Caller,
  credentials: Credentials,
  session: NewSession,
): Promise<BegunSession | undefined> {
  const parameters = await readPasswordParameters(caller.database, credentials.email);
  const begun = await tryPassword(caller, credentials, session, parameters);
  if (begun) return begun;
  // While this one was derived, another sign-in may have stored the same password at today's costs.
  const later = await readPasswordParameters(caller.database, credentials.email);
  return later.salt.equals(parameters.salt) ? undefined : tryPassword(caller, credentials, session, later);
}

async function tryPassword(
  caller: Caller,
  { email, password }: Credentials,
  { kind, secret, refresh }: NewSession,
  parameters: PasswordParameters,
): Promise<BegunSession | undefined> {
  const hash = await derivePasswordHash(password, parameters);
  const unlock = newSecret();
  const [begun] = await askGate<BegunSession>(caller, "identity.sign_in_with_password", [
    email,
    hash,
    kind,
    secret.hash,
    refresh?.hash ?? null,
    unlock.hash,
    seal(caller.services.keyring, unlock.text, MAIL_TOKEN),
  ]);
  caller.services.wakeWorkers();
  if (begun && isBelowCurrent(parameters)) await rehash(caller, email, password, hash);
  return begun;
}

/** Keeps a password that was right at today's costs. Who signs in does not fail because there is much to do: another time. */
async function rehash(caller: Caller, email: string, password: string, oldHash: Buffer): Promise<void> {
  try {
    const { salt, hash, memory_kib, passes, parallelism } = await hashAnew(password);
    await askGate(caller, "identity.rehash_password", [email, oldHash, salt, hash, memory_kib, passes, parallelism]);
  } catch (error) {
    if (!(error instanceof TooBusyError || error instanceof BusyError)) throw error;
  }
}

/** What is handed out for a session that was begun with a secret. */
export function openingOf({ user_id: userId, session_id, pending_id }: BegunSession, secret: Secret): Opening {
  return session_id
    ? { credential: { kind: "session", userId, sessionId: session_id, secret: secret.text } }
    : { pending: `tsp_${userId}_${pending_id}_${secret.text}` };
}

/** Ends a session. Resolves with true when it was alive. */
export async function signOut(caller: PersonCaller): Promise<boolean> {
  const [row] = await askGateAs<{ end_session: boolean }>(caller, "identity.end_session");
  return row?.end_session ?? false;
}

/** How the password of an address is derived; for an address without an account, made up and always the same. */
export async function readPasswordParameters(database: Database, email: string): Promise<PasswordParameters> {
  const [row] = await callOutside<{ password_salt: Buffer } & Omit<PasswordParameters, "salt">>(
    database,
    "gate",
    "select password_salt, memory_kib, passes, parallelism from identity.password_parameters($1)",
    [email],
  );
  if (!row) throw new Error("The database gave no password parameters: migration 0004_sign_in has not run.");
  const { password_salt: salt, ...costs } = row;
  return { salt, ...costs };
}
