import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import type { LightMyRequestResponse } from "fastify";
import { createPerson } from "../../modules/identity/people.ts";
import { adminOf } from "../harness.ts";
import { openTestServer, type TestHttpServer } from "./server.ts";

const HOST = "tenon.example";
const PASSWORD = "a long enough password 47";

let http: TestHttpServer;
const email = `${randomUUID()}@example.com`;

before(async () => {
  http = await openTestServer();
  await createPerson(await adminOf(http.database), { email, name: "A Person", password: PASSWORD });
});

type Headers = Record<string, string>;

function signIn(headers: Headers = {}, password = PASSWORD): Promise<LightMyRequestResponse> {
  const payload = { email, password };
  return http.server.inject({ method: "POST", url: "/api/session", payload, headers: { host: HOST, ...headers } });
}

async function openSession(): Promise<string> {
  const [cookie] = (await signIn()).cookies;
  return cookie?.value ?? assert.fail("No cookie was set.");
}

function signOut(headers: Headers): Promise<LightMyRequestResponse> {
  return http.server.inject({ method: "DELETE", url: "/api/session", headers: { host: HOST, ...headers } });
}

test("signing in sets a cookie that no script reads and no other site sends along", async () => {
  const answer = await signIn();
  assert.deepEqual([answer.statusCode, answer.json()], [200, { pending: null }]);
  const [{ value: _, ...cookie } = {}] = answer.cookies;
  const expected = { name: "tenon_session", path: "/", httpOnly: true, sameSite: "Lax", maxAge: 90 * 24 * 3600 };
  assert.deepEqual(cookie, expected);
});

test("a wrong password and an unknown address are refused alike, without a cookie", async () => {
  const wrong = await signIn({}, "wrong");
  const payload = { email: "nobody@example.com", password: "wrong" };
  const unknown = await http.server.inject({ method: "POST", url: "/api/session", payload, headers: { host: HOST } });
  for (const answer of [wrong, unknown]) {
    assert.equal(answer.statusCode, 401);
    assert.equal(answer.cookies.length, 0);
  }
  const { request_id: _, ...document } = wrong.json();
  const { request_id: __, ...other } = unknown.json();
  assert.deepEqual(document, other);
});

test("signing out ends the session and takes the cookie back, also when the session had ended before", async () => {
  const cookie = `tenon_session=${await openSession()}`;
  const me = () => http.server.inject({ url: "/api/me", headers: { cookie } });
  assert.equal((await me()).statusCode, 200);
  for (const status of [204, 401]) {
    const answer = await signOut({ cookie });
    assert.equal(answer.statusCode, status);
    assert.deepEqual([answer.cookies[0]?.name, answer.cookies[0]?.value], ["tenon_session", ""]);
    assert.equal((await me()).statusCode, 401);
  }
});

const FOREIGN: Headers[] = [
  { origin: "https://evil.example" },
  { origin: `https://${HOST}.evil.example` },
  { origin: `https://${HOST}:8443` },
  { origin: "null" },
  { origin: "nonsense" },
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "same-site" },
];
const OWN: Headers[] = [{ origin: `https://${HOST}` }, { "sec-fetch-site": "same-origin" }, {}];

for (const headers of FOREIGN) {
  const [[name, value] = []] = Object.entries(headers);
  test(`${name}: ${value} changes nothing by a cookie, everything by a token`, async () => {
    const token = await openSession();
    const cookie = `tenon_session=${token}`;
    const refused = await signOut({ ...headers, cookie });
    assert.deepEqual([refused.statusCode, refused.json().code], [403, "forbidden"]);
    assert.equal((await http.server.inject({ url: "/api/me", headers: { ...headers, cookie } })).statusCode, 200);
    assert.equal((await signIn(headers)).statusCode, 403);
    assert.equal((await signOut({ ...headers, authorization: `Bearer ${token}` })).statusCode, 204);
  });
}

for (const headers of OWN) {
  test(`${JSON.stringify(headers)} is one of our own pages, or no browser`, async () => {
    assert.equal((await signOut({ ...headers, cookie: `tenon_session=${await openSession()}` })).statusCode, 204);
    assert.equal((await signOut({ ...headers, authorization: `Bearer ${await openSession()}` })).statusCode, 204);
  });
}

test("an empty token does not open the way around the check of the origin", async () => {
  const headers = { cookie: `tenon_session=${await openSession()}`, origin: "https://evil.example" };
  assert.equal((await signOut({ ...headers, authorization: "Bearer " })).statusCode, 403);
  assert.equal((await signOut({ ...headers, authorization: "Bearer x" })).statusCode, 401);
});
