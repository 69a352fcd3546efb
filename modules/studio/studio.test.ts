import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { AnswerOf } from "../../kernel/http/endpoint.ts";
import { adminOf } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import type { browseSessions, Session } from "./contract.ts";
import type { listVersions, readStructuring, readVersion } from "./documents-contract.ts";
import type { listShares, makeShare } from "./outlets-contract.ts";
import { openStudio, type Studio } from "./studio.fixture.ts";

let http: TestHttpServer;
let studio: Studio;
before(async () => {
  http = await openTestServer();
  studio = await openStudio(http);
});

type Document = AnswerOf<typeof readStructuring>;
type Sessions = AnswerOf<typeof browseSessions>;
type Versions = AnswerOf<typeof listVersions>;
type OneVersion = AnswerOf<typeof readVersion>;

const ON = (revision: number) => ({ "if-match": `"${revision}"` });

test("a save on an old revision is refused with what stands there, and writes over nothing", async () => {
  const { ask, must, begin, join } = studio;
  const [milan, tara] = [await join("member"), await join("member")];
  const { path, structuring } = await begin(milan);
  await must(milan, "PUT", `${path}/people/${tara.userId}`, { may_write: true });
  const { revision } = await must<Document>(tara, "GET", structuring);
  const first = await ask(milan, "PUT", structuring, { payload: { problem: "Dark" }, headers: ON(revision) });
  assert.deepEqual([first.statusCode, first.headers.etag], [200, `"${revision + 1}"`], first.body);
  const second = await ask(tara, "PUT", structuring, { payload: { problem: "Cold" }, headers: ON(revision) });
  assert.equal(second.statusCode, 412);
  const { code, current } = second.json();
  assert.deepEqual(
    [code, current.revision, current.content.problem, current.saved_by.id],
    ["changed_meanwhile", revision + 1, "Dark", milan.userId],
  );
  const races = await Promise.all(
    [milan, tara].map((person, index) =>
      ask(person, "PUT", structuring, { payload: { problem: `Race ${index}` }, headers: ON(revision + 1) }),
    ),
  );
  assert.deepEqual(races.map(({ statusCode }) => statusCode).sort(), [200, 412]);
  const blind = await must<Document>(tara, "PUT", structuring, { problem: "Without a look" });
  assert.equal(blind.content.problem, "Without a look");
  const { items } = await must<Versions>(milan, "GET", `${structuring}/versions`);
  assert.equal(items.length, 1, "what was written over without a look is kept");
});

test("bad content is refused field by field", async () => {
  const { ask, begin, tenant } = studio;
  const { structuring } = await begin(tenant.owner);
  const item = { id: "a", text: "x" };
  const payload = { problem: "x".repeat(10_001), goals: [item, item], constraints: [{ id: "b", text: 5 }], mood: "" };
  const { statusCode, body } = await ask(tenant.owner, "PUT", structuring, { payload });
  assert.equal(statusCode, 400);
  const fields = JSON.parse(body).errors.map(({ field }: { field: string }) => field);
  assert.deepEqual(fields.sort(), ["constraints.0.text", "goals", "mood", "problem"]);
});

