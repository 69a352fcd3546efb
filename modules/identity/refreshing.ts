import { createHmac, timingSafeEqual } from "node:crypto";
import { derive } from "../../kernel/secrets/derivation.ts";
import type { Key } from "../../kernel/secrets/key.ts";
import { tokenForm } from "../../kernel/tenancy/credential.ts";
import { askGate, type Caller } from "../../kernel/tenancy/gate.ts";
import { ACCESS_TOKEN_SECONDS, secretOfKey, signAccessToken } from "./access-tokens.ts";
import { hashSecret } from "./secrets.ts";
import type { TokenPair } from "./tokens-contract.ts";

/** The session that tokens are for. */
type Holder = { userId: string; sessionId: string };
/** A refresh token taken apart. `counter` says the how many-th of its session it is; it stays text, as PostgreSQL's bigint does. */
type RefreshToken = Holder & { counter: string; mac: string };
type Outcome = {
  outcome: "rotated" | "repeated" | "replayed" | "refused";
  current_counter: string;
  refresh_hash: Buffer;
  secret_hash: Buffer;
};

const FORM = tokenForm("trt", "([1-9][0-9]{0,17})_([A-Za-z0-9_-]{43})");

/**
 * The first pair of tokens of a session that was just opened with the hash of a random refresh secret: that counts as number zero,
 * which nobody was given. The tokens can only be made now, because they name the session.
 */
export async function issueTokens(caller: Caller, holder: Holder, openingHash: Buffer): Promise<TokenPair> {
  const tokens = await exchange(caller, { ...holder, counter: "0" }, openingHash, true);
  if (!tokens) throw new Error("A session that was just opened gave no tokens.");
  return tokens;
}

/**
 * Gives new tokens for a refresh token, which is used up by it. The one before is answered once more for half a minute, for tabs that
 * refresh at the same time and for lost replies. Resolves with undefined when it is not valid; a replay of an older one ends the session.
 */
export async function refreshTokens(caller: Caller, text: string): Promise<TokenPair | undefined> {
  const token = parseRefreshToken(text);
  if (!token) return undefined;
  const tokens = await exchange(caller, token, hashSecret(token.mac), isAuthentic(caller, token));
  if (!tokens) caller.services.wakeWorkers();
  return tokens;
}

/** Ends the session of a refresh token. Nothing tells whether there was one (RFC 7009). */
export async function revokeTokens(caller: Caller, text: string): Promise<void> {
  const token = parseRefreshToken(text);
  if (!token) return;
  const { userId, sessionId, counter, mac } = token;
  await askGate(caller, "identity.revoke_refresh", [
    userId,
    sessionId,
    counter,
    hashSecret(mac),
    isAuthentic(caller, token),
  ]);
}

async function exchange(
  caller: Caller,
  { userId, sessionId, counter }: Holder & { counter: string },
  hash: Buffer,
  authentic: boolean,
): Promise<TokenPair | undefined> {
  const holder = { userId, sessionId };
  const [current] = caller.services.keyring.keys;
  const next = macOf(current, holder, String(BigInt(counter) + 1n));
  const access = hashSecret(secretOfKey(accessKeyOf(current, holder)));
  const [answer] = await askGate<Outcome>(caller, "identity.refresh_session", [
    userId,
    sessionId,
    counter,
    hash,
    authentic,
    hashSecret(next),
    access,
  ]);
  if (answer?.outcome !== "rotated" && answer?.outcome !== "repeated") return undefined;
  return pairOf(caller, holder, answer);
}

/** The tokens that the database has the hashes of. They are made anew, by whichever of our keys made them. */
async function pairOf(caller: Caller, holder: Holder, answer: Outcome): Promise<TokenPair | undefined> {
  const { current_counter: counter, refresh_hash, secret_hash } = answer;
  const { keys } = caller.services.keyring;
  const mac = keys.map((key) => macOf(key, holder, counter)).find((text) => hashSecret(text).equals(refresh_hash));
  const key = keys
    .map((candidate) => accessKeyOf(candidate, holder))
    .find((text) => hashSecret(secretOfKey(text)).equals(secret_hash));
  if (!mac || !key) return undefined;
  return {
    access_token: await signAccessToken(caller, holder, key),
    token_type: "Bearer",
    expires_in: ACCESS_TOKEN_SECONDS,
    refresh_token: `trt_${holder.userId}_${holder.sessionId}_${counter}_${mac}`,
  };
}

function parseRefreshToken(text: string): RefreshToken | undefined {
  const [, userId, sessionId, counter, mac] = FORM.exec(text) ?? [];
  return userId && sessionId && counter && mac ? { userId, sessionId, counter, mac } : undefined;
}

/** Whether the token was made here: only then does an old one tell of a copy. */
function isAuthentic({ services }: Caller, { mac, counter, ...holder }: RefreshToken): boolean {
  return services.keyring.keys.some((key) =>
    timingSafeEqual(Buffer.from(macOf(key, holder, counter)), Buffer.from(mac)),
  );
}

function macOf(key: Key, { userId, sessionId }: Holder, counter: string): string {
  return hmac(derive(key, "refresh tokens"), `${userId}/${sessionId}/${counter}`);
}

/** What the access tokens of a session carry: always the same under one key, so that a refresh leaves another tab's token good. */
function accessKeyOf(key: Key, { userId, sessionId }: Holder): string {
  return hmac(derive(key, "access tokens"), `${userId}/${sessionId}`);
}

function hmac(key: Buffer, text: string): string {
  return createHmac("sha256", key).update(text).digest("base64url");
}
