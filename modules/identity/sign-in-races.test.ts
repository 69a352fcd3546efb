import assert from "node:assert/strict";
import { before, test } from "node:test";
import type pg from "pg";
import { adminOf, openAdmin } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { isSignedIn, lastToken, newPerson, PASSWORD, personOf, post, whileHeld } from "./accounts.fixture.ts";

let http: TestHttpServer;
let admin: pg.Client;
const NEW = "another fine sentence 48";

before(async () => {
  http = await openTestServer();
  admin = await adminOf(http.database);
});

test("a sign-in that runs up against a password reset does not get in by the old password", async () => {
  const person = await newPerson(http);
  await post(http, "/api/password-reset", { email: person.email });
  const token = await lastToken(admin, person.email, "reset_password");
  const [, userId = "", id = "", ...secret] = token.split("_");
  const old = await whileHeld(
    admin,
    {
      lock: "select identity.reset_password($1, $2, $3, $4, $5, 19456, 2, 1, '{}')",
      values: [userId, id, secret.join("_"), Buffer.alloc(16), Buffer.alloc(32)],
      waiting: 1,
    },
    () => post(http, "/api/session", { email: person.email, password: PASSWORD }),
  );
  assert.equal(old.statusCode, 401, old.body);
});

test("a proof that runs up against a change of the password is none by the old one", async () => {
  const person = await newPerson(http);
  const proof = await whileHeld(
    admin,
    {
      lock: `select identity.lock_attempts($1), identity.set_password($1, $2, $3, 19456, 2, 1)`,
      values: [person.userId, Buffer.alloc(16), Buffer.alloc(32)],
      waiting: 1,
    },
    () => post(http, "/api/session/proof", { password: PASSWORD }, person),
  );
  assert.notEqual(proof.statusCode, 204, proof.body);
});

test("sessions that were opened while an account was closed do not come back with it", async () => {
  const person = await newPerson(http);
  const opening = () => post(http, "/api/session", { email: person.email, password: PASSWORD });
  // The account is being suspended, and whoever signs in saw it active a moment ago.
  const answer = await whileHeld(
    admin,
    {
      lock: "select identity.lock_attempts($1), identity.suspend_person($2)",
      values: [person.userId, person.email],
      waiting: 1,
    },
    opening,
  );
  assert.equal(answer.statusCode, 401, answer.body);
  await admin.query("select identity.resume_person($1)", [person.email]);
  assert.equal(await isSignedIn(http, personOf(await opening(), person.email)), true);
});

test("a session that is being opened while its person is suspended ends with all others", async () => {
  const person = await newPerson(http);
  const operator = await openAdmin();
  const { rows } = await whileHeld(
    admin,
    {
      lock: "select identity.new_session($1, 'browser', $2, null, false, '{}')",
      values: [person.userId, Buffer.alloc(32)],
      waiting: 1,
    },
    () => operator.query("select identity.suspend_person($1) as is_suspended", [person.email]),
  );
  assert.deepEqual(rows, [{ is_suspended: true }]);
  const sessions = "select revoked_reason from identity.user_sessions where user_id = $1";
  const ended = (await admin.query<{ revoked_reason: string }>(sessions, [person.userId])).rows;
  assert.ok(ended.length >= 2);
  assert.ok(ended.every(({ revoked_reason }) => revoked_reason === "account suspended"));
});

test("whoever is not active has no live session, whatever is written", async () => {
  const person = await newPerson(http);
  await admin.query("select identity.suspend_person($1)", [person.email]);
  const points = { constraint: "user_sessions_user_id_user_status_fkey" };
  const open = `insert into identity.user_sessions (user_id, kind, secret_hash, expires_at, ends_at)
    values ($1, 'browser', $2, now() + interval '1 hour', now() + interval '1 hour')`;
  await assert.rejects(admin.query(open, [person.userId, Buffer.alloc(32)]), points);
  const revive = "update identity.user_sessions set revoked_at = null where user_id = $1";
  await assert.rejects(admin.query(revive, [person.userId]), points);
});

test("many resets and sign-ins at once come to an end, each with an answer", async () => {
  const person = await newPerson(http);
  const tokens: string[] = [];
  for (let count = 0; count < 4; count++) {
    await post(http, "/api/password-reset", { email: person.email });
    tokens.push(await lastToken(admin, person.email, "reset_password"));
  }
  const answers = await Promise.all(
    tokens.flatMap((token) => [
      post(http, "/api/password-reset/confirmation", { token, password: NEW }),
      post(http, "/api/session", { email: person.email, password: PASSWORD }),
      post(http, "/api/session", { email: person.email, password: NEW }),
    ]),
  );
  assert.deepEqual(
    answers.filter(({ statusCode }) => statusCode >= 500 && statusCode !== 503).map(({ body }) => body),
    [],
  );
});
