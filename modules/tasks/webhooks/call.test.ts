import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { test } from "node:test";
import { openHost, outboundTo } from "../../../kernel/outbound/hosts.fixture.ts";
import { isWebhookAuthentic, newWebhookSecret } from "../../../kernel/outbound/signature.ts";
import { callWebhook, OUTPUT_BYTES_MAX } from "./call.ts";

const ID = "0199c0de-0000-7000-8000-000000000001";
const TASK = {
  id: ID,
  type: "content.write",
  input: { topic: "Tee" },
  attempt: 2,
  callback: { token: "tcb_x", expiresAt: new Date("2026-03-01T12:00:00Z") },
};
const outbound = {
  ...outboundTo({ "host.test": [["127.0.0.1"]], "inside.test": [["10.0.0.1"]] }),
  publicUrl: "https://tenon.test",
};

async function call(answer: RequestListener, more: object = {}) {
  const host = await openHost(answer);
  const endpoint = {
    url: `http://host.test:${host.port}/run`,
    timeoutSeconds: 20,
    secrets: [newWebhookSecret(), newWebhookSecret()],
    ...more,
  };
  return { host, endpoint, outcome: await callWebhook(TASK, endpoint, outbound) };
}

const answering =
  (status: number, body: string | Buffer = "", headers = {}): RequestListener =>
  (_, response) =>
    response.writeHead(status, headers).end(body);

test("an endpoint is told of the task, signed with all of its secrets, and its JSON is the output", async () => {
  const { host, endpoint, outcome } = await call(answering(200, '{"text": "Grüner Tee"}'));
  assert.deepEqual(outcome, { outcome: "succeeded", output: { text: "Grüner Tee" } });
  const [asked] = host.asked;
  assert.ok(asked);
  assert.deepEqual([asked.method, asked.url, asked.headers["content-type"]], ["POST", "/run", "application/json"]);
  assert.deepEqual(JSON.parse(asked.body), {
    id: ID,
    type: "content.write",
    input: { topic: "Tee" },
    attempt: 2,
    callback: {
      url: "https://tenon.test/api/task-callbacks/tcb_x",
      token: "tcb_x",
      expires_at: "2026-03-01T12:00:00.000Z",
    },
  });
  assert.equal(asked.headers["webhook-id"], ID);
  for (const secret of endpoint.secrets) assert.ok(isWebhookAuthentic(asked.headers, asked.body, [secret]));
});

test("nothing is an output too, and 202 is the promise of one", async () => {
  assert.deepEqual((await call(answering(204))).outcome, { outcome: "succeeded", output: null });
  assert.deepEqual((await call(answering(202, "not JSON"))).outcome, { outcome: "waiting" });
});

test("what cannot be kept as an output is a failure that is not tried again", async () => {
  const unfit = [
    "{",
    "text",
    '"\\u0000"',
    '{"\\u0000": 1}',
    '"\\ud800"',
    "[".repeat(65) + "]".repeat(65),
    "[".repeat(100_000) + "]".repeat(100_000),
    Buffer.from([34, 255, 34]),
    "x".repeat(OUTPUT_BYTES_MAX + 1),
  ];
  for (const body of unfit) {
    const { outcome } = await call(answering(200, body));
    assert.equal(outcome.outcome === "failed" && outcome.failure, "invalid", body.toString().slice(0, 20));
  }
  const fit = ['"\\\\u0000"', `[${"1,".repeat(100)}1]`, '"😀"', `"${"x".repeat(OUTPUT_BYTES_MAX - 2)}"`];
  for (const body of fit)
    assert.equal((await call(answering(200, body))).outcome.outcome, "succeeded", body.slice(0, 20));
});

test("an answer that fails says in which class, when to come back, and what the endpoint said", async () => {
  const failed = async (...answer: Parameters<typeof answering>) => (await call(answering(...answer))).outcome;
  assert.deepEqual(await failed(500, "out of tea"), {
    outcome: "failed",
    failure: "transient",
    status: 500,
    message: "The endpoint answered 500: out of tea",
  });
  assert.deepEqual(await failed(429, "", { "retry-after": "7" }), {
    outcome: "failed",
    failure: "rate_limited",
    retryAfterSeconds: 7,
    status: 429,
    message: "The endpoint answered 429.",
  });
  assert.deepEqual(await failed(401), {
    outcome: "failed",
    failure: "unauthorized",
    status: 401,
    message: "The endpoint answered 401.",
  });
  assert.deepEqual(await failed(400, "\0"), {
    outcome: "failed",
    failure: "invalid",
    status: 400,
    message: "The endpoint answered 400.",
  });
  const long = await failed(400, "x".repeat(10_000));
  assert.ok(long.outcome === "failed" && long.message.length < 600);
});

test("a redirect is not followed: what is signed for one address goes to no other", async () => {
  const elsewhere = await openHost(answering(200));
  const { outcome } = await call(answering(307, "", { location: `http://host.test:${elsewhere.port}/` }));
  assert.equal(outcome.outcome === "failed" && outcome.failure, "invalid");
  assert.equal(elsewhere.asked.length, 0);
});

test("a request that comes to no answer fails in the class of its cause", async () => {
  const failure = async (listener: RequestListener, more: object) => {
    const { outcome } = await call(listener, more);
    return outcome.outcome === "failed" && outcome.failure;
  };
  const never: RequestListener = () => undefined;
  assert.equal(await failure(never, { timeoutSeconds: 0.5 }), "timed_out");
  assert.equal(await failure((request) => request.socket.destroy(), {}), "transient");
  assert.equal(await failure(never, { url: "https://nowhere.test/" }), "transient");
  assert.equal(await failure(never, { url: "https://inside.test/" }), "invalid");
  assert.equal(await failure(never, { url: "nowhere" }), "invalid");
});

test("a call that is stopped rejects with the reason, and is no failure of the task", async () => {
  const controller = new AbortController();
  const host = await openHost(() => controller.abort(new Error("The worker ends.")));
  const endpoint = { url: `http://host.test:${host.port}/`, timeoutSeconds: 20, secrets: [newWebhookSecret()] };
  await assert.rejects(callWebhook(TASK, endpoint, outbound, controller.signal), { message: "The worker ends." });
});
