import { randomUUID } from "node:crypto";
import { decodeJwt, errors, type JWTPayload, jwtVerify, SignJWT } from "jose";
import type { BearerReader } from "../../kernel/http/credential.ts";
import type { SessionCredential } from "../../kernel/tenancy/credential.ts";
import type { Caller } from "../../kernel/tenancy/gate.ts";
import { currentSigningKey, SIGNING_ALGORITHM, verifyingKey } from "./signing-keys.ts";

/** How long an access token is good. */
export const ACCESS_TOKEN_SECONDS = 600;

const TYPE = "at+jwt";
const TOKEN_LENGTH_MAX = 4096;
const CLAIMS = ["sub", "sid", "iat", "exp", "jti", "key"];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

// What an access token carries of its session's secret. The secret itself begins with a prefix that no token of ours in another
// form can hold, so that it is good inside of a signed token only, and for as long as that lasts.
const SECRET_PREFIX = "at:";

/** The secret of a session whose access tokens carry `key`. */
export function secretOfKey(key: string): string {
  return `${SECRET_PREFIX}${key}`;
}

/** For whom access tokens of this installation are: its API. */
function audienceOf(publicUrl: string): string {
  return `${publicUrl}/api`;
}

/** Signs an access token (RFC 9068) for a session; `key` is what its secret is made of. */
export async function signAccessToken(
  { database, services }: Caller,
  { userId, sessionId }: Pick<SessionCredential, "userId" | "sessionId">,
  key: string,
): Promise<string> {
  const signing = await currentSigningKey({ database, services });
  return new SignJWT({ sid: sessionId, key })
    .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: TYPE, kid: signing.id })
    .setIssuer(services.publicUrl)
    .setAudience(audienceOf(services.publicUrl))
    .setSubject(userId)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${ACCESS_TOKEN_SECONDS} s`)
    .sign(signing.key);
}

/** Understands access tokens of our own. The database still checks the session and its secret at every use. */
export const readAccessToken: BearerReader = async ({ database, services }, token) => {
  if (!claimsToBeOurs(token, services.publicUrl)) return undefined;
  try {
    const { payload } = await jwtVerify(
      token,
      async ({ kid = "" }) => {
        const key = await verifyingKey(database, kid);
        if (!key) throw new errors.JWKSNoMatchingKey();
        return key;
      },
      {
        algorithms: [SIGNING_ALGORITHM],
        typ: TYPE,
        issuer: services.publicUrl,
        audience: audienceOf(services.publicUrl),
        requiredClaims: CLAIMS,
      },
    );
    return credentialOf(payload);
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
};

/** Tokens of other issuers are other readers' business, and cost no look for a key. */
function claimsToBeOurs(token: string, publicUrl: string): boolean {
  if (token.length > TOKEN_LENGTH_MAX || token.split(".").length !== 3) return false;
  try {
    return decodeJwt(token).iss === publicUrl;
  } catch {
    return false;
  }
}

function credentialOf({ sub, sid, key }: JWTPayload): SessionCredential | undefined {
  if (typeof sub !== "string" || typeof sid !== "string" || typeof key !== "string") return undefined;
  if (!UUID.test(sub) || !UUID.test(sid)) return undefined;
  return { kind: "session", userId: sub, sessionId: sid, secret: secretOfKey(key) };
}
