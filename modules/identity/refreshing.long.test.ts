import assert from "node:assert/strict";
import { before, test } from "node:test";
import { newKey } from "../../kernel/secrets/key.ts";
import { adminOf, testServices } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { askMe, eventsOf, type Guest, mailsTo, newGuest, whileLocked } from "./factors.fixture.ts";
import type { TokenPair } from "./tokens-contract.ts";

let http: TestHttpServer;

before(async () => {
  http = await openTestServer();
});

async function opened(): Promise<{ guest: Guest; first: TokenPair }> {
  const guest = await newGuest(http);
  return { guest, first: await guest.signIn() };
}

const refresh = (guest: Guest, refresh_token: string) => guest.post("/api/token/refresh", { refresh_token });

async function refreshed(guest: Guest, token: string): Promise<TokenPair> {
  const answer = await refresh(guest, token);
  assert.equal(answer.statusCode, 200, answer.body);
  return answer.json();
}

async function assertRefused(guest: Guest, token: string): Promise<void> {
  const answer = await refresh(guest, token);
  assert.deepEqual([answer.statusCode, answer.json().code], [401, "unauthenticated"]);
}

async function letPass(guest: Guest, time: string): Promise<void> {
  const admin = await adminOf(http.database);
  await admin.query("update identity.user_sessions set refreshed_at = refreshed_at - $2::interval where user_id = $1", [
    guest.userId,
    time,
  ]);
}

test("a refresh gives another pair for the same session, and the access token before it lasts on", async () => {
  const { guest, first } = await opened();
  const second = await refreshed(guest, first.refresh_token);
  assert.notEqual(second.refresh_token, first.refresh_token);
  const third = await refreshed(guest, second.refresh_token);
  for (const { access_token } of [first, second, third])
    assert.equal((await askMe(http, access_token)).statusCode, 200);
});

test("many tabs that refresh at once all get the same next token, and nothing ends", async () => {
  const { guest, first } = await opened();
  const answers = await Promise.all(Array.from({ length: 12 }, () => refreshed(guest, first.refresh_token)));
  const next = new Set(answers.map((pair) => pair.refresh_token));
  assert.equal(next.size, 1);
  for (const { access_token } of answers) assert.equal((await askMe(http, access_token)).statusCode, 200);
  const third = await refreshed(guest, [...next][0] ?? "");
  assert.equal((await askMe(http, third.access_token)).statusCode, 200);
  assert.ok(!(await eventsOf(http, guest.userId)).includes("session_replayed"));
});

test("the token before, after its half minute, ends the session for everybody who has a token of it", async () => {
  const { guest, first } = await opened();
  const second = await refreshed(guest, first.refresh_token);
  await letPass(guest, "31 seconds");
  await assertRefused(guest, first.refresh_token);
  assert.equal((await askMe(http, second.access_token)).statusCode, 401);
  await assertRefused(guest, second.refresh_token);
  assert.deepEqual(await mailsTo(http, guest.email), ["session_replayed"]);
  assert.equal((await eventsOf(http, guest.userId)).filter((kind) => kind === "session_replayed").length, 1);
  const admin = await adminOf(http.database);
  const { rows } = await admin.query("select revoked_reason from identity.user_sessions where user_id = $1", [
    guest.userId,
  ]);
  assert.deepEqual(rows, [{ revoked_reason: "refresh token replayed" }]);
});

test("a token older than the one before ends the session at once, also when many send it", async () => {
  const { guest, first } = await opened();
  const second = await refreshed(guest, first.refresh_token);
  const third = await refreshed(guest, second.refresh_token);
  const row = {
    text: "select from identity.user_sessions where user_id = $1",
    functionName: "refresh_session",
    userId: guest.userId,
  };
  await whileLocked(http, row, () => Array.from({ length: 8 }, () => assertRefused(guest, first.refresh_token)));
  assert.equal((await askMe(http, third.access_token)).statusCode, 401);
  assert.deepEqual(await mailsTo(http, guest.email), ["session_replayed"]);
});

test("a replay ends its own session, not the person's others", async () => {
  const { guest, first } = await opened();
  const other = await guest.signIn();
  const second = await refreshed(guest, first.refresh_token);
  await refreshed(guest, second.refresh_token);
  await assertRefused(guest, first.refresh_token);
  assert.equal((await askMe(http, other.access_token)).statusCode, 200);
});

