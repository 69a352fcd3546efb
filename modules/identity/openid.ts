import { timingSafeEqual } from "node:crypto";
import { decodeProtectedHeader } from "jose";
import {
  AuthorizationResponseError,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import { z } from "zod";
import { hasState } from "../../kernel/database/errors.ts";
import { SESSION_COOKIE } from "../../kernel/http/credential.ts";
import type { Call, Redirect } from "../../kernel/http/route.ts";
import { SecretError, seal, unseal } from "../../kernel/secrets/envelope.ts";
import { parseToken, type SessionCredential } from "../../kernel/tenancy/credential.ts";
import { askGate, askGateAs } from "../../kernel/tenancy/gate.ts";
import { rememberProviders } from "./discovery.ts";
import { findProvider, type Issuer } from "./issuers.ts";
import type { SignInProblemCode } from "./issuers-contract.ts";
import { newSecret } from "./secrets.ts";
import { type BegunSession, openingOf } from "./sessions.ts";
import { type ProviderClaims, readClaims } from "./subjects.ts";

const COOKIE = "tenon_openid";
/** How long the way to a provider and back may take. */
const WAY_SECONDS_MAX = 10 * 60;

/** What the browser carries along, sealed, while its person is at the provider. */
const Way = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  to: z.string(),
  /** Who links the provider with their account; null for a sign-in. */
  linksFor: z.string().nullable(),
  until: z.number(),
});
type Way = z.infer<typeof Way>;

/** What a provider sends back by way of the browser. */
type Response = Partial<Record<"code" | "state" | "iss" | "error" | "error_description", string | undefined>>;

/** Signing in with a provider did not work out; the page for signing in says why. */
class SignInError extends Error {
  readonly code: SignInProblemCode;

  constructor(code: SignInProblemCode, options?: ErrorOptions) {
    super(`Signing in with a provider failed: ${code}`, options);
    this.name = "SignInError";
    this.code = code;
  }
}

const configurationOf = rememberProviders();

/**
 * Sends the browser to a provider, and afterwards to the path in `to`. With `link` its identity is to be linked with the
 * person of the browser's session, who must have proved lately who they are.
 */
export async function startProvider(
  call: Call,
  name: string,
  { to, link }: { to: string; link?: string | undefined },
): Promise<Redirect> {
  return tellingProblems(async () => {
    const linksFor = link ? await personWhoLinks(call) : null;
    const provider = await configure(call, name);
    const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
    const until = Date.now() + WAY_SECONDS_MAX * 1000;
    const way: Way = { state, nonce, verifier, to, linksFor, until };
    const sealed = seal(call.services.keyring, JSON.stringify(way), placeOf(name));
    call.setCookie(COOKIE, sealed.toString("base64url"), WAY_SECONDS_MAX);
    const url = buildAuthorizationUrl(provider.configuration, {
      redirect_uri: callbackOf(call, name),
      response_type: "code",
      scope: provider.issuer.scopes,
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    });
    return { redirect: url.href };
  });
}

/** Goes on where a provider has sent the browser back: opens a session, asks for the second factor, or links. */
export async function finishProvider(call: Call, name: string, response: Response): Promise<Redirect> {
  return tellingProblems(async () => {
    const way = takeWay(call, name);
    if (!isSame(way.state, response.state)) throw new SignInError("expired");
    const provider = await configure(call, name);
    const claims = await askWho(provider, addressOf(call, name, response), way);
    return way.linksFor === null ? signIn(call, name, claims, way.to) : link(call, name, claims, way, way.linksFor);
  });
}

async function signIn(call: Call, name: string, claims: ProviderClaims, to: string): Promise<Redirect> {
  const secret = newSecret();
  const [row] = await askGate<{ outcome: "in" | "link_needed" | "no_account" } & BegunSession>(
    call,
    "identity.sign_in_with_identity",
    [name, claims.subject, claims.email, claims.isEmailVerified, claims.name, secret.hash],
  );
  if (row?.outcome !== "in") throw new SignInError(row?.outcome ?? "no_account");
  const opening = openingOf(row, secret);
  if ("pending" in opening) {
    const next = to === "/" ? "" : `?to=${encodeURIComponent(to)}`;
    return { redirect: `/sign-in${next}#pending=${opening.pending}` };
  }
  call.setSession(opening.credential);
  return { redirect: to };
}

async function link(call: Call, name: string, claims: ProviderClaims, way: Way, person: string): Promise<Redirect> {
  const credential = sessionOf(call);
  if (credential.userId !== person) throw new SignInError("signed_out");
  const [row] = await orTheirProblem(
    askGateAs<{ link_identity: string }>({ ...call, credential }, "identity.link_identity", [
      name,
      claims.subject,
      claims.email,
    ]),
  );
  if (row?.link_identity !== "linked") throw new SignInError("already_linked");
  call.services.wakeWorkers();
  return { redirect: way.to };
}

