import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { before, describe, test } from "node:test";
import { exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT } from "jose";
import { adminOf, createTenant, type Tenant, testServices } from "../../test/harness.ts";
import { missingIds, requestOf, verbRoutes } from "../../test/http/requests.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { addApp, askMe, type Guest, newGuest, SITE } from "./factors.fixture.ts";
import { currentSigningKey } from "./signing-keys.ts";
import type { TokenPair } from "./tokens-contract.ts";

let http: TestHttpServer;
let guest: Guest;
let tenant: Tenant;
let pair: TokenPair;

before(async () => {
  http = await openTestServer();
  tenant = await createTenant(http.database);
  guest = await newGuest(http);
  await (await adminOf(http.database)).query("select organizations.add_member($1, $2, '{owner}')", [
    tenant.id,
    guest.userId,
  ]);
  pair = await guest.signIn();
});

const part = (text: string | undefined) => JSON.parse(Buffer.from(text ?? "", "base64url").toString());
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const memberUrl = () => `/api/organizations/${tenant.slug}/labeling/projects`;

type Parts = { header: JWTHeaderParameters; claims: JWTPayload };

function partsOf(token: string): Parts {
  const [header, claims] = token.split(".");
  return { header: part(header), claims: part(claims) };
}

/** The good token with other parts, signed as a good one is. */
async function signed(change: (parts: Parts) => Parts): Promise<string> {
  const { header, claims } = change(partsOf(pair.access_token));
  const { key } = await currentSigningKey({ database: http.database, services: testServices() });
  return new SignJWT(claims).setProtectedHeader(header).sign(key);
}

const withClaims = (claims: JWTPayload) => signed((parts) => ({ ...parts, claims: { ...parts.claims, ...claims } }));
const withHeader = (header: Partial<JWTHeaderParameters>) =>
  signed((parts) => ({ ...parts, header: { ...parts.header, ...header } }));
const without = (name: string) => signed(({ header, claims: { [name]: _, ...claims } }) => ({ header, claims }));

/** What is signed by something else than our key: the header may say what it likes. */
function forged(header: object, signature: (input: Buffer) => Buffer, claims?: object): string {
  const parts = partsOf(pair.access_token);
  const input = `${encode({ ...parts.header, ...header })}.${encode({ ...parts.claims, ...claims })}`;
  return `${input}.${signature(Buffer.from(input)).toString("base64url")}`;
}

const MUTATIONS: Record<string, () => string | Promise<string>> = {
  "no algorithm": () => forged({ alg: "none" }, () => Buffer.alloc(0)),
  "no algorithm, in capitals": () => forged({ alg: "NONE" }, () => Buffer.alloc(0)),
  "HS256 under the public key": async () => {
    const { keys } = (await http.server.inject({ url: "/.well-known/jwks.json" })).json();
    return forged({ alg: "HS256" }, (input) =>
      createHmac("sha256", Buffer.from(keys[0].x, "base64url")).update(input).digest(),
    );
  },
  "HS256 under the public key's JSON": async () => {
    const { body } = await http.server.inject({ url: "/.well-known/jwks.json" });
    return forged({ alg: "HS256" }, (input) => createHmac("sha256", body).update(input).digest());
  },
  "RS256 of another key": () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    return forged({ alg: "RS256" }, (input) => sign("sha256", input, privateKey));
  },
  "another key under our key's name": () => {
    const { privateKey } = generateKeyPairSync("ed25519");
    return forged({}, (input) => sign(null, input, privateKey));
  },
  "another key under a name of its own": () => {
    const { privateKey } = generateKeyPairSync("ed25519");
    return forged({ kid: "AAAAAAAAAAAAAAAA" }, (input) => sign(null, input, privateKey));
  },
  "another key that comes along": async () => {
    const { privateKey, publicKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
    const { header, claims } = partsOf(pair.access_token);
    return new SignJWT(claims).setProtectedHeader({ ...header, jwk: await exportJWK(publicKey) }).sign(privateKey);
  },
  "no key's name": () => withHeader({ kid: undefined as unknown as string }),
  "no type": () => withHeader({ typ: undefined as unknown as string }),
  "the type of an id token": () => withHeader({ typ: "JWT" }),
  "an id token": () =>
    signed(({ header, claims: { key: _, sid: __, ...claims } }) => ({
      header: { ...header, typ: "JWT" },
      claims: { ...claims, aud: "client", nonce: "1" },
    })),
  "another audience": () => withClaims({ aud: "https://other.example/api" }),
  "the site as audience": () => withClaims({ aud: SITE }),
  "no audience": () => without("aud"),
  "another issuer": () => withClaims({ iss: "https://other.example" }),
  "no issuer": () => without("iss"),
  expired: () => withClaims({ exp: Math.floor(Date.now() / 1000) - 1 }),
  "no end": () => without("exp"),
  "not good yet": () => withClaims({ nbf: Math.floor(Date.now() / 1000) + 3600 }),
  "another person": () => withClaims({ sub: tenant.owner.userId }),
  "another session": () => withClaims({ sid: tenant.owner.credential.sessionId }),
  "a session of another person": () =>
    withClaims({
      sub: tenant.owner.userId,
      sid: tenant.owner.credential.sessionId,
      key: tenant.owner.credential.secret,
    }),
  "another secret": () => withClaims({ key: "A".repeat(43) }),
  "no secret": () => without("key"),
  "a secret that is no text": () => withClaims({ key: 5 }),
  "no person": () => without("sub"),
  "odd ids": () => withClaims({ sub: "%00", sid: "'" }),
  "other claims under the old signature": () => {
    const [header, , signature] = pair.access_token.split(".");
    const { claims } = partsOf(pair.access_token);
    return `${header}.${encode({ ...claims, exp: (claims.exp ?? 0) + 3600 })}.${signature}`;
  },
  "the signature cut": () => pair.access_token.slice(0, -10),
  "no signature": () => pair.access_token.replace(/[^.]*$/, ""),
  "the refresh token": () => pair.refresh_token,
  "its secret in a session's token": () => {
    const { sub, sid, key } = partsOf(pair.access_token).claims;
    return `tus_${sub}_${sid}_${key}`;
  },
  "its secret in a session's token, as the database knows it": () => {
    const { sub, sid, key } = partsOf(pair.access_token).claims;
    return `tus_${sub}_${sid}_at:${key}`;
  },
  "of a session that was revoked": async () => {
    const other = await guest.signIn();
    assert.equal((await askMe(http, other.access_token)).statusCode, 200);
    await guest.post("/api/token/revocation", { refresh_token: other.refresh_token });
    return other.access_token;
  },
};