test("a token that was not made here ends nothing, however it is numbered", async () => {
  const { guest, first } = await opened();
  const second = await refreshed(guest, first.refresh_token);
  await refreshed(guest, second.refresh_token);
  const [prefix, user, session] = first.refresh_token.split("_");
  const forgeries = ["0", "1", "2", "3", "99", "999999999999999999", "9999999999999999999"].map((counter) =>
    [prefix, user, session, counter, "A".repeat(43)].join("_"),
  );
  for (const token of [...forgeries, first.refresh_token.slice(0, -1), first.access_token, "", "x".repeat(299)].filter(
    Boolean,
  )) {
    const answer = await refresh(guest, token);
    assert.ok([400, 401].includes(answer.statusCode), answer.body);
  }
  assert.equal((await askMe(http, first.access_token)).statusCode, 200);
});

test("an access token does not refresh", async () => {
  const { guest, first } = await opened();
  const answer = await refresh(guest, first.access_token.slice(0, 300));
  assert.equal(answer.statusCode, 401);
});

test("the token of another session does not refresh this one", async () => {
  const [one, two] = [await opened(), await opened()];
  const [prefix, , , ...rest] = one.first.refresh_token.split("_");
  const [, user, session] = two.first.refresh_token.split("_");
  await assertRefused(one.guest, [prefix, user, session, ...rest].join("_"));
  assert.equal((await askMe(http, two.first.access_token)).statusCode, 200);
});

test("revoking ends the session, and says nothing of what is none", async () => {
  const { guest, first } = await opened();
  const revoke = (refresh_token: string) => guest.post("/api/token/revocation", { refresh_token });
  assert.equal((await revoke("trt_nothing")).statusCode, 204);
  assert.equal((await revoke(first.refresh_token.replace(/.{43}$/, "A".repeat(43)))).statusCode, 204);
  assert.equal((await askMe(http, first.access_token)).statusCode, 200);
  assert.equal((await revoke(first.refresh_token)).statusCode, 204);
  assert.equal((await askMe(http, first.access_token)).statusCode, 401);
  await assertRefused(guest, first.refresh_token);
});

test("use moves the end of a session on, and never beyond its last day", async () => {
  const { guest, first } = await opened();
  const admin = await adminOf(http.database);
  await admin.query(
    "update identity.user_sessions set expires_at = now() + interval '1 hour', ends_at = now() + interval '5 days' where user_id = $1",
    [guest.userId],
  );
  await refreshed(guest, first.refresh_token);
  const { rows } = await admin.query(
    "select expires_at = ends_at as moved from identity.user_sessions where user_id = $1",
    [guest.userId],
  );
  assert.deepEqual(rows, [{ moved: true }]);
});

test("neither a session that is over nor a person who is suspended gets tokens", async () => {
  const admin = await adminOf(http.database);
  const over = await opened();
  await admin.query(
    "update identity.user_sessions set created_at = now() - interval '2 days', expires_at = now() - interval '1 second' where user_id = $1",
    [over.guest.userId],
  );
  await assertRefused(over.guest, over.first.refresh_token);
  const suspended = await opened();
  await admin.query("update identity.users set status = 'suspended' where id = $1", [suspended.guest.userId]);
  await assertRefused(suspended.guest, suspended.first.refresh_token);
});

test("a server with a newer key goes on from tokens of the older one", async () => {
  const { guest, first } = await opened();
  const keys = [newKey(), ...testServices().keyring.keys] as const;
  const services = testServices({ keyring: { keys, reload: () => undefined } });
  const rotated = await openTestServer([], { services });
  const payload = { refresh_token: first.refresh_token };
  const request = { method: "POST", url: "/api/token/refresh", payload } as const;
  const [answer, repeated] = [await rotated.server.inject(request), await rotated.server.inject(request)];
  assert.equal(answer.statusCode, 200, answer.body);
  assert.equal(repeated.json().refresh_token, answer.json().refresh_token);
  assert.equal((await askMe(rotated, answer.json().access_token)).statusCode, 200);
  // Whoever has the older key alone cannot make anew what the newer one made.
  await assertRefused(guest, first.refresh_token);
});
