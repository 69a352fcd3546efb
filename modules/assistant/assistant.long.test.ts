import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { before, test } from "node:test";
import { callOutside, transaction } from "../../kernel/tenancy/transaction.ts";
import { adminOf, contextOf } from "../../test/harness.ts";
import { authorization, type TestHttpServer } from "../../test/http/server.ts";
import { KEY, OUTPUT_TOKENS, openAssistantServer, openTalk, type Talk } from "./assistant.fixture.ts";
import type { Message } from "./contract.ts";

const USAGE = { input: 10, output: 10 };

let http: TestHttpServer;
let port: number;

before(async () => {
  http = await openAssistantServer();
  await http.server.listen({ host: "127.0.0.1", port: 0 });
  port = (http.server.server.address() as AddressInfo).port;
});

/** Says something on a connection of its own, and answers when the first words have come. */
async function begin(talk: Talk, content: string) {
  const path = `/api/organizations/${talk.tenant.slug}/assistant/own-conversations/${talk.conversation}/messages`;
  const headers = { ...authorization(talk.member), "content-type": "application/json" };
  const sent = request({ host: "127.0.0.1", port, path, method: "POST", headers }).end(JSON.stringify({ content }));
  const [answer] = await once(sent, "response");
  let body = "";
  answer.setEncoding("utf8").on("error", () => undefined);
  for await (const piece of answer) {
    body += piece;
    if (/event: text/.test(body)) break;
  }
  return body;
}

async function lastOf(talk: Talk): Promise<Message> {
  for (;;) {
    const last = (await talk.read()).messages.at(-1) ?? assert.fail("There is no message.");
    if (last.status !== "streaming") return last;
  }
}

for (const protocol of ["openai_compatible", "anthropic", "google"] as const) {
  test(`what goes wrong at a provider that speaks ${protocol} is told in words, and what came is kept and paid for`, async () => {
    const words = ["Half of", " it"];
    const talk = await openTalk(
      http,
      [
        { status: 500 },
        { status: 401 },
        { status: 429, headers: { "retry-after": "3" } },
        { words, end: "cut" },
        { words, end: "missing" },
        { words, fails: "Overloaded" },
        { words: ["Whole."] },
      ],
      { protocol },
    );
    const failures = [];
    failures.push((await talk.say("Hello")).reply);
    for (let tries = 0; tries < 5; tries++) failures.push((await talk.say()).reply);
    const told = failures.map(({ content, status, error }) => [status, content, error]);
    assert.deepEqual(told.slice(0, 3), [
      ["failed", "", "The provider failed (500). Try again in a moment."],
      ["failed", "", "The provider does not accept the key. Whoever looks after the assistant can give another one."],
      ["failed", "", "The provider has too much to do. Try again in 3 seconds."],
    ]);
    for (const [status, content, error] of told.slice(3)) {
      assert.deepEqual([status, content], ["failed", "Half of it"]);
      assert.match(String(error), /broke off|No connection/);
    }
    assert.match(String(told[5]?.[2]), /Overloaded/);
    for (const { cost } of failures.slice(0, 3)) assert.equal(cost, 0);
    for (const { cost } of failures.slice(3)) assert.ok(cost > 0);
    // Where a provider tells no usage, it is reckoned.
    const { reply } = await talk.say();
    assert.ok(reply.status === "complete" && reply.cost > 0, JSON.stringify(reply));
    const { held } = await talk.books();
    assert.equal(held, 0);
  });
}

test("a provider that is away is told in words", async () => {
  const talk = await openTalk(http, [{}]);
  const admin = await adminOf(http.database);
  await admin.query("update assistant.providers set base_url = 'http://127.0.0.1:1/v1' where organization_id = $1", [
    talk.tenant.id,
  ]);
  const { reply } = await talk.say("Hello");
  assert.match(reply.error ?? "", /^No connection to 127\.0\.0\.1 came about/);
  await admin.query("update assistant.providers set base_url = 'http://10.0.0.1/v1' where organization_id = $1", [
    talk.tenant.id,
  ]);
  assert.match((await talk.say()).reply.error ?? "", /not on the public Internet/);
});

