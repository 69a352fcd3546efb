import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { before, test } from "node:test";
import { exportSPKI, importJWK, UnsecuredJWT } from "jose";
import { adminOf, atEnd, createPerson, createTenant, type Person, testServices } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { readExternalTokens } from "./external-tokens.ts";
import { removeIssuer } from "./issuers.ts";
import {
  openListeningServer,
  openProvider,
  signToken,
  type TestProvider,
  type TokenParts,
  trustProvider,
} from "./provider.fixture.ts";

const TOKENS = { signIn: false, makesAccounts: false, acceptsTokens: true };

let http: TestHttpServer & { address: string };
let issuer: TestProvider;
let signInOnly: TestProvider;

before(async () => {
  http = await openListeningServer();
  issuer = await openProvider(http.address);
  signInOnly = await openProvider(http.address);
  await trustProvider(http.database, issuer, TOKENS);
  await trustProvider(http.database, signInOnly, { acceptsTokens: false });
});

/** A person who is a subject of the issuer, whose name is made up. */
async function linked(provider = issuer, person?: Person): Promise<{ person: Person; sub: string }> {
  const sub = randomUUID();
  const linkedTo = person ?? (await createPerson(http.database));
  await link(provider.name, sub, linkedTo);
  return { person: linkedTo, sub };
}

async function link(name: string, sub: string, { userId }: Person) {
  const admin = await adminOf(http.database);
  await admin.query("insert into identity.external_identities (issuer, subject, user_id) values ($1, $2, $3)", [
    name,
    sub,
    userId,
  ]);
}

function ask(token: string, url = "/api/me", method: "GET" | "DELETE" = "GET", server = http.server) {
  return server.inject({ method, url, headers: { authorization: `Bearer ${token}` } });
}

async function statusOf(token: string): Promise<number> {
  return (await ask(token)).statusCode;
}

async function sessionsOf({ userId }: Person) {
  const admin = await adminOf(http.database);
  const { rows } = await admin.query(
    "select * from identity.user_sessions where user_id = $1 and kind = 'external' order by id",
    [userId],
  );
  return rows;
}

test("a token of a linked subject is its person's, in their account and in their organization", async () => {
  const tenant = await createTenant(http.database);
  const { sub } = await linked(issuer, tenant.owner);
  const token = await signToken(issuer, sub);
  const me = await ask(token);
  assert.deepEqual([me.statusCode, me.json().user_id, me.json().second_factor], [200, tenant.owner.userId, false]);
  assert.equal((await ask(token, `/api/organizations/${tenant.slug}/audit/entries`)).statusCode, 200);
  const [session, ...more] = await sessionsOf(tenant.owner);
  assert.deepEqual(more, []);
  const { exp } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  assert.equal(session.ends_at.getTime(), exp * 1000);
  assert.equal(session.issuer, issuer.name);
  assert.equal(session.proved_at.getTime(), 0, "Nobody said when the person proved who they are.");
});

test("a token of up to eight kilobytes is taken, a longer one is not", async () => {
  const { sub } = await linked();
  const grow = async (length: number) => {
    const base = await signToken(issuer, sub, { payload: { pad: "" } });
    const pad = "x".repeat(Math.floor(((length - base.length) * 3) / 4));
    return signToken(issuer, sub, { payload: { pad } });
  };
  const [large, larger] = [await grow(8 * 1024 - 8), await grow(8 * 1024 + 8)];
  assert.ok(large.length > 8 * 1024 - 20 && large.length <= 8 * 1024 && larger.length > 8 * 1024);
  const get = (token: string) => fetch(`${http.address}/api/me`, { headers: { authorization: `Bearer ${token}` } });
  assert.deepEqual([(await get(large)).status, (await get(larger)).status], [200, 401]);
});

