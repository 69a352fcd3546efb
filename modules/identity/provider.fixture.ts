import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT } from "jose";
import { type Context, Provider, type ProviderInstance } from "oidc-provider";
import type { Database } from "../../kernel/database/pool.ts";
import { adminOf, atEnd, testServices } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { type IssuerSettings, removeIssuer, saveIssuer } from "./issuers.ts";

/** Who signs in at the provider next, and what it tells of them; undefined when they refuse. */
export type Subject = { sub: string; email?: string; email_verified?: boolean; name?: string };

/** A real OpenID provider on this machine, in which whoever is set as `next` signs in without being asked. */
export type TestProvider = {
  name: string;
  issuerUrl: string;
  next: Subject | undefined;
  /** Its private keys, by algorithm. */
  keys: Record<"ES256" | "RS256" | "EdDSA", JWK>;
  clientId: string;
  clientSecret: string;
};

/** Tenon, which listens, and tells a provider that it may come back to it. */
export async function openListeningServer(): Promise<TestHttpServer & { address: string }> {
  const services = testServices();
  const http = await openTestServer([], { services });
  const address = await http.server.listen({ host: "127.0.0.1", port: 0 });
  services.publicUrl = address;
  return { ...http, address };
}

/** Starts a provider that knows one client: Tenon at `address`. */
export async function openProvider(
  address: string,
  algorithm: keyof TestProvider["keys"] = "ES256",
): Promise<TestProvider> {
  const name = `p-${randomBytes(6).toString("hex")}`;
  let provider: ProviderInstance | undefined;
  const server = createServer((request, response) => {
    if (!provider || !request.url?.startsWith("/interaction/")) {
      void provider?.callback()(request, response);
      return;
    }
    const result = opened.next
      ? { login: { accountId: remembered(opened.next) } }
      : { error: "access_denied", error_description: "The person said no." };
    void provider.interactionFinished(request, response, result);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(async () => {
    server.closeAllConnections();
    server.close();
  });
  const people = new Map<string, Subject>();
  const remembered = (subject: Subject) => {
    people.set(subject.sub, subject);
    return subject.sub;
  };
  const opened: TestProvider = {
    name,
    issuerUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    next: undefined,
    keys: { ES256: await newKey("ES256"), RS256: await newKey("RS256"), EdDSA: await newKey("EdDSA") },
    clientId: `tenon-${name}`,
    clientSecret: randomBytes(24).toString("base64url"),
  };
  provider = new Provider(
    opened.issuerUrl,
    configurationOf(opened, `${address}/api/session/providers/${name}/callback`, algorithm, people),
  );
  return opened;
}

function configurationOf(opened: TestProvider, redirectUri: string, algorithm: string, people: Map<string, Subject>) {
  return {
    clients: [
      {
        client_id: opened.clientId,
        client_secret: opened.clientSecret,
        redirect_uris: [redirectUri],
        id_token_signed_response_alg: algorithm,
      },
    ],
    jwks: { keys: Object.values(opened.keys) },
    enabledJWA: { idTokenSigningAlgValues: ["ES256", "RS256", "EdDSA"] },
    cookies: { keys: [randomUUID()] },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: unknown, accountId: string) => ({ accountId, claims: async () => people.get(accountId) }),
    // Nobody is asked for consent.
    loadExistingGrant: async ({ oidc }: Context) => {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
  };
}

async function newKey(alg: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), alg, use: "sig", kid: `${alg}-${randomUUID()}` };
}

/** Tells Tenon of a provider, until the end of the file's tests. */
export async function trustProvider(
  database: Database,
  provider: Pick<TestProvider, "name" | "issuerUrl" | "clientId" | "clientSecret">,
  settings: Partial<IssuerSettings> = {},
): Promise<void> {
  const owner = await adminOf(database);
  const { name, issuerUrl, clientId, clientSecret } = provider;
  const usual = {
    ...{ name, issuerUrl, label: `Provider ${name}`, clientId, clientSecret, scopes: "openid email profile" },
    ...{ signIn: true, makesAccounts: true, trustsEmail: true, acceptsTokens: false, isSecondFactor: false },
    ...{ audience: "tenon-tests", algorithms: ["ES256"], jwksUri: undefined },
  };
  await saveIssuer(owner, testServices().keyring, { ...usual, ...settings });
  atEnd(() => removeIssuer(owner, name, { forget: true }));
}

/** What differs from a good access token. */
export type TokenParts = { header?: object; payload?: JWTPayload; key?: CryptoKey | Uint8Array };

/** An access token of a provider for a subject, good for an hour unless told otherwise. */
export async function signToken(
  provider: TestProvider,
  sub: string,
  { header, payload, key }: TokenParts = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: provider.issuerUrl,
    aud: "tenon-tests",
    sub,
    iat: now,
    exp: now + 3600,
    jti: randomUUID(),
    ...payload,
  };
  const { kid = "" } = provider.keys.ES256;
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "ES256", kid, ...header })
    .sign(key ?? (await importJWK(provider.keys.ES256, "ES256")));
}

type Page = { status: number; url: string; location: string | undefined; body: string };

/** A browser with a jar of cookies for each origin. */
export type Browser = {
  /** Asks for one page, and follows nothing. */
  go(url: string, options?: { method?: string; headers?: Record<string, string> }): Promise<Page>;
  /** Follows redirects until a page, or an address that `until` matches, which it does not ask for. */
  follow(url: string, until?: RegExp): Promise<string>;
  cookies(origin: string): Map<string, string>;
};

export function openBrowser(): Browser {
  const jars = new Map<string, Map<string, string>>();
  const cookies = (origin: string) => {
    const jar = jars.get(origin) ?? new Map<string, string>();
    jars.set(origin, jar);
    return jar;
  };
  const go: Browser["go"] = async (url, { method = "GET", headers } = {}) => {
    const jar = cookies(new URL(url).origin);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(url, { method, redirect: "manual", headers: { ...(cookie && { cookie }), ...headers } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "" || /expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    const location = answer.headers.get("location");
    return {
      ...{ status: answer.status, url, body: await answer.text() },
      location: location === null ? undefined : new URL(location, url).href,
    };
  };
  const follow: Browser["follow"] = async (url, until = /^http:..[^/]+.(sign-in|welcome)/) => {
    let next = url;
    for (let steps = 0; steps < 12; steps++) {
      if (until.test(next)) return next;
      const { location, status, body } = await go(next);
      if (location === undefined) assert.fail(`${next} answered ${status} ${body.slice(0, 300)}`);
      next = location;
    }
    return assert.fail(`Too many redirects, the last to ${next}`);
  };
  return { go, follow, cookies };
}
