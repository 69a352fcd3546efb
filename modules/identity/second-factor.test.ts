import assert from "node:assert/strict";
import { before, test } from "node:test";
import { adminOf, createTenant } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { addApp, askMe, eventsOf, type Guest, mailsTo, newGuest, PASSWORD, whileLocked } from "./factors.fixture.ts";

const FINISH = "/api/session/second-factor";
const PROVE = "/api/session/proof/second-factor";

let http: TestHttpServer;

before(async () => {
  http = await openTestServer();
});

async function withApp() {
  const guest = await newGuest(http);
  const { access_token: token } = await guest.signIn();
  return { guest, token, app: await addApp(http, guest, token) };
}

const finish = (guest: Guest, pending: string, shown: object) => guest.post(FINISH, { pending, as: "token", ...shown });

/** A code of six digits that the app does not show. */
function wrongCode({ codeNow }: { codeNow(offset?: number): string }): string {
  const near = [-60, -30, 0, 30, 60].map(codeNow);
  return ["000000", "111111", "222222", "333333", "444444", "555555"].find((code) => !near.includes(code)) ?? "666666";
}

async function failuresOf({ userId }: Guest) {
  const { rows } = await (await adminOf(http.database)).query(
    "select failed_attempts as failures, locked_until > now() as locked from identity.lockouts where user_id = $1",
    [userId],
  );
  return rows[0];
}

async function makeOld(guest: Guest): Promise<void> {
  const text = "update identity.user_sessions set proved_at = now() - interval '16 minutes' where user_id = $1";
  await (await adminOf(http.database)).query(text, [guest.userId]);
}

test("a password alone is not enough any more once an app is confirmed, and its code opens a session", async () => {
  const { guest, app } = await withApp();
  const answer = await finish(guest, await guest.pend(), { code: app.codeNow() });
  assert.equal(answer.statusCode, 200, answer.body);
  const me = await askMe(http, answer.json().tokens.access_token);
  assert.equal(me.json().second_factor, true);
});

test("a browser gets its cookie and no token", async () => {
  const { guest, app } = await withApp();
  const { pending } = (await guest.post("/api/session", { email: guest.email, password: PASSWORD })).json();
  const answer = await guest.post(FINISH, { pending, code: app.codeNow() });
  assert.deepEqual([answer.statusCode, answer.json()], [200, { tokens: null }]);
  const headers = { cookie: `tenon_session=${answer.cookies[0]?.value}` };
  assert.equal((await http.server.inject({ url: "/api/me", headers })).json().second_factor, true);
});

test("an app that was not confirmed does not count", async () => {
  const guest = await newGuest(http);
  const { access_token } = await guest.signIn();
  const { id, uri } = (await guest.post("/api/me/factors/totp", { name: "Phone" }, access_token)).json();
  assert.match(
    uri,
    /^otpauth:\/\/totp\/Tenon:[^?]+\?issuer=Tenon&secret=[A-Z2-7]{32}&algorithm=SHA1&digits=6&period=30$/,
  );
  const wrong = await guest.post(`/api/me/factors/totp/${id}/confirmation`, { code: "000000" }, access_token);
  assert.deepEqual([wrong.statusCode, wrong.json().errors[0].field], [400, "code"]);
  assert.ok((await guest.signIn()).access_token);
  assert.equal((await askMe(http, access_token)).json().second_factor, false);
});

test("the session that confirmed the first app has shown it; the first app alone brings codes", async () => {
  const { guest, token, app } = await withApp();
  assert.equal(app.recoveryCodes?.length, 10);
  assert.equal((await askMe(http, token)).json().second_factor, true);
  assert.equal((await addApp(http, guest, token)).recoveryCodes, null);
  const factors = await http.server.inject({ url: "/api/me/factors", headers: { authorization: `Bearer ${token}` } });
  const { totp, passkeys, recovery_codes } = factors.json();
  assert.deepEqual([totp.length, passkeys, recovery_codes], [2, [], 10]);
  assert.deepEqual(await mailsTo(http, guest.email), ["factor_changed", "factor_changed"]);
  assert.equal((await eventsOf(http, guest.userId)).filter((kind) => kind === "totp_added").length, 2);
});

test("a seed is not in the database as it is", async () => {
  const { guest, app } = await withApp();
  const secret = new URL(app.uri).searchParams.get("secret") ?? "";
  const { rows } = await (await adminOf(http.database)).query(
    "select f::text as text from identity.second_factors f where user_id = $1",
    [guest.userId],
  );
  assert.ok(!rows[0].text.includes(secret) && app.recoveryCodes);
});