test("a session is open to whose it is and to whom it was opened, as far as it was, and to nobody else", async () => {
  const { ask, must, begin, join } = studio;
  const [milan, tara, viewer, client] = [
    await join("member"),
    await join("member"),
    await join("viewer"),
    await join("client"),
  ];
  const { id, path, structuring } = await begin(milan);
  const doors = [`open-sessions/${id}`, structuring, `${structuring}/versions`, `${path}/exports`];
  const seen = (person: typeof milan) =>
    Promise.all(doors.map(async (door) => (await ask(person, "GET", door)).statusCode));
  for (const person of [tara, viewer, client]) assert.deepEqual(await seen(person), [404, 404, 404, 404]);
  for (const person of [tara, viewer, client]) {
    await must(milan, "PUT", `${path}/people/${person.userId}`, { may_write: person !== tara });
    assert.deepEqual(await seen(person), [200, 200, 200, 200]);
    const { items } = await must<Sessions>(person, "GET", "open-sessions?which=shared");
    assert.deepEqual(
      items.map((session) => [session.id, session.access]),
      [[id, "read"]],
    );
    const { statusCode } = await ask(person, "PUT", structuring, { payload: { problem: "Mine" } });
    assert.equal(statusCode, 403, "who reads may not write, whatever was meant");
  }
  assert.equal(
    (await ask(tara, "PUT", `${path}/people/${tara.userId}`, { payload: { may_write: true } })).statusCode,
    403,
  );
  await must(milan, "PUT", `${path}/people/${tara.userId}`, { may_write: true });
  assert.equal((await ask(tara, "PUT", structuring, { payload: { problem: "Ours" } })).statusCode, 200);
  assert.equal((await ask(tara, "DELETE", `open-sessions/${id}`)).statusCode, 403);
  await must(milan, "DELETE", `${path}/people/${tara.userId}`);
  assert.deepEqual(await seen(tara), [404, 404, 404, 404]);

  await must(milan, "DELETE", `open-sessions/${id}`);
  assert.deepEqual((await seen(viewer)).slice(0, 2), [404, 404], "what is in the bin is there for whose it is alone");
  await must(milan, "POST", `open-sessions/${id}/restore`);
  assert.deepEqual(await seen(viewer), [200, 200, 200, 200]);
});

test("a template is copied whole by a colleague, who gets a session of their own", async () => {
  const { ask, must, begin, join } = studio;
  const [milan, tara] = [await join("member"), await join("member")];
  const { id, path, structuring } = await begin(milan, { title: "A floor", client_name: "Ann", is_template: true });
  await must(milan, "PUT", structuring, { goals: [{ id: "g", text: "Rooms" }] });
  const { items } = await must<Sessions>(tara, "GET", "open-sessions?which=templates&search=a%20FLO");
  assert.ok(items.some((session) => session.id === id));
  const copy = await must<Session>(tara, "POST", `${path}/duplicate`, { title: "Our floor" });
  assert.deepEqual([copy.owner.id, copy.access, copy.is_template, copy.client_name], [tara.userId, "own", false, null]);
  const { content } = await must<Document>(tara, "GET", `sessions/${copy.id}/documents/structuring`);
  assert.equal(content.goals?.[0]?.text, "Rooms");
  assert.equal((await ask(milan, "GET", `open-sessions/${copy.id}`)).statusCode, 404);
});

test("versions come when another person writes and with time, not with each save, and are restored as a new revision", async () => {
  const { must, begin, join } = studio;
  const admin = await adminOf(http.database);
  const [milan, tara] = [await join("member"), await join("member")];
  const { id, path, structuring } = await begin(milan);
  await must(milan, "PUT", `${path}/people/${tara.userId}`, { may_write: true });
  const save = async (person: typeof milan, problem: string) => {
    const { revision } = await must<Document>(person, "GET", structuring);
    return (await studio.ask(person, "PUT", structuring, { payload: { problem }, headers: ON(revision) })).json();
  };
  const pass = (minutes: number) =>
    admin.query(
      `with v as (update studio.versions set created_at = created_at - make_interval(mins => $2) where session_id = $1)
       update studio.documents set created_at = created_at - make_interval(mins => $2) where session_id = $1`,
      [id, minutes],
    );
  const versions = async () => (await must<Versions>(milan, "GET", `${structuring}/versions`)).items;
  for (const text of ["One", "Two", "Three"]) await save(milan, text);
  assert.deepEqual(await versions(), []);
  await pass(2);
  await save(tara, "Four");
  await save(milan, "Five");
  assert.equal((await versions()).length, 1, "two who write at once make one a minute");
  await pass(11);
  await save(milan, "Six");
  await must(milan, "POST", `${structuring}/versions`, { name: "As shown" });
  const kept = await versions();
  assert.deepEqual(
    kept.map(({ name, saved_by }) => [name, saved_by?.id]),
    [
      ["As shown", milan.userId],
      [null, milan.userId],
      [null, milan.userId],
    ],
  );
  const first = await must<OneVersion>(milan, "GET", `${structuring}/versions/1`);
  assert.equal(first.content.problem, "Three");
  const before = await must<Document>(milan, "GET", structuring);
  const restored = await must<Document>(milan, "POST", `${structuring}/versions/1/restore`);
  assert.deepEqual([restored.content.problem, restored.revision], ["Three", before.revision + 1]);
  const again = await must<OneVersion>(milan, "GET", `${structuring}/versions/4`);
  assert.equal(again.content.problem, "Six", "what was there is not lost");
});

