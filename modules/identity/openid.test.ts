import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { seal } from "../../kernel/secrets/envelope.ts";
import { tokenOf } from "../../kernel/tenancy/credential.ts";
import { adminOf, createPerson, openAdmin, type Person, testServices } from "../../test/harness.ts";
import type { TestHttpServer } from "../../test/http/server.ts";
import {
  type Browser,
  openBrowser,
  openListeningServer,
  openProvider,
  type Subject,
  type TestProvider,
  trustProvider,
} from "./provider.fixture.ts";

let http: TestHttpServer & { address: string };
let one: TestProvider;
let other: TestProvider;

before(async () => {
  http = await openListeningServer();
  one = await openProvider(http.address);
  other = await openProvider(http.address);
  await trustProvider(http.database, one);
  await trustProvider(http.database, other);
});

const newSubject = (): Subject & { email: string } => {
  const id = randomUUID();
  return { sub: id, email: `${id}@Example.com`, email_verified: true, name: "Grace O'Hopper" };
};

const startOf = (provider: TestProvider, query = "to=/welcome?a=b") =>
  `${http.address}/api/session/providers/${provider.name}/start?${query}`;

/** Signs in with a provider; resolves with where the browser ends, as a path. */
async function signIn(browser: Browser, provider: TestProvider, subject: Subject | undefined, query?: string) {
  provider.next = subject;
  return pathOf(await browser.follow(startOf(provider, query)));
}

function pathOf(url: string): string {
  assert.ok(url.startsWith(http.address), url);
  return url.slice(http.address.length);
}

async function me(browser: Browser) {
  const { status, body } = await browser.go(`${http.address}/api/me`);
  return { status, ...JSON.parse(body) };
}

/** A browser in which a person is signed in here. */
function browserOf(person: Person): Browser {
  const browser = openBrowser();
  browser.cookies(http.address).set("tenon_session", tokenOf(person.credential));
  return browser;
}

async function makeProofOld(person: Person) {
  const admin = await adminOf(http.database);
  await admin.query("update identity.user_sessions set proved_at = now() - interval '16 minutes' where id = $1", [
    person.credential.sessionId,
  ]);
}

/** Goes to the provider and back, up to the address of ours that it sends the browser to. */
async function callbackFor(browser: Browser, provider: TestProvider, subject: Subject): Promise<string> {
  provider.next = subject;
  return browser.follow(startOf(provider), new RegExp(`^${http.address}/.*/callback`));
}

test("the providers are listed for everybody, and a disabled one is none", async () => {
  const off = await openProvider(http.address);
  await trustProvider(http.database, off);
  const list = async () => (await http.ask(undefined, { url: "/api/session/providers" })).json();
  assert.ok((await list()).some(({ name }: { name: string }) => name === off.name));
  const admin = await adminOf(http.database);
  await admin.query("update identity.issuers set status = 'disabled' where name = $1", [off.name]);
  const listed = await list();
  assert.ok(!listed.some(({ name }: { name: string }) => name === off.name));
  const entry = listed.find(({ name }: { name: string }) => name === one.name);
  assert.deepEqual(entry, { name: one.name, label: `Provider ${one.name}` });
  assert.equal(await signIn(openBrowser(), off, newSubject()), "/sign-in?problem=provider_unavailable");
});

test("whoever is new gets an account with an organization; the next time it is the same account", async () => {
  const subject = newSubject();
  const [first, second] = [openBrowser(), openBrowser()];
  assert.equal(await signIn(first, one, subject), "/welcome?a=b");
  const made = await me(first);
  assert.deepEqual(
    [made.status, made.email, made.name, made.second_factor],
    [200, subject.email, "Grace O'Hopper", false],
  );
  assert.equal(made.organizations.length, 1);
  const [organization] = made.organizations;
  assert.deepEqual([organization.name, organization.roles], ["Grace O'Hopper's organization", ["owner"]]);
  assert.match(organization.slug, /^grace-o-hopper-[0-9a-f]{8}$/);
  assert.equal(await signIn(second, one, { ...subject, email: "moved@example.com" }), "/welcome?a=b");
  const again = await me(second);
  assert.deepEqual([again.user_id, again.email, again.organizations.length], [made.user_id, subject.email, 1]);
});

