import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from "jose";
import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  discovery,
  enableNonRepudiationChecks,
  None,
} from "openid-client";
import type { Keyring } from "../../kernel/secrets/keyring.ts";
import { clientSecretOf, type Issuer } from "./issuers.ts";

/** How long an issuer may take to answer, in seconds. */
const ANSWER_SECONDS_MAX = 4;
/** How long an issuer that did not answer is not asked again, so that nobody makes a server wait for it over and over. */
const PAUSE_AFTER_FAILURE_MS = 5_000;
/** How long what an issuer says of itself and its keys is believed. */
const MEMORY_MS = 10 * 60_000;
/** How long no new keys are fetched for a token that names an unknown one. */
const UNKNOWN_KEY_COOLDOWN_MS = 30_000;

type Client = { issuerUrl: string; clientId?: string | null; clientSecret?: string | undefined };

/**
 * Reads what a provider says of itself, and checks that it is who it should be. Rejects when it does not answer in time or
 * says something else. Only an issuer without encryption, which is on this machine, may be asked without.
 */
export async function discoverProvider({ issuerUrl, clientId, clientSecret }: Client): Promise<Configuration> {
  const url = new URL(issuerUrl);
  return discovery(url, clientId ?? "tenon", undefined, authenticationBy(clientSecret), {
    timeout: ANSWER_SECONDS_MAX,
    execute: [enableNonRepudiationChecks, ...(url.protocol === "http:" ? [allowInsecureRequests] : [])],
  });
}

/** In the header, which is the standard's default, unless the provider takes the secret only in the body. */
function authenticationBy(secret: string | undefined): ClientAuth {
  if (secret === undefined) return None();
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
    const inBody = methods.includes("client_secret_post") && !methods.includes("client_secret_basic");
    return (inBody ? ClientSecretPost(secret) : ClientSecretBasic(secret))(server, ...rest);
  };
}

/** Remembers, for a while, what issuers said of themselves. An issuer's row that changed is a new one. */
export function rememberProviders(): (keyring: Keyring, issuer: Issuer) => Promise<Configuration> {
  const recall = remember<Configuration>();
  return (keyring, issuer) =>
    recall(issuer, () =>
      discoverProvider({
        issuerUrl: issuer.issuer_url,
        clientId: issuer.client_id,
        clientSecret: clientSecretOf(keyring, issuer),
      }),
    );
}

/** Remembers the public keys of issuers. The keys of one that does not answer are not asked for again for a moment. */
export function rememberKeys(): (issuer: Issuer) => JWTVerifyGetKey {
  const recall = remember<JWTVerifyGetKey>();
  const failures = new Map<string, number>();
  return (issuer) => async (header, token) => {
    const { name } = issuer;
    const failed = failures.get(name);
    if (failed !== undefined && performance.now() - failed < PAUSE_AFTER_FAILURE_MS)
      throw new Error(`The keys of ${name} could not be read a moment ago.`);
    try {
      const keys = await recall(issuer, () => openKeys(issuer));
      return await keys(header, token);
    } catch (error) {
      if (!isAboutToken(error)) failures.set(name, performance.now());
      throw error;
    }
  };
}

async function openKeys({ issuer_url, jwks_uri }: Issuer): Promise<JWTVerifyGetKey> {
  const uri = jwks_uri ?? (await discoverProvider({ issuerUrl: issuer_url })).serverMetadata().jwks_uri;
  if (!uri) throw new Error(`${issuer_url} does not say where its keys are.`);
  return createRemoteJWKSet(new URL(uri), {
    timeoutDuration: ANSWER_SECONDS_MAX * 1000,
    cooldownDuration: UNKNOWN_KEY_COOLDOWN_MS,
    cacheMaxAge: MEMORY_MS,
  });
}

/** Whether the keys were read, and it is the token that names none of them. */
function isAboutToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

/** One value for each issuer, made anew when its row has changed or it is old; a failure is not kept. */
function remember<Value>(): (issuer: Issuer, make: () => Promise<Value>) => Promise<Value> {
  const known = new Map<string, { state: string; since: number; value: Promise<Value> }>();
  return (issuer, make) => {
    const { name, issuer_url, updated_at } = issuer;
    const state = `${issuer_url} ${updated_at.toISOString()}`;
    const found = known.get(name);
    if (found?.state === state && performance.now() - found.since < MEMORY_MS) return found.value;
    const value = make();
    const entry = { state, since: performance.now(), value };
    known.set(name, entry);
    value.catch(() => {
      if (known.get(name) === entry) known.delete(name);
    });
    return value;
  };
}