test("no code is taken twice, not even by two at once, and none before one that was taken", async () => {
  const { guest, app } = await withApp();
  const code = app.codeNow();
  const pendings = await Promise.all(Array.from({ length: 6 }, () => guest.pend()));
  const answers = await Promise.all(pendings.map((pending) => finish(guest, pending, { code })));
  assert.deepEqual(answers.map((answer) => answer.statusCode).sort(), [200, 401, 401, 401, 401, 401]);
  assert.equal((await finish(guest, await guest.pend(), { code })).statusCode, 401);
  assert.equal((await finish(guest, await guest.pend(), { code: app.codeNow(-30) })).statusCode, 401);
});

test("a code two steps away is refused", async () => {
  const { guest, app } = await withApp();
  for (const offset of [-90, 90])
    assert.equal((await finish(guest, await guest.pend(), { code: app.codeNow(offset) })).statusCode, 401);
});

test("a sign-in is finished once", async () => {
  const { guest, app } = await withApp();
  const pending = await guest.pend();
  const codes = [app.recoveryCodes?.[0], app.recoveryCodes?.[1]];
  const row = {
    text: "select from identity.lockouts where user_id = $1",
    functionName: "finish_sign_in",
    userId: guest.userId,
  };
  const answers = await whileLocked(http, row, () =>
    codes.map((recovery_code) => finish(guest, pending, { recovery_code })),
  );
  assert.deepEqual(answers.map((answer) => answer.statusCode).sort(), [200, 401]);
});

test("a recovery code works once, however it is typed", async () => {
  const { guest, app } = await withApp();
  const [code = ""] = app.recoveryCodes ?? [];
  const recovery_code = ` ${code.toUpperCase().replaceAll("-", " ").replaceAll("0", "O").replaceAll("1", "l")}`;
  assert.equal((await finish(guest, await guest.pend(), { recovery_code })).statusCode, 200);
  assert.equal((await finish(guest, await guest.pend(), { recovery_code: code })).statusCode, 401);
  const other = await withApp();
  const foreign = other.app.recoveryCodes?.[0];
  assert.equal((await finish(guest, await guest.pend(), { recovery_code: foreign })).statusCode, 401);
});

test("new recovery codes void the old ones, and the last factor takes all along", async () => {
  const { guest, token, app } = await withApp();
  const { recovery_codes: fresh } = (await guest.post("/api/me/recovery-codes", undefined, token)).json();
  assert.equal(new Set([...fresh, ...(app.recoveryCodes ?? [])]).size, 20);
  const old = app.recoveryCodes?.[0];
  assert.equal((await finish(guest, await guest.pend(), { recovery_code: old })).statusCode, 401);
  assert.equal((await finish(guest, await guest.pend(), { recovery_code: fresh[0] })).statusCode, 200);
  const headers = { authorization: `Bearer ${token}` };
  const remove = { method: "DELETE", url: `/api/me/factors/totp/${app.id}`, headers } as const;
  assert.equal((await http.server.inject(remove)).statusCode, 204);
  assert.equal((await http.server.inject(remove)).statusCode, 404);
  const { rows } = await (await adminOf(http.database)).query(
    "select from identity.recovery_codes where user_id = $1",
    [guest.userId],
  );
  assert.equal(rows.length, 0);
  assert.ok((await guest.signIn()).access_token);
  assert.equal((await guest.post("/api/me/recovery-codes", undefined, token)).statusCode, 409);
});

test("a pending sign-in that is over, of another person, or with another secret is not finished", async () => {
  const { guest, app } = await withApp();
  const other = await withApp();
  const pending = await guest.pend();
  const [prefix, user, id, secret = ""] = pending.split("_");
  const foreign = (await other.guest.pend()).split("_");
  const wrong = [
    [prefix, user, id, foreign[3]],
    [prefix, foreign[1], id, secret],
    [prefix, user, foreign[2], secret],
    [prefix, user, id, secret.slice(0, -1)],
    ["tus", user, id, secret],
  ];
  for (const parts of wrong)
    assert.equal((await finish(guest, parts.join("_"), { code: app.codeNow() })).statusCode, 401);
  await (await adminOf(http.database)).query(
    "update identity.pending_sign_ins set expires_at = now() - interval '1 second' where user_id = $1",
    [guest.userId],
  );
  assert.equal((await finish(guest, pending, { code: app.codeNow() })).statusCode, 401);
  assert.equal((await failuresOf(guest))?.failures ?? 0, 0);
});