test("a reply is written to its end when the browser has gone, and its member finds it", async () => {
  const goOn = Promise.withResolvers<void>();
  const talk = await openTalk(http, [{ words: ["Slowly."], until: goOn.promise, usage: USAGE }]);
  await begin(talk, "Hello");
  assert.equal((await talk.read()).messages.at(-1)?.status, "streaming");
  assert.ok((await talk.books()).held > 0);
  const second = await talk.say("And?");
  assert.deepEqual([second.statusCode, second.problem.hint], [409, "Wait for it, or stop it."]);
  goOn.resolve();
  const last = await lastOf(talk);
  assert.deepEqual([last.status, last.content, last.usage_tokens], ["complete", "Slowly.", 20]);
  assert.equal((await talk.books()).held, 0);
});

test("a reply that is stopped keeps what there is of it and is paid for as far as it went", async () => {
  const never = new Promise(() => undefined);
  const talk = await openTalk(http, [
    { words: ["Begun"], until: never },
    { words: ["Again."], usage: USAGE },
  ]);
  const { posted } = await talk.books();
  await begin(talk, "Hello");
  assert.equal((await talk.send(`/${talk.conversation}/stop`, "POST")).statusCode, 204);
  const last = await lastOf(talk);
  assert.deepEqual([last.status, last.content], ["stopped", "Begun"]);
  const after = await talk.books();
  assert.deepEqual([after.held, after.posted], [0, posted - last.cost]);
  assert.ok(last.cost > 0 && last.cost < OUTPUT_TOKENS * 10);
  assert.equal((await talk.send(`/${talk.conversation}/stop`, "POST")).statusCode, 204);
  assert.equal((await talk.say()).reply.content, "Again.");
});

test("another process stops it as well, and a process that is gone leaves no reply behind", async () => {
  const never = new Promise(() => undefined);
  const talk = await openTalk(http, [
    { words: ["Begun"], until: never },
    { words: ["Begun"], until: never },
  ]);
  const admin = await adminOf(http.database);
  await begin(talk, "Hello");
  await admin.query("update assistant.replies set is_stopping = true where organization_id = $1", [talk.tenant.id]);
  assert.equal((await lastOf(talk)).status, "stopped");

  await begin(talk, "Once more");
  await admin.query("update assistant.replies set heard_at = now() - interval '2 minutes' where organization_id = $1", [
    talk.tenant.id,
  ]);
  await callOutside(http.database, "dispatcher", "select assistant.end_lost_replies(interval '1 minute', 100)");
  const last = await lastOf(talk);
  assert.deepEqual([last.status, last.error], ["failed", "The server that wrote this reply stopped before its end."]);
  assert.equal((await talk.books()).held, 0);
});

test("credits that run out between two steps end the reply with what there is, and nothing stays set aside", async () => {
  const call = { tool: "search_customers", input: {} };
  const talk = await openTalk(http, [
    { words: ["Let me look."], call, usage: { input: 100, output: 900 } },
    { words: ["Never"] },
  ]);
  const admin = await adminOf(http.database);
  await admin.query("update credits.balances set posted = $2 where organization_id = $1", [
    talk.tenant.id,
    OUTPUT_TOKENS * 10 + 3_000,
  ]);
  const { reply } = await talk.say("Customers?");
  assert.deepEqual([reply.status, reply.content], ["failed", "Let me look."]);
  assert.match(reply.error ?? "", /credits were used up on the way/);
  assert.deepEqual([talk.provider.asked.length, (await talk.books()).held], [1, 0]);
});

test("a tool that the organization has not enabled, or that waits for a person's yes, is not offered", async () => {
  const talk = await openTalk(http, [{ words: ["No."], usage: USAGE }], { tools: [] });
  const url = `/api/organizations/${talk.tenant.slug}/assistant/enabled-tools`;
  await http.ask(talk.tenant.owner, {
    method: "POST",
    url,
    payload: { tool: "search_projects", needs_approval: true },
  });
  await talk.say("Projects?");
  assert.doesNotMatch(talk.provider.asked[0]?.body ?? "", /search_/);
});

