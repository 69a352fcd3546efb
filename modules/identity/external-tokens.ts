import { decodeJwt, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import type { BearerReader } from "../../kernel/http/credential.ts";
import type { SessionCredential } from "../../kernel/tenancy/credential.ts";
import { askGate, type Caller } from "../../kernel/tenancy/gate.ts";
import { rememberKeys } from "./discovery.ts";
import { findTokenIssuer, type Issuer } from "./issuers.ts";
import { hashSecret } from "./secrets.ts";
import { isSubject } from "./subjects.ts";

/** The longest token that is looked at. */
const TOKEN_BYTES_MAX = 8 * 1024;
const TOKEN_FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** By how much the clock of an issuer may differ. */
const CLOCK_TOLERANCE_SECONDS = 5;
/** A token that claims to live longer ends here by then. */
const LIFETIME_MS_MAX = 366 * 24 * 3600_000;
/** How long the session of a verified token is remembered; far less than a session lasts unused. */
const MEMORY_MS = 60_000;
const REMEMBERED_MAX = 10_000;

type Known = { userId: string; sessionId: string; until: number };

/**
 * Understands access tokens (JWT) of the issuers that are trusted for it. The first sight of a token opens a session of its
 * own, whose secret is the token itself: so the database checks it at each entry, and it ends when the session is revoked.
 */
export function readExternalTokens(): BearerReader {
  const sessions = new Map<string, Known>();
  const keysOf = rememberKeys();
  return async (caller, token) => {
    if (token.length > TOKEN_BYTES_MAX || !TOKEN_FORM.test(token)) return undefined;
    const hash = hashSecret(token);
    const key = hash.toString("base64");
    const known = sessions.get(key);
    if (known && known.until > performance.now()) return credentialOf(known, token);
    sessions.delete(key);
    const opened = await openSession(caller, token, hash, keysOf);
    if (!opened) return undefined;
    sessions.set(key, opened);
    const oldest = sessions.keys().next().value;
    if (sessions.size > REMEMBERED_MAX && oldest !== undefined) sessions.delete(oldest);
    return credentialOf(opened, token);
  };
}

function credentialOf({ userId, sessionId }: Known, secret: string): SessionCredential {
  return { kind: "session", userId, sessionId, secret };
}

async function openSession(
  caller: Caller,
  token: string,
  hash: Buffer,
  keysOf: (issuer: Issuer) => JWTVerifyGetKey,
): Promise<Known | undefined> {
  const issuerUrl = claimedIssuer(token);
  const issuer = issuerUrl === undefined ? undefined : await findTokenIssuer(caller, issuerUrl);
  const claims = issuer && (await verify(token, issuer, keysOf(issuer)));
  if (!issuer || !claims) return undefined;
  const [row] = await askGate<{ person: string | null; session: string | null }>(
    caller,
    "identity.open_external_session",
    [issuer.name, claims.subject, hash, claims.ends.toISOString(), claims.proved.toISOString()],
  );
  if (!row?.person || !row.session) return undefined;
  return { userId: row.person, sessionId: row.session, until: performance.now() + MEMORY_MS };
}

/** Whom a token says it is from, before anything of it is believed. */
function claimedIssuer(token: string): string | undefined {
  try {
    const { iss } = decodeJwt(token);
    return typeof iss === "string" && iss.isWellFormed() && !iss.includes("\0") ? iss : undefined;
  } catch {
    return undefined;
  }
}

type Claims = { subject: string; ends: Date; proved: Date };

/** What a token says, when all of it is right; undefined otherwise, also while its issuer does not answer. */
async function verify(token: string, issuer: Issuer, keys: JWTVerifyGetKey): Promise<Claims | undefined> {
  if (issuer.audience === null) return undefined;
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: issuer.issuer_url,
      audience: issuer.audience,
      algorithms: issuer.algorithms,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ["exp", "sub"],
    });
    return claimsOf(payload);
  } catch {
    return undefined;
  }
}

/** When the person proved who they are counts only if the issuer tells: a token may be handed on for long. */
function claimsOf({ sub = "", exp = 0, auth_time }: JWTPayload): Claims | undefined {
  const proved = typeof auth_time === "number" && auth_time > 0 ? auth_time * 1000 : 0;
  const now = Date.now();
  if (!isSubject(sub)) return undefined;
  return {
    subject: sub,
    ends: new Date(Math.min(exp * 1000, now + LIFETIME_MS_MAX)),
    proved: new Date(Math.min(proved, now)),
  };
}