test("exactly one factor is asked for", async () => {
  const { guest } = await withApp();
  for (const shown of [{}, { code: "000000", recovery_code: "x" }])
    assert.equal((await finish(guest, "tsp_nothing", shown)).statusCode, 400);
});

test("failures at the password and at the code count together, exactly, and the account waits for both", async () => {
  const { guest, app } = await withApp();
  const pending = await guest.pend();
  const code = wrongCode(app);
  const password = () => guest.post("/api/token", { email: guest.email, password: "wrong" });
  const tries = Array.from({ length: 9 }, (_, index) => (index % 2 ? password() : finish(guest, pending, { code })));
  for (const answer of await Promise.all(tries)) assert.equal(answer.statusCode, 401);
  assert.deepEqual(await failuresOf(guest), { failures: 9, locked: null });
  const last = await finish(guest, pending, { code });
  assert.deepEqual(await failuresOf(guest), { failures: 10, locked: true });
  const right = await finish(guest, pending, { code: app.codeNow() });
  const essence = ({ statusCode, body }: typeof last) => [statusCode, { ...JSON.parse(body), request_id: "" }];
  assert.deepEqual(essence(right), essence(last));
  assert.equal((await guest.post("/api/token", { email: guest.email, password: PASSWORD })).statusCode, 401);
  assert.deepEqual(await failuresOf(guest), { failures: 10, locked: true });
  assert.equal((await mailsTo(http, guest.email)).filter((name) => name === "account_locked").length, 1);
});

test("the password alone gives no more tries at the code", async () => {
  const { guest, app } = await withApp();
  const code = wrongCode(app);
  for (let failures = 1; failures <= 4; failures += 1) {
    assert.equal((await finish(guest, await guest.pend(), { code })).statusCode, 401);
    assert.equal((await failuresOf(guest))?.failures, failures);
  }
  assert.equal((await finish(guest, await guest.pend(), { code: app.codeNow() })).statusCode, 200);
  assert.equal((await failuresOf(guest))?.failures, 0);
});

test("what is delicate asks for a proof of late, and a code is one", async () => {
  const { guest, token, app } = await withApp();
  await makeOld(guest);
  const renew = () => guest.post("/api/me/recovery-codes", undefined, token);
  const refused = await renew();
  assert.deepEqual([refused.statusCode, refused.json().code], [403, "proof_needed"]);
  const wrong = await guest.post(PROVE, { code: wrongCode(app) }, token);
  assert.deepEqual([wrong.statusCode, wrong.json().errors[0].field], [400, "code"]);
  assert.equal((await failuresOf(guest))?.failures, 1);
  assert.equal((await renew()).statusCode, 403);
  assert.equal((await guest.post(PROVE, { code: app.codeNow() }, token)).statusCode, 204);
  assert.equal((await renew()).statusCode, 200);
});

test("a session of a password alone changes no factors until it has shown one", async () => {
  const guest = await newGuest(http);
  const [early, { access_token }] = [await guest.signIn(), await guest.signIn()];
  const app = await addApp(http, guest, access_token);
  const add = () => guest.post("/api/me/factors/totp", { name: "Mine now" }, early.access_token);
  const refused = await add();
  assert.deepEqual([refused.statusCode, refused.json().code], [403, "second_factor_needed"]);
  assert.equal((await guest.post("/api/me/passkeys/options", undefined, early.access_token)).statusCode, 403);
  assert.equal((await guest.post(PROVE, { code: app.codeNow() }, early.access_token)).statusCode, 204);
  assert.equal((await add()).statusCode, 200);
});

test("an organization that wants a second factor lets in who has shown one", async () => {
  const tenant = await createTenant(http.database);
  const guest = await newGuest(http);
  const admin = await adminOf(http.database);
  await admin.query("select organizations.add_member($1, $2, '{owner}')", [tenant.id, guest.userId]);
  await admin.query("update organizations.organizations set second_factor_required = true where id = $1", [tenant.id]);
  const enter = (token: string) =>
    http.server.inject({
      url: `/api/organizations/${tenant.slug}/labeling/projects`,
      headers: { authorization: `Bearer ${token}` },
    });
  const { access_token } = await guest.signIn();
  const refused = await enter(access_token);
  assert.deepEqual([refused.statusCode, refused.json().code], [403, "second_factor_needed"]);
  const other = await guest.signIn();
  const app = await addApp(http, guest, access_token);
  assert.equal((await enter(access_token)).statusCode, 200);
  assert.equal((await enter(other.access_token)).statusCode, 403);
  const answer = await finish(guest, await guest.pend(), { code: app.codeNow() });
  assert.equal((await enter(answer.json().tokens.access_token)).statusCode, 200);
});