test("two browsers that bring a new person at once make one account", async () => {
  const subject = newSubject();
  const browsers = [openBrowser(), openBrowser(), openBrowser()];
  const callbacks: string[] = [];
  for (const browser of browsers) callbacks.push(await callbackFor(browser, one, subject));
  const ends = await Promise.all(browsers.map((browser, index) => browser.follow(callbacks[index] ?? "")));
  assert.deepEqual(ends.map(pathOf), Array(3).fill("/welcome?a=b"));
  const people = await Promise.all(browsers.map(me));
  assert.equal(new Set(people.map(({ user_id }) => user_id)).size, 1);
});

test("the same address at another issuer takes no account over, and opens nothing", async () => {
  const subject = newSubject();
  await signIn(openBrowser(), one, subject);
  const person = await createPerson(http.database);
  for (const email of [subject.email, subject.email.toLowerCase(), person.email]) {
    const browser = openBrowser();
    const end = await signIn(browser, other, { ...newSubject(), email });
    assert.equal(end, "/sign-in?problem=link_needed");
    assert.equal((await me(browser)).status, 401);
  }
  // The same subject at another issuer is somebody else, too.
  const browser = openBrowser();
  assert.equal(await signIn(browser, other, { ...newSubject(), sub: subject.sub }), "/welcome?a=b");
  assert.notEqual((await me(browser)).email, subject.email);
});

test("an address that is not proved makes no account, and tells nobody whether it has one", async () => {
  const taken = (await createPerson(http.database)).email;
  const distrusted = await openProvider(http.address);
  await trustProvider(http.database, distrusted, { makesAccounts: false, trustsEmail: false });
  for (const email of [taken, `${randomUUID()}@example.com`]) {
    const ends = [
      await signIn(openBrowser(), one, { ...newSubject(), email, email_verified: false }),
      await signIn(openBrowser(), distrusted, { ...newSubject(), email }),
      await signIn(openBrowser(), one, { sub: randomUUID(), name: "No address" }),
    ];
    assert.deepEqual(ends, Array(3).fill("/sign-in?problem=no_account"));
  }
});

test("a person of an account that is not active is not let in", async () => {
  const subject = newSubject();
  await signIn(openBrowser(), one, subject);
  const admin = await adminOf(http.database);
  await admin.query("update identity.users set status = 'suspended' where email = $1", [subject.email]);
  assert.equal(await signIn(openBrowser(), one, subject), "/sign-in?problem=no_account");
});

test("a second factor is asked for, unless the provider's sign-in counts as one", async () => {
  const subject = newSubject();
  const browser = openBrowser();
  await signIn(browser, one, subject);
  const { user_id } = await me(browser);
  const admin = await adminOf(http.database);
  await admin.query(
    "insert into identity.passkeys (user_id, name, credential_id, public_key) values ($1, 'Key', $2, '\\x00')",
    [user_id, randomUUID()],
  );
  const halfway = openBrowser();
  const end = await signIn(halfway, one, subject);
  assert.match(end, new RegExp(`^/sign-in\\?to=%2Fwelcome%3Fa%3Db#pending=tsp_${user_id}_[0-9a-f-]{36}_[\\w-]{43}$`));
  assert.equal((await me(halfway)).status, 401);
  await trustProvider(http.database, one, { isSecondFactor: true });
  const whole = openBrowser();
  assert.equal(await signIn(whole, one, subject), "/welcome?a=b");
  assert.equal((await me(whole)).second_factor, true);
  await trustProvider(http.database, one);
});

test("an answer with another state, none, or for another provider opens nothing", async () => {
  const attempts: [string, (callback: string) => string][] = [
    ["another state", (callback) => callback.replace(/state=[^&]+/, "state=other")],
    ["no state", (callback) => callback.replace(/state=[^&]+/, "")],
    ["another provider", (callback) => callback.replace(one.name, other.name)],
  ];
  for (const [what, change] of attempts) {
    const browser = openBrowser();
    const callback = await callbackFor(browser, one, newSubject());
    assert.equal(pathOf(await browser.follow(change(callback))), "/sign-in?problem=expired", what);
    assert.equal((await me(browser)).status, 401, what);
  }
});