/** A page of another site may not begin it: it could have signed the browser in at the provider as somebody else before. */
async function personWhoLinks(call: Call): Promise<string> {
  const credential = sessionOf(call);
  if (call.fromOtherSite) throw new SignInError("provider_refused");
  await orTheirProblem(askGateAs({ ...call, credential }, "identity.require_proof"));
  return credential.userId;
}

function sessionOf(call: Call): SessionCredential {
  const credential = parseToken(call.readCookie(SESSION_COOKIE) ?? "");
  if (credential?.kind !== "session") throw new SignInError("signed_out");
  return credential;
}

/** What the database refuses a person who links, as a problem that the page can tell. */
async function orTheirProblem<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (hasState(error, "not_signed_in")) throw new SignInError("signed_out", { cause: error });
    if (hasState(error, "proof_needed")) throw new SignInError("proof_needed", { cause: error });
    if (hasState(error, "nothing_there")) throw new SignInError("provider_unavailable", { cause: error });
    throw error;
  }
}

type Provider = { issuer: Issuer; configuration: Configuration };

async function configure(call: Call, name: string): Promise<Provider> {
  const issuer = await findProvider(call, name);
  if (!issuer) throw new SignInError("provider_unavailable");
  const configuration = await orProviderProblem(configurationOf(call.services.keyring, issuer));
  return { issuer, configuration };
}

/** Turns the code into who the person is at the provider. The signature must be one of those that the operator pinned. */
async function askWho({ issuer, configuration }: Provider, address: URL, way: Way): Promise<ProviderClaims> {
  const tokens = await orProviderProblem(
    authorizationCodeGrant(configuration, address, {
      expectedState: way.state,
      expectedNonce: way.nonce,
      pkceCodeVerifier: way.verifier,
      idTokenExpected: true,
    }),
  );
  const claims = tokens.claims();
  const { alg = "" } = decodeProtectedHeader(tokens.id_token ?? "");
  if (!claims || !issuer.algorithms.includes(alg)) throw new SignInError("provider_refused");
  const endpoint = configuration.serverMetadata().userinfo_endpoint;
  const more =
    claims.email === undefined && endpoint
      ? await orProviderProblem(fetchUserInfo(configuration, tokens.access_token, claims.sub))
      : {};
  const who = readClaims({ ...more, ...claims });
  if (!who) throw new SignInError("provider_refused");
  return who;
}

/** Whatever goes wrong between here and a provider is its refusal, or that it cannot be reached. */
async function orProviderProblem<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof SecretError) throw error;
    throw new SignInError(isAway(error) ? "provider_unavailable" : "provider_refused", { cause: error });
  }
}

function isAway(error: unknown): boolean {
  if (error instanceof AuthorizationResponseError) return error.error === "temporarily_unavailable";
  const { code = "", message = "" } = error as { code?: string; message?: string };
  return ["OAUTH_TIMEOUT", "OAUTH_ABORT", "OAUTH_RESPONSE_IS_NOT_CONFORM"].includes(code) || message === "fetch failed";
}

async function tellingProblems(work: () => Promise<Redirect>): Promise<Redirect> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SignInError) return { redirect: `/sign-in?problem=${error.code}` };
    throw error;
  }
}

/** What the browser brought back, once: it is good for one answer of the provider that it was made for. */
function takeWay(call: Call, name: string): Way {
  const sealed = call.readCookie(COOKIE);
  if (!sealed) throw new SignInError("expired");
  call.setCookie(COOKIE, "", 0);
  const way = openWay(call, name, sealed);
  if (way.until < Date.now()) throw new SignInError("expired");
  return way;
}

function openWay(call: Call, name: string, sealed: string): Way {
  try {
    return Way.parse(
      JSON.parse(unseal(call.services.keyring, Buffer.from(sealed, "base64url"), placeOf(name)).toString()),
    );
  } catch (error) {
    if (error instanceof SecretError) throw new SignInError("expired", { cause: error });
    throw error;
  }
}

function placeOf(name: string): string {
  return `identity.openid/${name}`;
}

function isSame(one: string, other = ""): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function callbackOf({ services }: Call, name: string): string {
  return `${services.publicUrl}/api/session/providers/${name}/callback`;
}

/** The address that the provider sent the browser to, as this installation is known from outside. */
function addressOf(call: Call, name: string, response: Response): URL {
  const url = new URL(callbackOf(call, name));
  for (const [key, value] of Object.entries(response)) if (value !== undefined) url.searchParams.set(key, value);
  return url;
}
