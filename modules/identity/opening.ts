import { Problem } from "../../kernel/errors.ts";
import type { Call } from "../../kernel/http/route.ts";
import type { Caller } from "../../kernel/tenancy/gate.ts";
import { secretOfKey } from "./access-tokens.ts";
import { issueTokens } from "./refreshing.ts";
import { hashSecret, newSecret, type Secret } from "./secrets.ts";
import type { TokenPair } from "./tokens-contract.ts";

/** How a person wants to go on: by the browser's cookie, or with a pair of tokens. */
export type SessionKind = "browser" | "token";

/** What a session is going to be opened with. */
export type NewSession = { kind: SessionKind; secret: Secret; refresh: Secret | undefined };

/** New secrets for a session. Those of the kind token last only until its first pair of tokens is made. */
export function newSession(kind: SessionKind): NewSession {
  if (kind === "browser") return { kind, secret: newSecret(), refresh: undefined };
  const text = secretOfKey(newSecret().text);
  return { kind, secret: { text, hash: hashSecret(text) }, refresh: newSecret() };
}

/** Hands an opened session out: as a cookie, for which nothing else is answered, or as tokens. */
export async function handOut(
  call: Caller & Pick<Call, "setSession">,
  { secret, refresh }: NewSession,
  { user_id: userId, session_id: sessionId }: { user_id: string; session_id: string | null },
): Promise<TokenPair | null> {
  if (!sessionId) throw new Problem("unauthenticated", { hint: "Sign in again." });
  if (refresh) return issueTokens(call, { userId, sessionId }, refresh.hash);
  call.setSession({ kind: "session", userId, sessionId, secret: secret.text });
  return null;
}
