import assert from "node:assert/strict";
import { before, test } from "node:test";
import { type Behaviour, newAuthenticator } from "../../test/authenticator.ts";
import { adminOf } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { askMe, eventsOf, type Guest, mailsTo, newGuest, PASSWORD, SITE } from "./factors.fixture.ts";

let http: TestHttpServer;

before(async () => {
  http = await openTestServer();
});

async function startAdding(guest: Guest, token: string) {
  const answer = await guest.post("/api/me/passkeys/options", undefined, token);
  assert.equal(answer.statusCode, 200, answer.body);
  return answer.json();
}

async function withPasskey() {
  const guest = await newGuest(http);
  const { access_token: token } = await guest.signIn();
  const authenticator = newAuthenticator(SITE);
  const response = authenticator.create(await startAdding(guest, token));
  const added = await guest.post("/api/me/passkeys", { name: "Laptop", response }, token);
  assert.equal(added.statusCode, 200, added.body);
  return { guest, token, authenticator, id: added.json().id, codes: added.json().recovery_codes };
}

async function newChallenge(guest: Guest): Promise<string> {
  const { challenge, options } = (await guest.post("/api/session/passkey/options")).json();
  assert.deepEqual([options.challenge, options.userVerification], [challenge, "required"]);
  return challenge;
}

type Owner = Pick<Awaited<ReturnType<typeof withPasskey>>, "guest" | "authenticator">;

async function signIn({ guest, authenticator }: Owner, behaviour?: Behaviour) {
  const challenge = await newChallenge(guest);
  const response = authenticator.get(challenge, behaviour);
  return guest.post("/api/session/passkey", { challenge, response, as: "token" });
}

test("a passkey signs in by itself, with two factors in one", async () => {
  const owner = await withPasskey();
  const answer = await signIn(owner);
  assert.equal(answer.statusCode, 200, answer.body);
  const me = await askMe(http, answer.json().tokens.access_token);
  assert.deepEqual([me.json().user_id, me.json().second_factor], [owner.guest.userId, true]);
  assert.equal((await signIn(owner)).statusCode, 200);
});

test("a browser gets its cookie", async () => {
  const { guest, authenticator } = await withPasskey();
  const challenge = await newChallenge(guest);
  const answer = await guest.post("/api/session/passkey", { challenge, response: authenticator.get(challenge) });
  assert.deepEqual([answer.statusCode, answer.json()], [200, { tokens: null }]);
  assert.equal(answer.cookies[0]?.name, "tenon_session");
});

test("the first passkey brings recovery codes, and its session has shown it", async () => {
  const { guest, token, codes } = await withPasskey();
  assert.equal(codes.length, 10);
  assert.equal((await askMe(http, token)).json().second_factor, true);
  assert.deepEqual(await mailsTo(http, guest.email), ["factor_changed"]);
  const options = await startAdding(guest, token);
  assert.equal(options.excludeCredentials.length, 1);
  assert.equal(options.authenticatorSelection.userVerification, "required");
});

test("a passkey finishes a sign-in that waits for a second factor, and only its own person's", async () => {
  const owner = await withPasskey();
  const other = await withPasskey();
  const finish = async (authenticator: Owner["authenticator"]) => {
    const challenge = await newChallenge(owner.guest);
    const passkey = { challenge, response: authenticator.get(challenge) };
    return owner.guest.post("/api/session/second-factor", { pending: await owner.guest.pend(), as: "token", passkey });
  };
  assert.equal((await finish(other.authenticator)).statusCode, 401);
  assert.equal((await finish(owner.authenticator)).statusCode, 200);
});

test("a passkey proves once more who is signed in", async () => {
  const { guest, token, authenticator } = await withPasskey();
  const text = "update identity.user_sessions set proved_at = now() - interval '16 minutes' where user_id = $1";
  await (await adminOf(http.database)).query(text, [guest.userId]);
  assert.equal((await guest.post("/api/me/passkeys/options", undefined, token)).statusCode, 403);
  const challenge = await newChallenge(guest);
  const passkey = { challenge, response: authenticator.get(challenge) };
  assert.equal((await guest.post("/api/session/proof/second-factor", { passkey }, token)).statusCode, 204);
  await startAdding(guest, token);
});

const MISBEHAVIOURS: Record<string, Behaviour> = {
  "another site's page": { origin: "https://evil.example" },
  "another site's passkey": { rpId: "evil.example" },
  "nobody verified": { verifiesUser: false },
};