test("an answer is good once, and only in the browser that asked", async () => {
  const browser = openBrowser();
  const callback = await callbackFor(browser, one, newSubject());
  assert.equal(pathOf(await openBrowser().follow(callback)), "/sign-in?problem=expired");
  const kept = browser.cookies(http.address).get("tenon_openid") ?? assert.fail("No cookie.");
  assert.equal(pathOf(await browser.follow(callback)), "/welcome?a=b");
  assert.equal(browser.cookies(http.address).has("tenon_openid"), false);
  assert.equal(pathOf(await browser.follow(callback)), "/sign-in?problem=expired");
  const thief = openBrowser();
  thief.cookies(http.address).set("tenon_openid", kept);
  assert.equal(pathOf(await thief.follow(callback)), "/sign-in?problem=provider_refused");
  assert.equal((await me(thief)).status, 401);
});

test("the code of another sign-in is refused: it belongs to another verifier and nonce", async () => {
  const [mine, theirs] = [openBrowser(), openBrowser()];
  const callback = await callbackFor(mine, one, newSubject());
  const stolen = new URL(await callbackFor(theirs, one, newSubject()));
  const mixed = new URL(callback);
  mixed.searchParams.set("code", stolen.searchParams.get("code") ?? "");
  assert.equal(pathOf(await mine.follow(mixed.href)), "/sign-in?problem=provider_refused");
});

test("a way back that took too long, or was altered, is over", async () => {
  const { keyring } = testServices();
  const place = `identity.openid/${one.name}`;
  const way = { state: "s", nonce: "n", verifier: "v", to: "/", linksFor: null, until: Date.now() - 1 };
  const late = seal(keyring, JSON.stringify(way), place).toString("base64url");
  for (const value of [late, `${late.slice(0, -4)}AAAA`, "nonsense"]) {
    const browser = openBrowser();
    browser.cookies(http.address).set("tenon_openid", value);
    const url = `${http.address}/api/session/providers/${one.name}/callback?state=s&code=c`;
    assert.equal(pathOf(await browser.follow(url)), "/sign-in?problem=expired");
  }
});

test("a person who says no, a provider that is away and one that signs otherwise are told apart", async () => {
  assert.equal(await signIn(openBrowser(), one, undefined), "/sign-in?problem=provider_refused");
  const away = { ...(await openProvider(http.address)), issuerUrl: "http://127.0.0.1:9" };
  await trustProvider(http.database, away);
  assert.equal(await signIn(openBrowser(), away, newSubject()), "/sign-in?problem=provider_unavailable");
  const unpinned = await openProvider(http.address, "RS256");
  await trustProvider(http.database, unpinned, { algorithms: ["ES256"] });
  assert.equal(await signIn(openBrowser(), unpinned, newSubject()), "/sign-in?problem=provider_refused");
  await trustProvider(http.database, unpinned, { algorithms: ["EdDSA", "RS256"] });
  assert.equal(await signIn(openBrowser(), unpinned, newSubject()), "/welcome?a=b");
});

test("after signing in the browser goes to a path of ours and nowhere else", async () => {
  for (const to of ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "evil", ""]) {
    const { status } = await openBrowser().go(startOf(one, `to=${encodeURIComponent(to)}`));
    assert.equal(status, 400, to);
  }
});

