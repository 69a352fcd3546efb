import assert from "node:assert/strict";
import { before, test } from "node:test";
import { addMember, adminOf } from "../../test/harness.ts";
import type { TestHttpServer } from "../../test/http/server.ts";
import { KEY, OUTPUT_TOKENS, openAssistantServer, openTalk } from "./assistant.fixture.ts";

let http: TestHttpServer;

before(async () => {
  http = await openAssistantServer();
});

for (const protocol of ["openai_compatible", "anthropic", "google"] as const) {
  test(`a model that speaks ${protocol} answers as it goes, uses a tool as the member, and is paid for what it took`, async () => {
    const script = [
      {
        words: ["Let me ", "look."],
        call: { tool: "search_customers", input: { words: "hotel" } },
        usage: { input: 100, output: 20 },
      },
      { words: ["There is ", "**Hotel Bergen**."], usage: { input: 300, output: 10 } },
    ];
    const talk = await openTalk(http, script, { protocol });
    const url = `/api/organizations/${talk.tenant.slug}/crm/customers`;
    for (const name of ["Hotel Bergen", "Bakery"])
      assert.equal((await http.ask(talk.tenant.owner, { method: "POST", url, payload: { name } })).statusCode, 201);
    const before = await talk.books();

    const { text, reply } = await talk.say("Which hotels do we know?");
    assert.equal(text, "Let me look.\n\nThere is **Hotel Bergen**.");
    assert.deepEqual(
      [reply.content, reply.status, reply.usage_tokens, reply.cost],
      [text, "complete", 430, 400 + 30 * 10],
    );
    const [call] = reply.tool_calls;
    assert.deepEqual([call?.tool, call?.status, call?.input], ["search_customers", "succeeded", { words: "hotel" }]);
    const [first, second] = talk.provider.asked;
    assert.match(JSON.stringify(first?.headers), new RegExp(KEY));
    assert.match(first?.body ?? "", /Which hotels do we know/);
    assert.match(second?.body ?? "", /Hotel Bergen/);
    assert.doesNotMatch(second?.body ?? "", /Bakery/);

    const { messages, title } = await talk.read();
    assert.deepEqual(
      [title, messages.map(({ author, content }) => [author, content])],
      [
        "Which hotels do we know?",
        [
          ["user", "Which hotels do we know?"],
          ["assistant", text],
        ],
      ],
    );
    const after = await talk.books();
    assert.deepEqual(after, { posted: before.posted - 700, held: 0, tokens: 430, calls: 2 });
  });
}

test("a tool shows a model no more than the member may see, and what it finds of another organization is nothing", async () => {
  const call = { tool: "search_customers", input: {} };
  const talk = await openTalk(http, [
    { call, usage: { input: 1, output: 1 } },
    { words: ["I may not."], usage: { input: 1, output: 1 } },
  ]);
  const other = await openTalk(http, [{}]);
  await http.ask(other.tenant.owner, {
    method: "POST",
    url: `/api/organizations/${other.tenant.slug}/crm/customers`,
    payload: { name: "Of the others" },
  });
  // A task admin talks with the assistant, and does not see customers.
  const admin = await adminOf(http.database);
  const person = await addMember(admin, http.database, talk.tenant, "task_admin");
  const opened = await talk.send("", "POST", { model: talk.model }, person);
  const { body } = await talk.send(`/${opened.json().id}/messages`, "POST", { content: "Customers?" }, person);
  assert.match(body, /"status": ?"failed"[^\n]*Not permitted/);
  assert.match(talk.provider.asked[1]?.body ?? "", /Not permitted/);
  // The member may, and there are none.
  const { reply } = await talk.say("Customers?");
  assert.equal(reply.tool_calls.length, 0);
  for (const { body } of talk.provider.asked) assert.doesNotMatch(body, /Of the others/);
});

test("a conversation is its member's own: a colleague, the owner and a stranger find nothing there", async () => {
  const talk = await openTalk(http, [{ words: ["Yes."], usage: { input: 1, output: 1 } }]);
  await talk.say("My secret");
  const admin = await adminOf(http.database);
  const colleague = await addMember(admin, http.database, talk.tenant, "member");
  const stranger = await openTalk(http, [{}]);
  for (const who of [colleague, talk.tenant.owner]) {
    for (const [path, method, body] of [
      ["", "GET"],
      ["/messages", "POST", { content: "x" }],
      ["/stop", "POST"],
      ["", "PATCH", { title: "x" }],
    ] as const) {
      const answer = await talk.send(`/${talk.conversation}${path}`, method, body, who);
      assert.deepEqual([answer.statusCode, answer.body.includes("secret")], [404, false], `${method} ${path}`);
    }
    assert.deepEqual((await talk.send("", "GET", undefined, who)).json().items, []);
  }
  assert.equal((await stranger.send(`/${talk.conversation}`, "GET")).statusCode, 404);
});

test("without credits nothing is asked and nothing is written; what is set aside first is what a reply may cost", async () => {
  const talk = await openTalk(http, [{ words: ["Yes."], usage: { input: 1, output: 1 } }]);
  const admin = await adminOf(http.database);
  const leave = (free: number) =>
    admin
      .query("update credits.accounts set overdraft_limit = 0 where organization_id = $1", [talk.tenant.id])
      .then(() =>
        admin.query("update credits.balances set posted = $2 where organization_id = $1", [talk.tenant.id, free]),
      );
  await leave(OUTPUT_TOKENS * 10);
  const refused = await talk.say("Hello");
  assert.deepEqual([refused.statusCode, refused.problem.code], [402, "payment_required"]);
  assert.match(refused.problem.hint ?? "", /Buy credits/);
  assert.deepEqual([(await talk.read()).messages, talk.provider.asked.length], [[], 0]);
  await leave(OUTPUT_TOKENS * 10 + 5_000);
  assert.equal((await talk.say("Hello")).reply.status, "complete");
});

test("a provider that fails is told in words, costs nothing, and the reply can be tried again", async () => {
  const usage = { input: 10, output: 1 };
  const talk = await openTalk(http, [
    { status: 500 },
    { status: 429, headers: { "retry-after": "7" } },
    { status: 401 },
    { words: ["At last."], usage },
  ]);
  const before = await talk.books();
  const replies = [await talk.say("Hello"), await talk.say(), await talk.say()].map(({ reply }) => [
    reply.status,
    reply.error,
  ]);
  assert.deepEqual(replies, [
    ["failed", "The provider failed (500). Try again in a moment."],
    ["failed", "The provider has too much to do. Try again in 7 seconds."],
    ["failed", "The provider does not accept the key. Whoever looks after the assistant can give another one."],
  ]);
  assert.deepEqual(await talk.books(), before);
  assert.equal((await talk.say()).reply.content, "At last.");
  assert.equal((await talk.say()).statusCode, 409);
  assert.deepEqual(
    (await talk.read()).messages.map(({ author }) => author),
    ["user", "assistant", "assistant", "assistant", "assistant"],
  );
  assert.equal((await talk.books()).posted, before.posted - 20);
});