for (const [name, behaviour] of Object.entries(MISBEHAVIOURS)) {
  test(`${name}: neither signs in nor is added`, async () => {
    const owner = await withPasskey();
    assert.equal((await signIn(owner, behaviour)).statusCode, 401);
    const options = await startAdding(owner.guest, owner.token);
    const response = newAuthenticator(SITE).create(options, behaviour);
    const answer = await owner.guest.post("/api/me/passkeys", { name: "Bad", response }, owner.token);
    assert.equal(answer.statusCode, 400, answer.body);
  });
}

test("a counter that does not go up tells of a copy", async () => {
  const owner = await withPasskey();
  assert.equal((await signIn(owner, { count: 7 })).statusCode, 200);
  for (const count of [7, 6, 0]) assert.equal((await signIn(owner, { count })).statusCode, 401);
  assert.equal((await signIn(owner, { count: 8 })).statusCode, 200);
  assert.equal((await eventsOf(http, owner.guest.userId)).filter((kind) => kind === "sign_in_failed").length, 3);
});

test("an authenticator that does not count signs in again and again", async () => {
  const owner = await withPasskey();
  for (const _ of [1, 2]) assert.equal((await signIn(owner, { count: 0 })).statusCode, 200);
});

test("a challenge is good once, for a while, for what it was made for, and signed by this passkey", async () => {
  const { guest, authenticator, token } = await withPasskey();
  const send = (challenge: string, response: object) =>
    guest.post("/api/session/passkey", { challenge, response, as: "token" });
  const challenge = await newChallenge(guest);
  const answers = await Promise.all(Array.from({ length: 5 }, () => send(challenge, authenticator.get(challenge))));
  assert.deepEqual(answers.map((answer) => answer.statusCode).sort(), [200, 401, 401, 401, 401]);
  const [one, two] = [await newChallenge(guest), await newChallenge(guest)];
  assert.equal((await send(one, authenticator.get(two))).statusCode, 401);
  const stranger = { ...newAuthenticator(SITE).get(one), ...idOf(authenticator.get(one)) };
  assert.equal((await send(one, stranger)).statusCode, 401);
  const invented = "A".repeat(43);
  assert.equal((await send(invented, authenticator.get(invented))).statusCode, 401);
  const { challenge: ofAdding } = await startAdding(guest, token);
  assert.equal((await send(ofAdding, authenticator.get(ofAdding))).statusCode, 401);
  const late = await newChallenge(guest);
  await (await adminOf(http.database)).query(
    "update identity.challenges set expires_at = now() - interval '1 second' where hash = sha256(convert_to($1, 'UTF8'))",
    [late],
  );
  assert.equal((await send(late, authenticator.get(late))).statusCode, 401);
});

function idOf(response: object): object {
  const { id, rawId } = response as { id: string; rawId: string };
  return { id, rawId };
}

test("a passkey is added once, by whom it was begun", async () => {
  const [guest, other] = [await newGuest(http), await newGuest(http)];
  const [{ access_token: token }, { access_token: foreign }] = [await guest.signIn(), await other.signIn()];
  const response = newAuthenticator(SITE).create(await startAdding(guest, token));
  const add = (who: Guest, bearer: string) => who.post("/api/me/passkeys", { name: "Laptop", response }, bearer);
  assert.equal((await add(other, foreign)).statusCode, 410);
  assert.equal((await add(guest, token)).statusCode, 200);
  assert.equal((await add(guest, token)).statusCode, 410);
});

test("a passkey is renamed and removed by its person alone, and the last one takes the codes along", async () => {
  const { guest, token, id } = await withPasskey();
  const other = await withPasskey();
  const ask = (method: "PATCH" | "DELETE", bearer: string) =>
    http.server.inject({
      method,
      url: `/api/me/passkeys/${id}`,
      headers: { authorization: `Bearer ${bearer}` },
      ...(method === "PATCH" && { payload: { name: "Work" } }),
    });
  for (const method of ["PATCH", "DELETE"] as const) assert.equal((await ask(method, other.token)).statusCode, 404);
  assert.equal((await ask("PATCH", token)).statusCode, 204);
  const headers = { authorization: `Bearer ${token}` };
  const factors = async () => (await http.server.inject({ url: "/api/me/factors", headers })).json();
  assert.equal((await factors()).passkeys[0].name, "Work");
  assert.equal((await ask("DELETE", token)).statusCode, 204);
  assert.deepEqual(await factors(), { totp: [], passkeys: [], recovery_codes: 0 });
  assert.ok((await guest.post("/api/token", { email: guest.email, password: PASSWORD })).json().access_token);
});

test("a suspended person's passkey opens nothing", async () => {
  const owner = await withPasskey();
  const text = "update identity.users set status = 'suspended' where id = $1";
  await (await adminOf(http.database)).query(text, [owner.guest.userId]);
  assert.equal((await signIn(owner)).statusCode, 401);
});
