import type { Credential } from "../tenancy/credential.ts";
import type { Caller } from "../tenancy/gate.ts";
import { callOutside } from "../tenancy/transaction.ts";

const EVERY_MS = 5 * 60_000;
const REMEMBERED_MAX = 50_000;

/** Tells the database that a credential is in use: entering writes nothing, and what nobody uses ends. */
export type UseKeeper = (caller: Caller, credential: Credential) => void;

/** Tells of each credential every five minutes at most, beside the request and without making it wait. */
export function keepUse(): UseKeeper {
  const told = new Map<string, number>();
  return (caller, credential) => {
    const id = credential.kind === "session" ? credential.sessionId : credential.keyId;
    const now = performance.now();
    const last = told.get(id);
    if (last !== undefined && now - last < EVERY_MS) return;
    told.delete(id);
    told.set(id, now);
    const oldest = told.keys().next().value;
    if (told.size > REMEMBERED_MAX && oldest !== undefined) told.delete(oldest);
    // It is told again in five minutes: a failure is no matter.
    touch(caller, credential).catch(() => undefined);
  };
}

function touch({ database }: Caller, credential: Credential): Promise<unknown> {
  if (credential.kind === "session") {
    const { userId, sessionId, secret } = credential;
    return callOutside(database, "gate", "select identity.touch_session($1, $2, $3)", [userId, sessionId, secret]);
  }
  const { organizationId, keyId, secret } = credential;
  return callOutside(database, "gate", "select organizations.touch_key($1, $2, $3)", [organizationId, keyId, secret]);
}
