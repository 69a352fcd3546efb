import { createHash, randomBytes } from "node:crypto";
import type { Database } from "../../kernel/database/pool.ts";
import type { Credential } from "../../kernel/tenancy/context.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import { derivePasswordHash, type PasswordParameters } from "./passwords.ts";

const SESSION_LIFETIME_DAYS = 30;
const SECRET_BYTES = 32;

export type SignIn = { email: string; password: string; address?: string; agent?: string };

/**
 * Opens a user session when address and password belong together, and resolves with its credential; otherwise, for whatever
 * reason and after the same work, with undefined. Throws TooBusyError while too many passwords are being derived.
 */
export async function signIn(
  database: Database,
  { email, password, address, agent }: SignIn,
): Promise<Credential | undefined> {
  const hash = await derivePasswordHash(password, await readPasswordParameters(database, email));
  const secret = randomBytes(SECRET_BYTES).toString("base64url");
  const secretHash = createHash("sha256").update(secret).digest();
  const [session] = await callOutside<{ user_id: string; session_id: string }>(
    database,
    "gate",
    "select user_id, session_id from identity.open_session($1, $2, $3, make_interval(days => $4), $5, $6)",
    [email, hash, secretHash, SESSION_LIFETIME_DAYS, address, agent],
  );
  return session && { userId: session.user_id, sessionId: session.session_id, secret };
}

/** Ends a session. Resolves with true when it was alive. */
export async function signOut(database: Database, { userId, sessionId, secret }: Credential): Promise<boolean> {
  const [row] = await callOutside<{ ended: boolean }>(
    database,
    "gate",
    "select identity.end_session($1, $2, $3, 'signed out') as ended",
    [userId, sessionId, secret],
  );
  return row?.ended ?? false;
}

async function readPasswordParameters(database: Database, email: string): Promise<PasswordParameters> {
  const [row] = await callOutside<{ password_salt: Buffer } & Omit<PasswordParameters, "salt">>(
    database,
    "gate",
    "select password_salt, memory_kib, passes, parallelism from identity.password_parameters($1)",
    [email],
  );
  if (!row) throw new Error("The database gave no password parameters: migration 0003_identity has not run.");
  const { password_salt: salt, ...costs } = row;
  return { salt, ...costs };
}
