import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { InjectOptions, LightMyRequestResponse } from "fastify";
import { routes } from "../../app.ts";
import type { Endpoint } from "../../kernel/http/endpoint.ts";
import { exampleId } from "../../kernel/http/openapi/examples.ts";
import { PROBLEM_RESPONSES } from "../../kernel/http/openapi/problems.ts";
import { adminOf, createTenant } from "../harness.ts";
import { lintDescription } from "./lint.ts";
import { verbRoutes } from "./requests.ts";
import { openTestServer, type TestHttpServer } from "./server.ts";
import { makeWorld, type World } from "./world.ts";

/** What cannot be shown to succeed: it needs what only a mail, a device, another site or the operator has, or its example does no harm. */
const REFUSED: Record<string, number> = {
  "billing.invoice.create": 409,
  "billing.invoice.settle": 409,
  "organizations.slug.change": 409,
  "identity.passkey.rename": 404,
  "identity.session.open": 401,
  "identity.token.open": 401,
  "identity.token.refresh": 401,
  "identity.totp.confirm": 404,
  "identity.recovery_code.renew": 409,
  "identity.passkey.add": 400,
  "identity.session.open_with_passkey": 401,
  "identity.session.finish": 401,
  "identity.session.prove_second_factor": 400,
  "identity.account.confirm": 410,
  "identity.password.reset": 410,
  "identity.account.unlock": 410,
  "identity.email.confirm_change": 410,
  "identity.account.delete": 409,
  "identity.account.restore": 410,
  "identity.session.prove": 403,
  "organizations.organization.restore": 409,
  "organizations.membership.leave": 409,
  "organizations.ownership.transfer": 409,
  "organizations.invitation.resend": 409,
  "organizations.invitation.preview": 404,
  "organizations.invitation.accept": 404,
  "organizations.me.invitation.accept": 404,
  "organizations.domain.verify": 409,
  "organizations.me.joinable.join": 404,
  "tasks.workflow.cancel": 409,
  "imports.import.cancel": 409,
  "assistant.own_conversation.send": 400,
  "content.item.submit": 409,
  "content.item.archive": 409,
  "content.item.reopen": 409,
  "tasks.callback.answer": 404,
  "tasks.approval.hand_over": 400,
  "mail.mailbox.read": 404,
  "identity.totp.remove": 404,
  "identity.passkey.remove": 404,
  "identity.identity.unlink": 404,
  "organizations.role.delete": 409,
  "organizations.key.current": 409,
  "organizations.organization.delete": 409,
  "organizations.support.visit": 403,
  "tasks.task.update": 409,
  "studio.share.open": 404,
  "commerce.store.connect": 409,
  "content.product_description.write": 409,
  "commerce.webhook.take": 401,
};

type Parameter = { name: string; in: "path" | "query"; required?: boolean; example?: string | number };
type Operation = {
  operationId: string;
  parameters: Parameter[];
  requestBody?: { content: Record<string, { example?: unknown }> };
  responses: Record<string, { headers?: object }>;
};
type Description = { paths: Record<string, Record<string, Operation>> };

let http: TestHttpServer;
let world: World;
let operations: { method: string; path: string; operation: Operation }[];

before(async () => {
  http = await openTestServer();
  world = await makeWorld(http, await adminOf(http.database));
  const { paths } = (await http.server.inject({ url: "/api/openapi.json" })).json<Description>();
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  // Those of nouns are sent about their own rows, in nouns.test.ts.
  const verbs = new Set(verbRoutes.map(({ endpoint }) => endpoint.name));
  operations = all.filter(({ operation }) => verbs.has(operation.operationId));
});