const now = () => Math.floor(Date.now() / 1000);
const WRONG: Record<string, (provider: TestProvider) => Promise<TokenParts>> = {
  "for another audience": async () => ({ payload: { aud: "another" } }),
  "for no audience": async () => ({ payload: { aud: [] } }),
  "of an issuer that is not trusted": async () => ({ payload: { iss: "https://evil.example" } }),
  "of the issuer with a slash": async ({ issuerUrl }) => ({ payload: { iss: `${issuerUrl}/` } }),
  "of an issuer for signing in only": async () => ({ payload: { iss: signInOnly.issuerUrl } }),
  "signed with another issuer's key": async () => ({ key: await privateKey(signInOnly, "ES256") }),
  "signed with a shared secret, the public key": async (provider) => ({
    header: { alg: "HS256" },
    key: new TextEncoder().encode(await publicPem(provider)),
  }),
  "signed by an algorithm that is not pinned": async (provider) => ({
    header: { alg: "RS256", kid: provider.keys.RS256.kid },
    key: await privateKey(provider, "RS256"),
  }),
  "signed by an algorithm that is not pinned, under the pinned key's name": async (provider) => ({
    header: { alg: "RS256" },
    key: await privateKey(provider, "RS256"),
  }),
  "signed with an unknown key": async () => ({ header: { kid: "unknown" } }),
  expired: async () => ({ payload: { iat: now() - 3600, exp: now() - 60 } }),
  "without an end": async () => ({ payload: { exp: undefined } }),
  "not yet good": async () => ({ payload: { nbf: now() + 60 } }),
  "of nobody who is linked": async () => ({ payload: { sub: randomUUID() } }),
  "of no subject": async () => ({ payload: { sub: undefined } }),
  "of an impossible subject": async () => ({ payload: { sub: "a\0b" } }),
  "of a subject that is linked at another issuer": async () => {
    const { sub } = await linked(signInOnly);
    return { payload: { sub } };
  },
};

async function privateKey(provider: TestProvider, alg: "ES256" | "RS256") {
  const key = await importJWK(provider.keys[alg], alg);
  assert.ok(!(key instanceof Uint8Array));
  return key;
}

async function publicPem(provider: TestProvider): Promise<string> {
  const { d: _, ...jwk } = provider.keys.ES256;
  const key = await importJWK(jwk, "ES256", { extractable: true });
  assert.ok(!(key instanceof Uint8Array));
  return exportSPKI(key);
}

for (const [what, partsOf] of Object.entries(WRONG)) {
  test(`a token ${what} opens nothing`, async () => {
    const { person, sub } = await linked();
    const token = await signToken(issuer, sub, await partsOf(issuer));
    const { statusCode, body } = await ask(token);
    assert.equal(statusCode, 401, body);
    assert.deepEqual(await sessionsOf(person), []);
    assert.equal(await statusOf(await signToken(issuer, sub)), 200);
  });
}

test("a token without a signature, with a changed one or a changed content opens nothing", async () => {
  const { person, sub } = await linked();
  const good = await signToken(issuer, sub);
  const [head = "", payload = "", signature = ""] = good.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  const changed = Buffer.from(JSON.stringify({ ...claims, exp: claims.exp + 1 })).toString("base64url");
  const tokens = [
    new UnsecuredJWT(claims).encode(),
    `${new UnsecuredJWT(claims).encode()}${signature}`,
    `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.${signature}`,
    `${head}.${payload}.`,
    `${head}.${payload}.${Buffer.alloc(64).toString("base64url")}`,
    `${head}.${changed}.${signature}`,
    `${head}.!!.${signature}`,
    "a.b.c",
    `${good}.x.y`,
  ];
  for (const token of tokens) assert.equal(await statusOf(token), 401, token);
  assert.deepEqual(await sessionsOf(person), []);
  assert.equal(await statusOf(good), 200);
});

test("requests that bring one token at once, to two processes, find one session", async () => {
  const { person, sub } = await linked();
  const second = await openTestServer();
  const token = await signToken(issuer, sub);
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) => ask(token, "/api/me", "GET", index % 2 ? second.server : http.server)),
  );
  assert.deepEqual(new Set(answers.map(({ statusCode }) => statusCode)), new Set([200]));
  assert.equal((await sessionsOf(person)).length, 1);
  // A process that has never seen the token finds the same one.
  const read = readExternalTokens();
  const caller = { database: http.database, services: testServices(), operation: "test", request: { requestId: "r" } };
  const [session] = await sessionsOf(person);
  assert.equal((await read(caller, token))?.sessionId, session.id);
  const admin = await adminOf(http.database);
  const events = await admin.query(
    "select count(*)::integer as count from identity.user_events where user_id = $1 and kind = 'token_accepted'",
    [person.userId],
  );
  assert.equal(events.rows[0].count, 1);
});

