import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { createPerson } from "../../modules/identity/people.ts";
import { adminOf, testServices } from "../harness.ts";
import { openTestServer, type TestHttpServer } from "./server.ts";

const PASSWORD = "a long enough password 47";
const FORWARDED = "203.0.113.9";

async function signIn(http: TestHttpServer, headers: Record<string, string> = {}) {
  const email = `${randomUUID()}@example.com`;
  const id = await createPerson(await adminOf(http.database), { email, name: "A Person", password: PASSWORD });
  const payload = { email, password: PASSWORD };
  const answer = await http.server.inject({ method: "POST", url: "/api/session", payload, headers });
  assert.equal(answer.statusCode, 200, answer.body);
  return { id, answer };
}

async function addressOf(http: TestHttpServer, id: string): Promise<string> {
  const admin = await adminOf(http.database);
  const { rows } = await admin.query("select host(ip_address) as ip from identity.user_sessions where user_id = $1", [
    id,
  ]);
  return rows[0].ip;
}

test("what a stranger says of whom they ask for is not believed", async () => {
  const http = await openTestServer();
  const { id } = await signIn(http, { "x-forwarded-for": FORWARDED });
  assert.equal(await addressOf(http, id), "127.0.0.1");
});

test("a trusted proxy says for whom it asks", async () => {
  const http = await openTestServer([], { trustedProxies: "127.0.0.1" });
  const { id } = await signIn(http, { "x-forwarded-for": FORWARDED });
  assert.equal(await addressOf(http, id), FORWARDED);
});

test("a proxy that is not in the list is not trusted", async () => {
  const http = await openTestServer([], { trustedProxies: "192.0.2.0/24" });
  const { id } = await signIn(http, { "x-forwarded-for": FORWARDED });
  assert.equal(await addressOf(http, id), "127.0.0.1");
});

test("where people come by https the cookie never travels without", async () => {
  const plain = await openTestServer();
  assert.equal((await signIn(plain)).answer.cookies[0]?.secure, undefined);
  const tls = await openTestServer([], { services: testServices({ publicUrl: "https://tenon.test" }) });
  assert.equal((await signIn(tls)).answer.cookies[0]?.secure, true);
});

test("one address signs in so often a minute, and no more", async () => {
  const http = await openTestServer([], { signInsPerMinute: 3, trustedProxies: "127.0.0.1" });
  const attempt = (address: string) =>
    http.server.inject({
      method: "POST",
      url: "/api/session",
      payload: { email: "nobody@example.com", password: "wrong" },
      headers: { "x-forwarded-for": address },
    });
  for (const host of ["1", "2", "3"]) assert.equal((await attempt(`2001:db8:1:2::${host}`)).statusCode, 401);
  const refused = await attempt("2001:db8:1:2:9::1");
  assert.deepEqual([refused.statusCode, refused.json().code], [429, "too_many_requests"]);
  assert.match(refused.json().detail, /3 requests a minute/);
  assert.ok(Number(refused.headers["retry-after"]) > 0);
  assert.equal((await attempt("2001:db8:1:3::1")).statusCode, 401);
  assert.equal((await http.server.inject({ url: "/healthz" })).statusCode, 200);
});
