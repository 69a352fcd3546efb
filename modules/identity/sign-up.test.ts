import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { before, test } from "node:test";
import fc from "fast-check";
import type pg from "pg";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import { adminOf, openTestDatabase } from "../../test/harness.ts";
import { essenceOf, openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import {
  eventsOf,
  lastToken,
  mailsTo,
  newAddress,
  newPerson,
  PASSWORD,
  personOf,
  post,
  signInAs,
  whileHeld,
} from "./accounts.fixture.ts";
import { slugOf } from "./slugs.ts";

/** Enough for eight connections of the gate's. */
const CONNECTIONS = 100;

let http: TestHttpServer;
let admin: pg.Client;

before(async () => {
  http = await openTestServer();
  admin = await adminOf(http.database);
});

const signUp = (email: string, more: object = {}) => post(http, "/api/sign-up", { email, name: "Grace", ...more });
const confirm = (token: string, password = PASSWORD) => post(http, "/api/sign-up/confirmation", { token, password });

async function signUpAndRead(email: string, more: object = {}): Promise<string> {
  assert.equal((await signUp(email, more)).statusCode, 204);
  return lastToken(admin, email, "confirm_sign_up");
}

async function countPeople(email: string): Promise<number> {
  const { rows } = await admin.query("select 1 from identity.users where email_key = lower($1)", [email]);
  return rows.length;
}

test("an account is made when its address is proved, with an organization, and is signed in", async () => {
  const email = newAddress();
  const organization = `Hopper ${randomUUID()}`;
  const token = await signUpAndRead(email, { organization });
  assert.equal(await countPeople(email), 0);
  const answer = await confirm(token);
  assert.deepEqual([answer.statusCode, answer.json()], [200, { slug: slugOf(organization) }]);
  const person = personOf(answer, email);
  const me = (await http.ask(person, { url: "/api/me" })).json();
  assert.deepEqual([me.email, me.name, me.organizations.length], [email, "Grace", 1]);
  assert.deepEqual([me.organizations[0].name, me.organizations[0].roles], [organization, ["owner"]]);
  const profile = (await http.ask(person, { url: "/api/me/profile" })).json();
  assert.ok(profile.email_verified_at);
  assert.deepEqual(await eventsOf(admin, person.userId), ["signed_up", "signed_in"]);
  assert.equal((await signInAs(http, email)).userId, person.userId);
});

test("without a name for it, the organization is called after the person", async () => {
  const email = newAddress();
  const answer = await confirm(await signUpAndRead(email, { name: "Zoë O'Neill" }));
  assert.match(answer.json().slug, /^zoe-oneills-organization/);
  const me = (await http.ask(personOf(answer, email), { url: "/api/me" })).json();
  assert.equal(me.organizations[0].name, "Zoë O'Neill's organization");
});

test("a confirmation is good once, for a day, and only as it was sent", async () => {
  const used = await signUpAndRead(newAddress());
  assert.equal((await confirm(used)).statusCode, 200);
  const expired = await signUpAndRead(newAddress());
  await admin.query("update identity.sign_ups set expires_at = now() where id = $1", [expired.split("_")[1]]);
  const good = await signUpAndRead(newAddress());
  for (const token of [used, expired, `${good}A`, good.slice(0, -1), good.replace("tsu", "tot"), "", "tsu_x"]) {
    const answer = await confirm(token);
    assert.deepEqual([answer.statusCode, answer.json().code, answer.cookies.length], [410, "gone", 0], token);
  }
  assert.equal((await confirm(good)).statusCode, 200);
});

test("an address with an account is answered like any other, and gets another mail, without a token", async () => {
  const { email, userId } = await newPerson(http);
  const known = essenceOf(await signUp(email.toUpperCase(), { name: "Mallory" }));
  assert.deepEqual(known, essenceOf(await signUp(newAddress())));
  assert.equal(known.statusCode, 204);
  const [mail, ...more] = await mailsTo(admin, email);
  assert.deepEqual([mail?.template, mail?.token, more], ["already_registered", undefined, []]);
  assert.equal(mail?.data.name, "Ada");
  assert.equal((await eventsOf(admin, userId)).at(-1), "sign_up_requested");
});

test("nothing that a stranger wrote is in the mail that an address gets", async () => {
  const email = newAddress();
  await signUp(email, { name: "Win a prize at evil.example", organization: "evil.example" });
  assert.doesNotMatch(JSON.stringify(await mailsTo(admin, email)), /evil/);
});

test("whoever reads the mail chooses the password; a weak one is refused, and the link stays good", async () => {
  const email = newAddress();
  const token = await signUpAndRead(email, { password: "what a stranger would choose" });
  for (const weak of ["password1234", `${email.split("@")[0]}`]) {
    const refused = await confirm(token, weak);
    assert.deepEqual([refused.statusCode, refused.json().errors[0].field], [400, "password"], weak);
  }
  assert.equal((await confirm(token)).statusCode, 200);
  const strangers = { email, password: "what a stranger would choose" };
  assert.equal((await post(http, "/api/session", strangers)).statusCode, 401);
  await signInAs(http, email);
});

test("a newer sign-up leaves the older one's mail good; after the first confirmation the others are in conflict", async () => {
  const email = newAddress();
  const [older, newer] = [await signUpAndRead(email), await signUpAndRead(email)];
  assert.notEqual(older, newer);
  assert.equal((await confirm(older)).statusCode, 200);
  assert.deepEqual([(await confirm(newer)).statusCode, await countPeople(email)], [409, 1]);
});

test("at most five sign-ups of an address are open, also when they come at once, and the sixth is answered alike", async () => {
  const email = newAddress();
  const answers = await Promise.all(Array.from({ length: 8 }, () => signUp(email)));
  assert.equal(new Set(answers.map((answer) => JSON.stringify(essenceOf(answer)))).size, 1);
  assert.equal((await mailsTo(admin, email)).length, 5);
});

test("sign-ups of one address that run up against each other are counted one after the other", async () => {
  const email = newAddress();
  const wide = openTestDatabase(undefined, CONNECTIONS);
  const ask = () =>
    callOutside(wide, "gate", "select identity.request_sign_up($1, 'Grace', 'Hopper', 'hopper', $2, $3, '{}')", [
      email,
      randomBytes(32),
      randomBytes(93),
    ]);
  const all = () => Promise.all(Array.from({ length: 8 }, ask));
  await whileHeld(admin, { lock: "lock table identity.sign_ups in share mode", waiting: 8 }, all);
  const { rows } = await admin.query("select 1 from identity.sign_ups where email = $1", [email]);
  assert.equal(rows.length, 5);
});

test("confirmed at once by several, an account is made once", async () => {
  const email = newAddress();
  const [one, two] = [await signUpAndRead(email), await signUpAndRead(email)];
  const answers = await Promise.all([one, one, two, two].map((token) => confirm(token)));
  const statuses = answers.map(({ statusCode }) => statusCode).sort();
  assert.equal(statuses.filter((status) => status === 200).length, 1, statuses.join());
  assert.ok(
    statuses.every((status) => [200, 409, 410].includes(status)),
    statuses.join(),
  );
  const { rows } = await admin.query(
    `select m.status from organizations.memberships m join identity.users u on u.id = m.user_id where u.email = $1`,
    [email],
  );
  assert.deepEqual(rows, [{ status: "active" }]);
});

test("a slug that is taken or reserved gets a tail", async () => {
  const organization = `Taken ${randomUUID()}`;
  const slugs = [];
  for (const name of [organization, organization, "Sign up"]) {
    slugs.push((await confirm(await signUpAndRead(newAddress(), { organization: name }))).json().slug);
  }
  assert.equal(slugs[0], slugOf(organization));
  assert.match(slugs[1], new RegExp(`^${slugOf(organization)}-[0-9a-f]{6}$`));
  assert.match(slugs[2], /^sign-up-[0-9a-f]{6}$/);
});

test("whatever a name is, its slug is one, with room for a tail", () => {
  assert.equal(slugOf("Müller & Söhne"), "muller-sohne");
  assert.equal(slugOf("日本"), "organization");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (name) => {
      assert.match(slugOf(name), /^[a-z0-9]([a-z0-9-]{0,54}[a-z0-9])?$/);
    }),
  );
});