test("a signed-in person links a provider, gets a mail, and signs in with it from then on", async () => {
  const person = await createPerson(http.database);
  const subject = { ...newSubject(), email: "elsewhere@example.org", email_verified: false };
  assert.equal(await signIn(browserOf(person), one, subject, "to=/welcome&link=1"), "/welcome");
  const { items } = (await http.ask(person, { url: "/api/me/identities" })).json();
  assert.deepEqual(
    items.map(({ provider, subject: sub, email }: Record<string, string>) => [provider, sub, email]),
    [[one.name, subject.sub, "elsewhere@example.org"]],
  );
  const browser = openBrowser();
  assert.equal(await signIn(browser, one, subject), "/welcome?a=b");
  assert.equal((await me(browser)).user_id, person.userId);
  const admin = await adminOf(http.database);
  const mails = await admin.query("select template from kernel.mails where recipient = $1", [person.email]);
  assert.deepEqual(mails.rows, [{ template: "identity_linked" }]);

  const stranger = await createPerson(http.database);
  assert.equal(await signIn(browserOf(stranger), one, subject, "link=1"), "/sign-in?problem=already_linked");
  assert.equal(await signIn(browserOf(person), one, subject, "to=/welcome&link=1"), "/welcome");
});

test("linking wants the person's own session, proved lately, and begins on a page of ours", async () => {
  const person = await createPerson(http.database);
  const begin = async (browser: Browser, headers: Record<string, string> = {}) =>
    pathOf((await browser.go(startOf(one, "link=1"), { headers })).location ?? "");
  assert.equal(await begin(openBrowser()), "/sign-in?problem=signed_out");
  const foreign = await begin(browserOf(person), { "sec-fetch-site": "cross-site" });
  assert.equal(foreign, "/sign-in?problem=provider_refused");

  const changed = browserOf(person);
  one.next = newSubject();
  const callback = await changed.follow(startOf(one, "link=1"), new RegExp(`^${http.address}/.*/callback`));
  const someone = await createPerson(http.database);
  changed.cookies(http.address).set("tenon_session", tokenOf(someone.credential));
  assert.equal(pathOf(await changed.follow(callback)), "/sign-in?problem=signed_out");
  assert.deepEqual((await http.ask(someone, { url: "/api/me/identities" })).json(), { items: [] });

  await makeProofOld(person);
  assert.equal(await begin(browserOf(person)), "/sign-in?problem=proof_needed");
});

test("an identity is unlinked by its own person, lately proved, and never the last way to sign in", async () => {
  const person = await createPerson(http.database);
  const subject = newSubject();
  await signIn(browserOf(person), one, subject, "to=/welcome&link=1");
  await signIn(browserOf(person), other, subject, "to=/welcome&link=1");
  const list = async () => (await http.ask(person, { url: "/api/me/identities" })).json().items;
  const unlink = async (who: Person, id: string) =>
    (await http.ask(who, { method: "DELETE", url: `/api/me/identities/${id}` })).statusCode;
  const [first, second] = await list();
  assert.equal(await unlink(await createPerson(http.database), first.id), 404);
  const admin = await adminOf(http.database);
  await admin.query("delete from identity.credentials where user_id = $1", [person.userId]);
  // Both at once, neither ends before the other has begun: one of them stays.
  const blocker = await openAdmin();
  await blocker.query("begin; lock table kernel.mails in share mode");
  const both = Promise.all([unlink(person, first.id), unlink(person, second.id)]);
  for (let waiting = 0; waiting < 2; ) {
    const sql =
      "select from pg_stat_activity where wait_event_type = 'Lock' and query like '%unlink_identity%' and datname = current_database()";
    waiting = (await admin.query(sql)).rowCount ?? 0;
  }
  await blocker.query("commit");
  assert.deepEqual((await both).sort(), [204, 409]);
  const [last, ...rest] = await list();
  assert.deepEqual(rest, []);
  await admin.query("insert into identity.credentials values ($1, $2, $3, 19456, 2, 1)", [
    person.userId,
    Buffer.alloc(16),
    Buffer.alloc(32),
  ]);
  const old = await createPerson(http.database);
  await makeProofOld(old);
  const answer = await http.ask(old, { method: "DELETE", url: `/api/me/identities/${last.id}` });
  assert.deepEqual([answer.statusCode, answer.json().code], [403, "proof_needed"]);
  assert.equal(await unlink(person, last.id), 204);
  assert.deepEqual(await list(), []);
  assert.equal((await http.ask(person, { url: "/api/me" })).statusCode, 200);
});
