import type { FastifyReply, FastifyRequest } from "fastify";
import { Problem } from "../errors.ts";
import { type Credential, parseToken, type SessionCredential, tokenOf } from "../tenancy/credential.ts";
import type { Caller } from "../tenancy/gate.ts";

/** The cookie that holds the token of a browser's session. */
export const SESSION_COOKIE = "tenon_session";
const SESSION_COOKIE_SECONDS = 90 * 24 * 3600;
const HINT = "Sign in again.";

/** A cookie of ours; zero seconds delete it. */
export type Cookie = { name: string; value: string; seconds: number };

/**
 * Understands one kind of bearer token that is not of our own two forms, such as a JWT of some issuer. Resolves with the
 * session that it stands for, or with undefined when it is not of this kind or not valid.
 */
export type BearerReader = (caller: Caller, token: string) => Promise<SessionCredential | undefined>;

/**
 * Who asks, by bearer token or cookie. Throws `unauthenticated` when there is neither, and `forbidden` when a page of
 * another origin uses the browser's cookie to change something.
 */
export async function credentialOf(
  request: FastifyRequest,
  caller: Caller,
  readers: readonly BearerReader[],
): Promise<Credential> {
  const credential = await findCredential(request, caller, readers);
  if (!credential) throw new Problem("unauthenticated", { hint: HINT });
  return credential;
}

/** Who asks, where they say so; undefined when there is nothing that could be a token. Throws `forbidden` as credentialOf does. */
export async function findCredential(
  request: FastifyRequest,
  caller: Caller,
  readers: readonly BearerReader[],
): Promise<Credential | undefined> {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (!bearer) refuseForeignOrigin(request, caller.services.publicUrl);
  const token = bearer ?? request.cookies[SESSION_COOKIE] ?? "";
  return parseToken(token) ?? (bearer ? await readBearer(caller, bearer, readers) : undefined);
}

async function readBearer(caller: Caller, token: string, readers: readonly BearerReader[]) {
  for (const read of readers) {
    const credential = await read(caller, token);
    if (credential) return credential;
  }
  return undefined;
}

/** The person who asks. Throws `forbidden` when it is a program with an API key: that opens one organization, nobody's account. */
export function personOf(credential: Credential): SessionCredential {
  if (credential.kind === "session") return credential;
  const detail = "An API key opens its organization only, and no account of a person.";
  throw new Problem("forbidden", { detail, hint: "Use an access token of the person." });
}

/** A cookie is sent by whatever page asks for it. What changes something must come from our own pages. */
export function refuseForeignOrigin(request: FastifyRequest, publicUrl: string): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const { origin } = request.headers;
  const site = request.headers["sec-fetch-site"];
  if (
    origin === undefined
      ? site === undefined || site === "same-origin" || site === "none"
      : origin === publicUrl || hostOf(origin) === request.headers.host
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
export function sessionCookie(credential: SessionCredential | undefined): Cookie {
  return credential
    ? { name: SESSION_COOKIE, value: tokenOf(credential), seconds: SESSION_COOKIE_SECONDS }
    : { name: SESSION_COOKIE, value: "", seconds: 0 };
}

/**
 * Sets a cookie that scripts cannot read and that other sites' pages do not send along. It travels over TLS only where the
 * installation is found by https, whatever a proxy in front says.
 */
export function setCookie(reply: FastifyReply, publicUrl: string, { name, value, seconds }: Cookie): void {
  const secure = publicUrl.startsWith("https:") ? true : "auto";
  const options = { path: "/", httpOnly: true, sameSite: "lax", secure } as const;
  if (seconds > 0) reply.setCookie(name, value, { ...options, maxAge: seconds });
  else reply.clearCookie(name, options);
}
