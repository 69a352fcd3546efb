import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

/** An access token to send as `Authorization: Bearer`, good for `expires_in` seconds, and the token that gives the next pair. */
export const TokenPair = z.object({
  access_token: z.string(),
  token_type: z.literal("Bearer"),
  expires_in: z.number().int(),
  refresh_token: z.string(),
});
export type TokenPair = z.infer<typeof TokenPair>;

const RefreshToken = z.object({ refresh_token: z.string().min(1).max(300) });

export const signInForTokens = endpoint({
  name: "identity.token.open",
  summary: "Sign in with a password; a program gets tokens",
  method: "POST",
  path: "/api/token",
  access: "anyone",
  limit: "sign_in",
  body: z.object({ email: z.string().min(3).max(254), password: z.string().min(1).max(1024) }),
  /** `pending` is the token for the second factor, where one is still wanted. */
  answer: z.union([TokenPair, z.object({ pending: z.string() })]),
  example: { body: { email: "nobody@example.com", password: "not the password" } },
});

export const refreshTokens = endpoint({
  name: "identity.token.refresh",
  summary: "Get new tokens for a refresh token, which is used up by it",
  method: "POST",
  path: "/api/token/refresh",
  access: "anyone",
  limit: "sign_in",
  body: RefreshToken,
  answer: TokenPair,
  example: { body: { refresh_token: "trt_nothing" } },
});

export const revokeTokens = endpoint({
  name: "identity.token.revoke",
  summary: "End the session of a refresh token",
  method: "POST",
  path: "/api/token/revocation",
  access: "anyone",
  limit: "sign_in",
  body: RefreshToken,
  example: { body: { refresh_token: "trt_nothing" } },
});

export const readKeys = endpoint({
  name: "identity.key.list",
  summary: "The public keys of access tokens, as a JWK set",
  method: "GET",
  path: "/.well-known/jwks.json",
  access: "anyone",
  answer: z.object({ keys: z.array(z.record(z.string(), z.string())) }),
});
