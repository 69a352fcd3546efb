import assert from "node:assert/strict";
import { before, test } from "node:test";
import type pg from "pg";
import { adminOf, type Person } from "../../test/harness.ts";
import { essenceOf, openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import {
  eventsOf,
  isSignedIn,
  lastToken,
  lockoutOf,
  mailsTo,
  makeProofOld,
  newAddress,
  newPerson,
  PASSWORD,
  post,
  signInAs,
} from "./accounts.fixture.ts";
import { derivePasswordHash, newPasswordParameters, PASSWORD_PARAMETERS_CURRENT } from "./passwords.ts";

let http: TestHttpServer;
let admin: pg.Client;
const NEW = "another fine sentence 48";

before(async () => {
  http = await openTestServer();
  admin = await adminOf(http.database);
});

const change = (person: Person, payload: object) =>
  http.ask(person, { method: "PUT", url: "/api/me/password", payload });
const askReset = (email: string) => post(http, "/api/password-reset", { email });
const reset = (token: string, password = NEW) => post(http, "/api/password-reset/confirmation", { token, password });
const trySignIn = (email: string, password: string) => post(http, "/api/session", { email, password });

async function resetToken(email: string): Promise<string> {
  assert.equal((await askReset(email)).statusCode, 204);
  return lastToken(admin, email, "reset_password");
}

test("a changed password is the only one; other sessions end, and the person is told", async () => {
  const person = await newPerson(http);
  const other = await signInAs(http, person.email);
  assert.equal((await change(person, { password: NEW })).statusCode, 204);
  assert.deepEqual([await isSignedIn(http, person), await isSignedIn(http, other)], [true, false]);
  assert.deepEqual(
    (await mailsTo(admin, person.email)).map(({ template }) => template),
    ["password_changed"],
  );
  assert.equal((await eventsOf(admin, person.userId)).at(-1), "password_changed");
  assert.equal((await trySignIn(person.email, PASSWORD)).statusCode, 401);
  assert.equal((await trySignIn(person.email, NEW)).statusCode, 200);
});

test("an old proof does not change a password, the current password does, and a wrong one counts as a failure", async () => {
  const person = await newPerson(http);
  await makeProofOld(admin, person);
  const refused = await change(person, { password: NEW });
  assert.deepEqual([refused.statusCode, refused.json().code], [403, "proof_needed"]);
  const wrong = await change(person, { password: NEW, current_password: NEW });
  assert.deepEqual([wrong.statusCode, wrong.json().code], [403, "proof_needed"]);
  assert.equal((await lockoutOf(admin, person.userId)).attempts, 1);
  assert.equal((await change(person, { password: NEW, current_password: PASSWORD })).statusCode, 204);
});

test("a password made of the person's own name is refused", async () => {
  const person = await newPerson(http, "Augusta Lovelace");
  const answer = await change(person, { password: "augustalovelace1815" });
  assert.deepEqual([answer.statusCode, answer.json().errors[0].field], [400, "password"]);
  const again = await reset(await resetToken(person.email), "AugustaLovelace1815");
  assert.deepEqual([again.statusCode, again.json().errors[0].field], [400, "password"]);
});

test("a reset ends all sessions, sign-ins under way and a lockout, and is good once", async () => {
  const person = await newPerson(http);
  await admin.query(
    `insert into identity.pending_sign_ins (user_id, secret_hash, method, expires_at)
     values ($1, sha256('x'), 'password', now() + interval '1 hour')`,
    [person.userId],
  );
  await admin.query(
    "update identity.lockouts set failed_attempts = 12, locked_until = now() + interval '1 hour' where user_id = $1",
    [person.userId],
  );
  const token = await resetToken(person.email);
  assert.equal((await reset(token)).statusCode, 204);
  assert.equal(await isSignedIn(http, person), false);
  const { rows } = await admin.query("select 1 from identity.pending_sign_ins where user_id = $1", [person.userId]);
  assert.equal(rows.length, 0);
  assert.equal((await trySignIn(person.email, PASSWORD)).statusCode, 401);
  assert.equal((await trySignIn(person.email, NEW)).statusCode, 200);
  assert.equal((await reset(token, PASSWORD)).statusCode, 410);
  assert.deepEqual(
    (await mailsTo(admin, person.email)).map(({ template }) => template),
    ["reset_password", "password_changed"],
  );
});

test("a reset leaves second factors: the new password alone opens nothing", async () => {
  const person = await newPerson(http);
  await admin.query(
    "insert into identity.passkeys (user_id, name, credential_id, public_key) values ($1, 'Key', $2, 'x')",
    [person.userId, `credential-${person.userId}`],
  );
  assert.equal((await reset(await resetToken(person.email))).statusCode, 204);
  const answer = await trySignIn(person.email, NEW);
  assert.match(answer.json().pending, /^tsp_/);
  assert.equal(answer.cookies.length, 0);
});

test("an unknown address is answered like a known one, and as much is written", async () => {
  const { email } = await newPerson(http);
  const unknown = newAddress();
  const written = [];
  const answers = [];
  for (const address of [email, unknown]) {
    const answer = await askReset(address);
    const { rows } = await admin.query(
      `select (select count(*) from kernel.mails where recipient = $1)::int
            + (select count(*) from identity.one_time_tokens t join identity.users u on u.id = t.user_id where u.email = $1)::int
            + (select count(*) from identity.user_events where request_id = $2)::int as rows`,
      [address, answer.headers["x-request-id"]],
    );
    answers.push(essenceOf(answer));
    written.push(rows[0].rows);
  }
  assert.deepEqual(answers[0], answers[1]);
  assert.equal(answers[0]?.statusCode, 204);
  assert.deepEqual(
    (await mailsTo(admin, unknown)).map(({ status, token }) => [status, token]),
    [
      ["discarded", undefined],
      ["discarded", undefined],
    ],
  );
  assert.deepEqual(written, [3, 3]);
});

test("at most five resets are open, the earlier ones stay good, and using one voids the others", async () => {
  const { email } = await newPerson(http);
  await Promise.all(Array.from({ length: 7 }, () => askReset(email)));
  const sent = (await mailsTo(admin, email)).filter(({ status }) => status === "queued");
  assert.equal(sent.length, 5);
  const [first = "", ...others] = sent.map(({ token }) => token ?? "");
  assert.equal((await reset(first)).statusCode, 204);
  for (const token of others) assert.equal((await reset(token)).statusCode, 410);
});

test("used at once by two, a reset works once", async () => {
  const { email } = await newPerson(http);
  const token = await resetToken(email);
  const statuses = (await Promise.all([reset(token), reset(token)])).map(({ statusCode }) => statusCode);
  assert.deepEqual(statuses.sort(), [204, 410]);
});

test("no token resets a password that is expired, altered, for another purpose or of a deleted account", async () => {
  const person = await newPerson(http);
  const token = await resetToken(person.email);
  const id = token.split("_")[2];
  const update = (set: string) => admin.query(`update identity.one_time_tokens set ${set} where id = $1`, [id]);
  assert.equal((await reset(`${token}A`)).statusCode, 410);
  await update("purpose = 'unlock'");
  assert.equal((await reset(token)).statusCode, 410);
  await update("purpose = 'reset_password', expires_at = now()");
  assert.equal((await reset(token)).statusCode, 410);
  await update("expires_at = now() + interval '1 minute'");
  await admin.query("update identity.users set status = 'suspended' where id = $1", [person.userId]);
  assert.equal((await reset(token)).statusCode, 410);
  await admin.query("update identity.users set status = 'active' where id = $1", [person.userId]);
  assert.equal((await reset(token)).statusCode, 204);
});

test("a changed password voids the mails by which the account could still be taken", async () => {
  const person = await newPerson(http);
  const stolen = newAddress();
  const token = await resetToken(person.email);
  assert.equal((await post(http, "/api/me/email", { email: stolen }, person)).statusCode, 204);
  assert.equal((await change(person, { password: NEW })).statusCode, 204);
  assert.equal((await reset(token)).statusCode, 410);
  const change_token = await lastToken(admin, stolen, "confirm_email_change");
  assert.equal((await post(http, "/api/email-change/confirmation", { token: change_token })).statusCode, 410);
});

const LOWER = { memory_kib: 64, passes: 1, parallelism: 1 };

async function storeAtLowerCosts({ userId }: Person): Promise<Buffer> {
  const { salt } = newPasswordParameters();
  const hash = await derivePasswordHash(PASSWORD, { salt, ...LOWER });
  await admin.query(
    "update identity.credentials set password_salt = $2, password_hash = $3, memory_kib = 64, passes = 1 where user_id = $1",
    [userId, salt, hash],
  );
  return hash;
}

async function costsOf({ userId }: Person) {
  const { rows } = await admin.query(
    "select memory_kib, passes, parallelism from identity.credentials where user_id = $1",
    [userId],
  );
  return rows[0];
}

test("the right password is kept at today's costs, a wrong one changes nothing", async () => {
  const person = await newPerson(http);
  await storeAtLowerCosts(person);
  assert.equal((await trySignIn(person.email, NEW)).statusCode, 401);
  assert.deepEqual(await costsOf(person), LOWER);
  const answers = await Promise.all([1, 2, 3].map(() => trySignIn(person.email, PASSWORD)));
  assert.deepEqual(
    answers.map(({ statusCode }) => statusCode),
    [200, 200, 200],
  );
  assert.deepEqual(await costsOf(person), { ...PASSWORD_PARAMETERS_CURRENT });
  assert.equal((await trySignIn(person.email, PASSWORD)).statusCode, 200);
});

test("a password that was changed since it was checked is not set back", async () => {
  const person = await newPerson(http);
  const old = await storeAtLowerCosts(person);
  assert.equal((await change(person, { password: NEW })).statusCode, 204);
  await admin.query("select identity.rehash_password($1, $2, $3, $2, 64, 1, 1, '{}')", [
    person.email,
    old,
    Buffer.alloc(16),
  ]);
  assert.equal((await trySignIn(person.email, NEW)).statusCode, 200);
});

test("an address without an account costs what a new password costs", async () => {
  const { rows } = await admin.query(
    "select memory_kib, passes, parallelism from identity.password_parameters('nobody')",
  );
  assert.deepEqual(rows, [{ ...PASSWORD_PARAMETERS_CURRENT }]);
});