describe("a token that was tampered with opens nothing", () => {
  for (const [kind, make] of Object.entries(MUTATIONS)) {
    test(kind, async () => {
      const authorization = `Bearer ${await make()}`;
      for (const url of ["/api/me", memberUrl()]) {
        const answer = await http.server.inject({ url, headers: { authorization } });
        assert.deepEqual([answer.statusCode, answer.json().code], [401, "unauthenticated"], url);
      }
    });
  }
});

test("the token as it was given opens both, and so does one that these tests have signed", async () => {
  for (const token of [pair.access_token, await withClaims({}), await withClaims({ jti: randomUUID() })]) {
    for (const url of ["/api/me", memberUrl()]) {
      const answer = await http.server.inject({ url, headers: { authorization: `Bearer ${token}` } });
      assert.equal(answer.statusCode, 200, answer.body);
    }
  }
});

test("a token says what RFC 9068 asks for, and lasts ten minutes", () => {
  const { header, claims } = partsOf(pair.access_token);
  assert.deepEqual([header.alg, header.typ], ["EdDSA", "at+jwt"]);
  assert.deepEqual([claims.iss, claims.aud, claims.sub], [SITE, `${SITE}/api`, guest.userId]);
  assert.equal((claims.exp ?? 0) - (claims.iat ?? 0), 600);
  assert.equal(pair.expires_in, 600);
});

test("an access token is good as a bearer only, not as the browser's cookie", async () => {
  const headers = { cookie: `tenon_session=${pair.access_token}` };
  assert.equal((await http.server.inject({ url: "/api/me", headers })).statusCode, 401);
});

test("a wrong password gives no token", async () => {
  const answer = await guest.post("/api/token", { email: guest.email, password: "wrong" });
  assert.equal(answer.statusCode, 401);
});

describe("a sign-in that waits for its second factor opens nothing", () => {
  let pending: string;
  before(async () => {
    const careful = await newGuest(http);
    await addApp(http, careful, (await careful.signIn()).access_token);
    pending = await careful.pend();
  });
  for (const { endpoint } of verbRoutes.filter((route) => route.kind !== "anyone")) {
    test(endpoint.name, async () => {
      const { url, ...request } = requestOf(endpoint, { ...missingIds(), organization: tenant.slug });
      const [, user, id, secret] = pending.split("_");
      for (const token of [pending, `tus_${user}_${id}_${secret}`, `tus_${user}_${id}_${secret?.replace("at:", "")}`]) {
        for (const headers of [{ authorization: `Bearer ${token}` }, { cookie: `tenon_session=${token}` }]) {
          const answer = await http.server.inject({ ...request, url, headers: { ...request.headers, ...headers } });
          assert.equal(answer.statusCode, 401, answer.body);
        }
      }
    });
  }
});
