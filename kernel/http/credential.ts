import type { FastifyReply, FastifyRequest } from "fastify";
import { Problem } from "../errors.ts";
import type { Credential } from "../tenancy/context.ts";

const COOKIE = "tenon_session";
const COOKIE_SECONDS = 30 * 24 * 3600;
const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
/** The ids go with the secret, so that a look-up needs no search through everyone's sessions. */
const TOKEN_FORM = new RegExp(`^tus_(${UUID})_(${UUID})_([A-Za-z0-9_-]{20,100})$`);

/** The token of a user session, as a cookie or behind `Authorization: Bearer`. */
export function tokenOf({ userId, sessionId, secret }: Credential): string {
  return `tus_${userId}_${sessionId}_${secret}`;
}

/** Takes a token apart; undefined when it is none. */
function parseToken(token: string): Credential | undefined {
  const [, userId, sessionId, secret] = TOKEN_FORM.exec(token) ?? [];
  return userId && sessionId && secret ? { userId, sessionId, secret } : undefined;
}

/**
 * Who asks, by bearer token or cookie. Throws `unauthenticated` when there is neither, and `forbidden` when a page of
 * another origin uses the browser's cookie to change something.
 */
export function credentialOf(request: FastifyRequest): Credential {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (!bearer) refuseForeignOrigin(request);
  const credential = parseToken(bearer ?? request.cookies[COOKIE] ?? "");
  if (!credential) throw new Problem("unauthenticated", { hint: "Sign in again." });
  return credential;
}

/** A cookie is sent by whatever page asks for it. What changes something must come from our own pages. */
export function refuseForeignOrigin(request: FastifyRequest): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const { origin } = request.headers;
  const site = request.headers["sec-fetch-site"];
  if (
    origin === undefined
      ? site === undefined || site === "same-origin" || site === "none"
      : hostOf(origin) === request.headers.host
  )
    return;
  throw new Problem("forbidden", {
    detail: "This request came from a page of another site.",
    hint: "Use a token instead of the browser's cookie.",
  });
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

/** Keeps the browser signed in, out of reach of scripts. */
export function setSessionCookie(reply: FastifyReply, credential: Credential | undefined): void {
  const options = { path: "/", httpOnly: true, sameSite: "lax", secure: "auto" } as const;
  if (credential) reply.setCookie(COOKIE, tokenOf(credential), { ...options, maxAge: COOKIE_SECONDS });
  else reply.clearCookie(COOKIE, options);
}
