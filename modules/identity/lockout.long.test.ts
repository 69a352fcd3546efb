import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { before, test } from "node:test";
import type pg from "pg";
import type { Database } from "../../kernel/database/pool.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import { adminOf, createPerson, openTestDatabase } from "../../test/harness.ts";
import { essenceOf, openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import {
  eventsOf,
  lastToken,
  lockoutOf,
  newAddress,
  newPerson,
  PASSWORD,
  post,
  whileHeld,
} from "./accounts.fixture.ts";

/** Enough for eight connections of the gate's. */
const CONNECTIONS = 100;

let http: TestHttpServer;
let admin: pg.Client;
let wide: Database;

before(async () => {
  http = await openTestServer();
  admin = await adminOf(http.database);
  wide = openTestDatabase(undefined, CONNECTIONS);
});

const trySignIn = (email: string, password: string) => post(http, "/api/session", { email, password });

/** A try with a hash that is not the account's, as after a wrong password; seals are any bytes of their length. */
function failDirectly(email: string) {
  return callOutside(
    wide,
    "gate",
    "select * from identity.sign_in_with_password($1, $2, 'browser', $2, null, $2, $3, '{}')",
    [email, randomBytes(32), randomBytes(93)],
  );
}

async function setAttempts(userId: string, attempts: number): Promise<void> {
  await admin.query("update identity.lockouts set failed_attempts = $2, locked_until = null where user_id = $1", [
    userId,
    attempts,
  ]);
}

test("parallel failures count exactly, until the account waits", async () => {
  const person = await createPerson(wide);
  await Promise.all(Array.from({ length: 9 }, () => failDirectly(person.email)));
  assert.deepEqual(await lockoutOf(admin, person.userId), { attempts: 9, seconds: null });
  const row = "select from identity.lockouts where user_id = $1 for update";
  const fail = () => Promise.all(Array.from({ length: 20 }, () => failDirectly(person.email)));
  await whileHeld(admin, { lock: row, values: [person.userId], waiting: 8 }, fail);
  assert.deepEqual(await lockoutOf(admin, person.userId), { attempts: 10, seconds: 60 });
  const kinds = await eventsOf(admin, person.userId);
  assert.equal(kinds.filter((kind) => kind === "sign_in_failed").length, 10);
  assert.equal(kinds.filter((kind) => kind === "sign_in_refused").length, 19);
  const { rows } = await admin.query("select template from kernel.mails where recipient = $1", [person.email]);
  assert.deepEqual(rows, [{ template: "account_locked" }]);
});

test("each further failure makes the account wait twice as long, up to an hour", async () => {
  const person = await createPerson(wide);
  const seconds = [];
  for (const attempts of [8, 9, 10, 11, 14, 15, 16, 40, 1_000_000]) {
    await failDirectly(person.email);
    await setAttempts(person.userId, attempts);
    await failDirectly(person.email);
    seconds.push((await lockoutOf(admin, person.userId)).seconds);
    await setAttempts(person.userId, 0);
  }
  assert.deepEqual(seconds, [null, 60, 120, 240, 1920, 3600, 3600, 3600, 3600]);
});

test("a refusal, which is an error to the caller, does not undo the count", async () => {
  const person = await newPerson(http);
  assert.equal((await trySignIn(person.email, "wrong")).statusCode, 401);
  assert.equal((await post(http, "/api/session/proof", { password: "wrong" }, person)).statusCode, 403);
  assert.equal((await lockoutOf(admin, person.userId)).attempts, 2);
  assert.equal((await trySignIn(person.email, PASSWORD)).statusCode, 200);
  assert.equal((await lockoutOf(admin, person.userId)).attempts, 0);
});

test("while an account waits, the right password is answered as a wrong one, and as an address that does not exist", async () => {
  const person = await newPerson(http);
  const unknown = newAddress();
  const wrong = essenceOf(await trySignIn(person.email, "wrong"));
  await setAttempts(person.userId, 9);
  assert.deepEqual(essenceOf(await trySignIn(person.email, "wrong")), wrong);
  assert.equal((await lockoutOf(admin, person.userId)).seconds, 60);
  assert.deepEqual(essenceOf(await trySignIn(person.email, PASSWORD)), wrong);
  for (let round = 0; round < 12; round += 1) assert.deepEqual(essenceOf(await trySignIn(unknown, PASSWORD)), wrong);
  await admin.query("update identity.lockouts set locked_until = now() where user_id = $1", [person.userId]);
  assert.equal((await trySignIn(person.email, PASSWORD)).statusCode, 200);
});

test("showing the password once more is locked with signing in, and the right one is answered alike", async () => {
  const person = await newPerson(http);
  const prove = async (password: string) => essenceOf(await post(http, "/api/session/proof", { password }, person));
  const wrong = await prove("wrong");
  await setAttempts(person.userId, 9);
  assert.equal((await trySignIn(person.email, "wrong")).statusCode, 401);
  assert.deepEqual(await prove(PASSWORD), wrong);
  assert.equal(wrong.statusCode, 403);
});

test("the mail about a lock unlocks it, once", async () => {
  const person = await newPerson(http);
  await trySignIn(person.email, "wrong");
  await setAttempts(person.userId, 9);
  await trySignIn(person.email, "wrong");
  assert.equal((await trySignIn(person.email, PASSWORD)).statusCode, 401);
  const token = await lastToken(admin, person.email, "account_locked");
  assert.equal((await post(http, "/api/unlock", { token: `${token}A` })).statusCode, 410);
  assert.equal((await post(http, "/api/unlock", { token })).statusCode, 204);
  assert.equal((await trySignIn(person.email, PASSWORD)).statusCode, 200);
  assert.equal((await post(http, "/api/unlock", { token })).statusCode, 410);
});

test("requests are counted by address, an IPv6 network of 64 bits as one, over all endpoints of the group", async () => {
  const limited = await openTestServer([], { signInsPerMinute: 4, trustedProxies: "loopback" });
  const ask = (url: string, from: string) =>
    limited.server.inject({ method: "POST", url, payload: { token: "x" }, headers: { "x-forwarded-for": from } });
  const statuses = [];
  for (const host of [1, 2, 3, 4, 5, 6])
    statuses.push(
      (await ask(host % 2 ? "/api/unlock" : "/api/account-restoration", `2001:db8:1:2::${host}`)).statusCode,
    );
  assert.deepEqual(statuses, [410, 410, 410, 410, 429, 429]);
  const refused = await ask("/api/unlock", "2001:db8:1:2:ffff::1");
  assert.equal(refused.json().code, "too_many_requests");
  assert.ok(Number(refused.headers["retry-after"]) > 0);
  assert.equal((await ask("/api/unlock", "2001:db8:1:3::1")).statusCode, 410);
  assert.equal((await ask("/api/unlock", "192.0.2.1")).statusCode, 410);
});

test("more sign-ins at once than can be worked through are told to come back", async () => {
  const answers = await Promise.all(Array.from({ length: 240 }, () => trySignIn(newAddress(), "wrong")));
  const busy = answers.filter(({ statusCode }) => statusCode === 503);
  assert.ok(busy.length > 0);
  assert.ok(answers.every(({ statusCode }) => statusCode === 503 || statusCode === 401));
  for (const answer of busy) {
    assert.equal(answer.json().code, "too_busy");
    assert.ok(answer.headers["retry-after"]);
  }
});
