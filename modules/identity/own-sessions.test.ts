import assert from "node:assert/strict";
import { before, test } from "node:test";
import type pg from "pg";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import { adminOf, createPerson, openTestDatabase, type Person, testServices } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import {
  eventsOf,
  isSignedIn,
  makeProofOld,
  newAddress,
  newPerson,
  PASSWORD,
  post,
  signInAs,
} from "./accounts.fixture.ts";
import { sweeping } from "./sweeping.ts";

let http: TestHttpServer;
let admin: pg.Client;
const url = "/api/me/sessions";

before(async () => {
  http = await openTestServer();
  admin = await adminOf(http.database);
});

const end = (person: Person, path: string) => http.ask(person, { method: "DELETE", url: path });
const idOf = ({ credential }: Person) => credential.sessionId;

test("sessions are listed with device and address, the current one first, and ended ones are not", async () => {
  const person = await newPerson(http);
  const answer = await http.server.inject({
    method: "POST",
    url: "/api/session",
    payload: { email: person.email, password: PASSWORD },
    headers: { "user-agent": "A telephone" },
  });
  assert.equal(answer.statusCode, 200);
  const gone = await signInAs(http, person.email);
  await end(gone, "/api/session");
  const { items } = (await http.ask(person, { url })).json();
  assert.equal(items.length, 2);
  assert.deepEqual([items[0].id, items[0].current, items[1].current], [idOf(person), true, false]);
  assert.deepEqual([items[1].device, items[1].address, items[1].kind], ["A telephone", "127.0.0.1", "browser"]);
  assert.doesNotMatch(JSON.stringify(items), /hash|secret/);
});

test("a person ends one session of their own, and no one else's", async () => {
  const person = await newPerson(http);
  const other = await signInAs(http, person.email);
  const stranger = await createPerson(http.database);
  assert.equal((await end(person, `${url}/${idOf(stranger)}`)).statusCode, 404);
  assert.equal(await isSignedIn(http, stranger), true);
  assert.equal((await end(person, `${url}/${idOf(other)}`)).statusCode, 204);
  assert.deepEqual([await isSignedIn(http, person), await isSignedIn(http, other)], [true, false]);
  assert.equal((await end(person, `${url}/${idOf(other)}`)).statusCode, 404);
});

test("a person ends all other sessions, or all", async () => {
  const person = await newPerson(http);
  const others = [await signInAs(http, person.email), await signInAs(http, person.email)];
  assert.equal((await end(person, url)).statusCode, 204);
  const alive = await Promise.all([person, ...others].map((one) => isSignedIn(http, one)));
  assert.deepEqual(alive, [true, false, false]);
  const all = await end(person, `${url}?including=current`);
  assert.equal(all.statusCode, 204);
  assert.equal(await isSignedIn(http, person), false);
  assert.equal((await eventsOf(admin, person.userId)).filter((kind) => kind === "sessions_revoked").length, 2);
});

test("the password shown once more is a proof for fifteen minutes", async () => {
  const person = await newPerson(http);
  await makeProofOld(admin, person);
  const change = () => post(http, "/api/me/email", { email: newAddress() }, person);
  assert.equal((await change()).statusCode, 403);
  assert.equal((await post(http, "/api/session/proof", { password: PASSWORD }, person)).statusCode, 204);
  assert.equal((await change()).statusCode, 204);
});

test("the history is paged, newest first, and is the person's own", async () => {
  const person = await createPerson(http.database);
  const stranger = await createPerson(http.database);
  await admin.query(
    "insert into identity.user_events (user_id, kind) select $1, 'event_' || chr(97 + n) from generate_series(0, 4) n",
    [person.userId],
  );
  const kinds: string[] = [];
  let cursor = "";
  for (let page = 0; page < 3; page += 1) {
    const { items, next_cursor } = (
      await http.ask(person, { url: `/api/me/events?limit=2${cursor && `&cursor=${cursor}`}` })
    ).json();
    kinds.push(...items.map(({ kind }: { kind: string }) => kind));
    cursor = next_cursor;
  }
  assert.deepEqual(kinds, ["event_e", "event_d", "event_c", "event_b", "event_a", "signed_in"]);
  assert.equal(cursor, null);
  const own = (await http.ask(stranger, { url: "/api/me/events" })).json();
  assert.deepEqual(
    own.items.map(({ kind }: { kind: string }) => kind),
    ["signed_in"],
  );
});

test("the sweep removes what is over, and nothing else", async () => {
  const [old, young] = [await createPerson(http.database), await createPerson(http.database)];
  const age = async ({ userId }: Person, tokenAge: string, sessionAge: string, eventAge: string) => {
    await admin.query(
      `insert into identity.one_time_tokens (user_id, purpose, secret_hash, expires_at) values ($1, 'unlock', sha256('x'), now() - $2::interval)`,
      [userId, tokenAge],
    );
    await admin.query(
      `insert into identity.pending_sign_ins (user_id, method, secret_hash, expires_at) values ($1, 'password', sha256('x'), now() - $2::interval)`,
      [userId, tokenAge],
    );
    await admin.query("update identity.user_sessions set revoked_at = now() - $2::interval where user_id = $1", [
      userId,
      sessionAge,
    ]);
    await admin.query(
      "insert into identity.user_events (user_id, kind, created_at) values ($1, 'aged', now() - $2::interval)",
      [userId, eventAge],
    );
  };
  await age(old, "1 minute", "91 days", "401 days");
  await age(young, "-1 minute", "89 days", "399 days");
  await sweeping.run({ database: openTestDatabase(), services: testServices(), signal: new AbortController().signal });
  const left = async ({ userId }: Person) => {
    const { rows } = await admin.query(
      `select (select count(*) from identity.one_time_tokens where user_id = $1)::int as tokens,
              (select count(*) from identity.pending_sign_ins where user_id = $1)::int as pending,
              (select count(*) from identity.user_sessions where user_id = $1)::int as sessions,
              (select count(*) from identity.user_events where user_id = $1 and kind = 'aged')::int as events`,
      [userId],
    );
    return rows[0];
  };
  assert.deepEqual(await left(old), { tokens: 0, pending: 0, sessions: 0, events: 0 });
  assert.deepEqual(await left(young), { tokens: 1, pending: 1, sessions: 1, events: 1 });
  await assert.rejects(callOutside(http.database, "gate", "select identity.sweep()"), { code: "42501" });
});

test("that a session is in use is told beside everything else: it waits for no row that is held", async () => {
  const { userId, credential } = await newPerson(http);
  const touch = () =>
    callOutside(http.database, "gate", "select identity.touch_session($1, $2, $3)", [
      userId,
      credential.sessionId,
      credential.secret,
    ]);
  for (const held of ["identity.users where id", "identity.user_sessions where user_id"]) {
    await admin.query("begin");
    await admin.query(`select from ${held} = $1 for update`, [userId]);
    await touch();
    await admin.query("rollback");
  }
  await admin.query("update identity.users set last_active_at = null where id = $1", [userId]);
  await touch();
  const { rows } = await admin.query("select last_active_at from identity.users where id = $1", [userId]);
  assert.ok(rows[0].last_active_at);
});