/** The request that an operation's examples make, with the ids of things that there are. */
function requestOf({ method, path, operation }: (typeof operations)[number]): InjectOptions {
  const examples = (place: Parameter["in"]) =>
    operation.parameters.filter((each) => each.in === place && each.example !== undefined);
  const numbers: Record<string, string> = world.ids;
  // A number is not told apart from others by how it looks, as an id is.
  const partOf = ({ name, example = "" }: Parameter) =>
    typeof example === "number" ? (numbers[name] ?? String(example)) : example;
  const url = examples("path").reduce((rest, part) => rest.replace(`{${part.name}}`, partOf(part)), path);
  const query = new URLSearchParams(
    examples("query").map(({ name, example = "" }): [string, string] => [name, String(example)]),
  );
  const [type = "", media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const payload = typeof media?.example === "string" ? media.example : JSON.stringify(media?.example);
  const request = {
    method: method.toUpperCase(),
    url: query.size > 0 ? `${url}?${query}` : url,
    ...(payload !== undefined && { payload, headers: { "content-type": type } }),
  };
  const text = Object.entries(world.ids).reduce(
    (json, [name, id]) => json.replaceAll(exampleId(name), id),
    JSON.stringify(request),
  );
  return JSON.parse(text.replaceAll("/acme", `/${world.ids.organization}`));
}

/** Headers of answers that mean something of Tenon's. */
const HEADERS = ["x-request-id", "tenon-version", "etag", "idempotent-replayed", "ratelimit", "ratelimit-policy"];

/** What is wrong where an answer has one of them that its operation does not tell. */
function untoldHeader({ responses }: Operation, { statusCode, headers }: LightMyRequestResponse): string | undefined {
  const told = Object.keys(responses[statusCode]?.headers ?? {}).map((name) => name.toLowerCase());
  const untold = HEADERS.find((name) => name in headers && !told.includes(name));
  return untold && `the header ${untold} is not told`;
}

function answerOf({ answer, accepted, answerMedia }: Endpoint, { statusCode, body }: LightMyRequestResponse): unknown {
  if (statusCode === 204) return body === "" ? undefined : `204 with ${body}`;
  if (answerMedia !== "json" || statusCode === 302) return undefined;
  const result = (statusCode === 202 ? accepted : answer)?.safeParse(JSON.parse(body));
  return result?.success ? undefined : `another shape: ${result?.error ?? body}`;
}

test("every example of the description is answered as the description says", async () => {
  const faults: string[] = [];
  const order = ["get", "put", "patch", "post", "delete"];
  const sorted = operations.toSorted((one, other) => order.indexOf(one.method) - order.indexOf(other.method));
  const ask = async (each: (typeof operations)[number], endpoint: Endpoint) => {
    const { tenant, labeler } = world;
    const person = endpoint.access === "labeling.label.write" ? labeler : tenant.owner;
    const answer = await http.ask(endpoint.access === "anyone" ? undefined : person, requestOf(each));
    const { operationId, responses } = each.operation;
    const wanted = REFUSED[operationId];
    const isAsSaid = wanted
      ? answer.statusCode === wanted
      : answer.statusCode < 400 && String(answer.statusCode) in responses;
    if (!isAsSaid) return `${answer.statusCode} ${answer.body}`;
    return wanted ? undefined : (untoldHeader(each.operation, answer) ?? answerOf(endpoint, answer));
  };
  for (const each of sorted) {
    const { endpoint } = routes.find((route) => route.endpoint.name === each.operation.operationId) ?? assert.fail();
    let fault = await ask(each, endpoint);
    // One before may have used up what this one needs.
    if (fault !== undefined) {
      world = await makeWorld(http, await adminOf(http.database));
      fault = await ask(each, endpoint);
    }
    if (fault !== undefined) faults.push(`${endpoint.name}: ${fault}`);
  }
  assert.deepEqual(faults, []);
});

test("every body and every parameter that is needed has an example", () => {
  for (const { operation, path } of operations) {
    const isMissing = operation.parameters.some(({ required, example }) => required && example === undefined);
    assert.ok(!isMissing, path);
    const [media] = Object.values(operation.requestBody?.content ?? {});
    assert.ok(!operation.requestBody || media?.example !== undefined, operation.operationId);
  }
});

test("every problem of the description is what a request gets", async () => {
  const tenant = await createTenant(http.database);
  const { owner, slug } = tenant;
  const limited = await openTestServer([], { rateLimits: { key: 60, person: 60, organization: 60 } });
  const base = `/api/organizations/${slug}`;
  const post = (url: string, payload: object | string, type = "application/json") =>
    http.ask(owner, { method: "POST", url: `${base}/${url}`, payload, headers: { "content-type": type } });
  const key = await post("keys", { name: "Key", scopes: ["organization.read"] });
  const askOften = async () => {
    await Promise.all(Array.from({ length: 60 }, () => limited.ask(owner, { url: "/api/me" })));
    return limited.ask(owner, { url: "/api/me" });
  };
  const account = await post("credits/accounts", { name: "Twice" });
  assert.equal(account.statusCode, 200);
  const tag = await post("organizations/tags", { name: "Urgent" });
  const tagAt = (version: string) =>
    http.ask(owner, {
      method: "PATCH",
      url: String(tag.headers.location),
      payload: { name: "Later" },
      headers: { "if-match": version },
    });
  const once = (name: string) =>
    http.ask(owner, {
      method: "POST",
      url: `${base}/organizations/tags`,
      payload: { name },
      headers: { "idempotency-key": "once" },
    });
  assert.equal((await once("One")).statusCode, 201);
  const answers: Record<string, LightMyRequestResponse> = {
    Invalid: await http.ask(owner, { url: "/api/me", headers: { "tenon-version": "2020-01-01" } }),
    Unauthenticated: await http.ask(undefined, { url: "/api/me" }),
    Forbidden: await http.server.inject({ url: "/api/me", headers: { authorization: `Bearer ${key.json().token}` } }),
    NotFound: await http.ask(owner, { url: `/api/organizations/nobodys-${slug}` }),
    Conflict: await post("credits/accounts", { name: "Twice" }),
    ChangedMeanwhile: await tagAt('"7"'),
    KeyReused: await once("Another"),
    TooLarge: await post("roles", { name: "x".repeat(1024 * 1024) }),
    UnsupportedMediaType: await post("roles", "<name/>", "text/xml"),
    TooManyRequests: await askOften(),
    Problem: await http.ask(owner, { url: "/api/nothing/there/is" }),
  };
  for (const [name, response] of Object.entries(PROBLEM_RESPONSES)) {
    const { content } = response as {
      content: { "application/problem+json": { example: { request_id: string; current?: object } } };
    };
    const { request_id: _, ...example } = content["application/problem+json"].example;
    const { request_id: id, ...document } = answers[name]?.json() ?? {};
    // Of a row the example shows a part.
    const { current } = example;
    if (current) document.current = Object.fromEntries(Object.keys(current).map((key) => [key, document.current[key]]));
    assert.deepEqual(document, example, name);
    assert.equal(answers[name]?.headers["x-request-id"], id);
  }
});

test("Spectral finds nothing to complain of in one operation of each kind", async () => {
  const kindOf = ({ method, access, bodyMedia, answerMedia, answer, accepted, query, limit, versioned }: Endpoint) =>
    [method, access === "anyone", bodyMedia, answerMedia, !answer, !accepted, !query, !limit, versioned].join();
  const kinds = new Map(routes.map(({ endpoint }) => [kindOf(endpoint), endpoint]));
  assert.deepEqual(await lintDescription([...kinds.values()]), []);
});