test("revoking the session ends the token here, in every process", async () => {
  const { person, sub } = await linked();
  const [token, another] = [await signToken(issuer, sub), await signToken(issuer, sub)];
  assert.deepEqual([await statusOf(token), await statusOf(another)], [200, 200]);
  assert.equal((await ask(token, "/api/session", "DELETE")).statusCode, 204);
  assert.deepEqual([await statusOf(token), await statusOf(another)], [401, 200]);
  const read = readExternalTokens();
  const caller = { database: http.database, services: testServices(), operation: "test", request: { requestId: "r" } };
  assert.equal(await read(caller, token), undefined);
  assert.equal((await sessionsOf(person)).length, 2);
});

test("unlinking, disabling the issuer and suspending the person end a token at once", async () => {
  const admin = await adminOf(http.database);
  const { person, sub } = await linked();
  const token = await signToken(issuer, sub);
  assert.equal(await statusOf(token), 200);
  const [{ id }] = (await http.ask(person, { url: "/api/me/identities" })).json().items;
  assert.equal((await http.ask(person, { method: "DELETE", url: `/api/me/identities/${id}` })).statusCode, 204);
  assert.equal(await statusOf(token), 401);

  const dropped = await openProvider(http.address);
  await trustProvider(http.database, dropped, TOKENS);
  const someone = await linked(dropped);
  const dropping = await signToken(dropped, someone.sub);
  assert.equal(await statusOf(dropping), 200);
  assert.equal(await removeIssuer(admin, dropped.name, { forget: false }), "disabled");
  assert.deepEqual([await statusOf(dropping), await statusOf(await signToken(dropped, someone.sub))], [401, 401]);
  await trustProvider(http.database, dropped, TOKENS);
  assert.equal(await statusOf(await signToken(dropped, someone.sub)), 200);

  const suspended = await linked();
  const theirs = await signToken(issuer, suspended.sub);
  assert.equal(await statusOf(theirs), 200);
  await admin.query("update identity.users set status = 'suspended' where id = $1", [suspended.person.userId]);
  assert.deepEqual([await statusOf(theirs), await statusOf(await signToken(issuer, suspended.sub))], [401, 401]);
});

test("who has a second factor here is let in only by an issuer whose sign-in counts as one", async () => {
  const strong = await openProvider(http.address);
  await trustProvider(http.database, strong, { ...TOKENS, isSecondFactor: true });
  const { person, sub } = await linked();
  const admin = await adminOf(http.database);
  await link(strong.name, sub, person);
  await admin.query(
    "insert into identity.passkeys (user_id, name, credential_id, public_key) values ($1, 'Key', $2, '\\x00')",
    [person.userId, randomUUID()],
  );
  assert.equal(await statusOf(await signToken(issuer, sub)), 401);
  const me = await ask(await signToken(strong, sub));
  assert.deepEqual([me.statusCode, me.json().second_factor], [200, true]);
});

test("when the person proved who they are counts as far as the issuer tells", async () => {
  const { sub } = await linked();
  const unlink = async (auth_time: number | undefined) => {
    const token = await signToken(issuer, sub, { payload: { auth_time } });
    const answer = await ask(token, `/api/me/identities/${randomUUID()}`, "DELETE");
    return answer.json().code;
  };
  assert.equal(await unlink(undefined), "proof_needed");
  assert.equal(await unlink(now() - 16 * 60), "proof_needed");
  assert.equal(await unlink(now() - 60), "not_found");
});

test("an issuer that is away, hangs or talks nonsense means 401, and is not asked again at once", async () => {
  let asked = 0;
  const hanging = createServer(() => {
    asked += 1;
  });
  const broken = createServer((_, response) => {
    asked += 1;
    response.writeHead(500).end("<h1>Oops</h1>");
  });
  for (const server of [hanging, broken]) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    atEnd(async () => {
      server.closeAllConnections();
      server.close();
    });
  }
  const urls = [hanging, broken].map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  for (const issuerUrl of [...urls, "http://127.0.0.1:7"]) {
    for (const jwksUri of [undefined, `${issuerUrl}/jwks`]) {
      const name = `down-${randomUUID().slice(0, 8)}`;
      const down = { ...issuer, name, issuerUrl };
      await (await adminOf(http.database)).query("delete from identity.issuers where issuer_url = $1", [issuerUrl]);
      await trustProvider(http.database, down, { ...TOKENS, jwksUri });
      const { sub } = await linked(down);
      asked = 0;
      assert.equal(await statusOf(await signToken(down, sub)), 401);
      const first = asked;
      assert.equal(await statusOf(await signToken(down, sub)), 401);
      assert.equal(asked, first);
    }
  }
});