test("a model that goes on using tools has to say something in the end", async () => {
  const call = { tool: "search_tasks", input: { status: "nonsense" } };
  const talk = await openTalk(http, [
    { call, usage: USAGE },
    { call, usage: USAGE },
    { call, usage: USAGE },
    { call, usage: USAGE },
    { words: ["Enough."], usage: USAGE },
  ]);
  const { reply } = await talk.say("Tasks?");
  assert.deepEqual(
    [reply.status, reply.content, reply.tool_calls.length, talk.provider.asked.length],
    ["complete", "Enough.", 4, 5],
  );
  assert.match(reply.tool_calls[0]?.error ?? "", /status: "nonsense" is not one of/);
  assert.match(talk.provider.asked[4]?.body ?? "", /"tool_choice":"none"/);
});

test("a provider's key is shown to nobody, and is not sent to another address than it was given for", async () => {
  const talk = await openTalk(http, [{ words: ["Yes."], usage: USAGE }]);
  const providers = `/api/organizations/${talk.tenant.slug}/assistant/providers`;
  const shown = await http.ask(talk.tenant.owner, { url: providers });
  const [provider] = shown.json().items;
  assert.deepEqual([provider.has_key, shown.body.includes(KEY)], [true, false]);
  const context = contextOf(http.database, talk.tenant, { permission: "assistant.conversation.manage" });
  await assert.rejects(
    transaction(context, (tx) => tx.query("select * from assistant.provider_keys")),
    /permission denied/,
  );
  const admin = await adminOf(http.database);
  const { rows } = await admin.query(
    "select encode(sealed, 'escape') as sealed from assistant.provider_keys where organization_id = $1",
    [talk.tenant.id],
  );
  assert.ok(rows.length === 1 && !rows[0].sealed.includes(KEY));

  const other = await openTalk(http, [{ words: ["Got it."], usage: USAGE }]);
  const payload = { name: provider.name, protocol: "openai_compatible", base_url: other.provider.baseUrl };
  const url = `${providers}/${provider.name}`;
  assert.equal((await http.ask(talk.tenant.owner, { method: "POST", url: providers, payload })).statusCode, 204);
  await talk.say("Hello");
  assert.doesNotMatch(JSON.stringify(other.provider.asked), new RegExp(KEY));
  for (const base_url of ["http://10.0.0.1/v1", "http://169.254.169.254/", "file:///etc/passwd"]) {
    const refused = await http.ask(talk.tenant.owner, {
      method: "POST",
      url: providers,
      payload: { ...payload, base_url },
    });
    assert.deepEqual([refused.statusCode, refused.json().errors[0].field], [400, "base_url"], base_url);
  }
  assert.equal((await http.ask(talk.member, { method: "POST", url: providers, payload })).statusCode, 403);
  const gone = await http.ask(talk.tenant.owner, { method: "DELETE", url });
  assert.equal(gone.statusCode, 204);
  assert.equal((await talk.say("Hello")).statusCode, 400);
});

test("a model reads the latest of a long conversation, as much as it can, and refuses what it cannot", async () => {
  const talk = await openTalk(http, [{ words: ["Yes."], usage: USAGE }]);
  const admin = await adminOf(http.database);
  await admin.query("update assistant.models set context_tokens = 4000 where name = $1", [talk.model]);
  await talk.say(`First ${"a".repeat(3_000)}`);
  await talk.say(`Second ${"b".repeat(3_000)}`);
  const body = talk.provider.asked[1]?.body ?? "";
  assert.deepEqual([body.includes("First"), body.includes("Second")], [false, true]);
  const refused = await talk.say("c".repeat(20_000));
  assert.deepEqual([refused.statusCode, refused.problem.hint], [400, "Shorten it, or choose another model."]);
  assert.equal((await talk.read()).messages.length, 4);
});