test("a public link opens its session for reading and nothing else, and tells no reason when it opens nothing", async () => {
  const { ask, must, begin, join } = studio;
  const admin = await adminOf(http.database);
  const milan = await join("member");
  const { id, path, structuring } = await begin(milan, { title: "Shown", client_name: "Ann" });
  await must(milan, "PUT", structuring, { problem: "Seen by all" });
  const make = (days: number | null) => must<AnswerOf<typeof makeShare>>(milan, "POST", `${path}/shares`, { days });
  const open = (token: string) => ask(undefined, "POST", "/api/shared-sessions", { payload: { token } });
  const share = await make(7);
  const opened = await open(share.token);
  assert.deepEqual([opened.statusCode, opened.headers["cache-control"]], [200, "no-store"], opened.body);
  assert.equal(opened.json().sections[0].content.problem, "Seen by all");
  assert.deepEqual(Object.keys(opened.json()).sort(), [
    "client_name",
    "expires_at",
    "organization",
    "sections",
    "title",
  ]);
  const { items } = await must<AnswerOf<typeof listShares>>(milan, "GET", `${path}/shares`);
  const [listed = assert.fail("It is not listed.")] = items;
  assert.notEqual(listed.last_opened_at, null);
  assert.ok(!JSON.stringify(items).includes(share.token.slice(-43)));

  const other = await openStudio(http);
  const [revoked, over] = [await make(null), await make(1)];
  await must(milan, "DELETE", `${path}/shares/${revoked.id}`);
  await admin.query("update studio.shares set expires_at = now() where id = $1", [over.id]);
  const foreign = share.token.replace(studio.tenant.id, other.tenant.id);
  const wrong = `${share.token.slice(0, -1)}${share.token.endsWith("A") ? "B" : "A"}`;
  const told = await Promise.all(
    [revoked.token, over.token, foreign, wrong, "tsh_", "x"].map(async (token) => {
      const { statusCode, body } = await open(token);
      const { request_id: _, ...problem } = JSON.parse(body);
      return JSON.stringify({ statusCode, ...problem });
    }),
  );
  assert.deepEqual(new Set(told).size, 1, told.join("\n"));
  assert.match(told[0] ?? "", /^\{"statusCode":404/);
  await must(milan, "DELETE", `open-sessions/${id}`);
  assert.equal((await open(share.token)).statusCode, 404, "a session in the bin is shown to nobody");
});

test("without credits no PDF is begun, and it is said why", async () => {
  const { ask, must, begin, tenant } = studio;
  const admin = await adminOf(http.database);
  const { path } = await begin(tenant.owner);
  await admin.query("update credits.balances set posted = 0 where organization_id = $1", [tenant.id]);
  const { statusCode, body } = await ask(tenant.owner, "POST", `${path}/exports`);
  assert.equal(statusCode, 402, body);
  assert.match(JSON.parse(body).detail, /This takes 1 credits?, and 0 are free/);
  assert.deepEqual(await must(tenant.owner, "GET", `${path}/exports`), { items: [] });
  const { rows } = await admin.query("select held::int from credits.balances where organization_id = $1", [tenant.id]);
  assert.deepEqual(rows, [{ held: 0 }]);
});
