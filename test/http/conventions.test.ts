import assert from "node:assert/strict";
import { before, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { InjectOptions, LightMyRequestResponse } from "fastify";
import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { anyoneRoute, type ServerEvent } from "../../kernel/http/route.ts";
import { createTenant, type Tenant } from "../harness.ts";
import { missingIds, parametersOf, verbRoutes } from "./requests.ts";
import { authorization, openTestServer, type TestHttpServer } from "./server.ts";

const OTHER_SITE = "https://app.example.com";

const old = endpoint({
  name: "test.old",
  summary: "Goes",
  method: "GET",
  path: "/api/old",
  access: "anyone",
  query: z.object({ wrong: z.literal("no").optional() }),
  answer: z.object({}),
  alsoAnswers: ["text/csv"],
  deprecated: { since: "2026-11-01", sunset: "2027-06-30", instead: "test.new" },
});

const ticking = endpoint({
  name: "test.ticking",
  summary: "Goes on for ever",
  method: "GET",
  path: "/api/ticking",
  access: "anyone",
  answer: z.object({}),
  answerMedia: "events",
});

let ticks = 0;
let http: TestHttpServer;
let tenant: Tenant;
let base: string;

before(async () => {
  const more = [
    anyoneRoute(old, async () => ({})),
    anyoneRoute(ticking, async ({ signal }) => ({ events: tick(signal) })),
  ];
  http = await openTestServer(more, { corsOrigins: [OTHER_SITE] });
  tenant = await createTenant(http.database);
  base = `/api/organizations/${tenant.slug}`;
});

async function* tick(signal: AbortSignal): AsyncGenerator<ServerEvent> {
  for (; !signal.aborted; await setImmediate()) {
    ticks += 1;
    yield "heartbeat";
  }
}

function ask(method: string, url: string, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
  return http.ask(tenant.owner, { method: method as NonNullable<InjectOptions["method"]>, url, headers });
}

function assertProblem(answer: LightMyRequestResponse, status: number, code: string) {
  assert.deepEqual([answer.statusCode, answer.json().code], [status, code], answer.body);
  assert.match(String(answer.headers["content-type"]), /^application\/problem\+json/);
  return answer.json();
}

test("every address tells its methods to OPTIONS, and refuses the others", async () => {
  const ids = missingIds();
  const methods = new Map<string, Set<string>>();
  for (const { endpoint: each } of verbRoutes) {
    const url = parametersOf(each).reduce((path, name) => path.replace(`:${name}`, ids[name]), each.path);
    const known = methods.get(url) ?? new Set(["OPTIONS"]);
    methods.set(url, known.add(each.method));
    if (each.method === "GET") known.add("HEAD");
  }
  assert.ok(methods.size > 80);
  for (const [url, known] of methods) {
    const answer = await http.server.inject({ method: "OPTIONS", url });
    assert.deepEqual([answer.statusCode, answer.body], [204, ""], url);
    const allowed = String(answer.headers.allow).split(", ");
    assert.ok(
      [...known].every((method) => allowed.includes(method)),
      `${url}: ${allowed}`,
    );
    const other = (["DELETE", "PATCH", "PUT", "POST", "GET"] as const).find((method) => !allowed.includes(method));
    if (!other) continue;
    const payload = { payload: "<a/>", headers: { "content-type": "text/xml" } };
    const refused = await http.server.inject({ method: other, url, ...(other !== "GET" && payload) });
    assertProblem(refused, 405, "method_not_allowed");
    assert.equal(refused.headers.allow, answer.headers.allow);
  }
});

test("HEAD answers as GET does, without a body", async () => {
  for (const url of [base, `${base}/labeling/projects`, "/api/me", "/api/openapi.json", "/healthz", "/api/docs"]) {
    const [got, head] = [await ask("GET", url), await ask("HEAD", url)];
    assert.deepEqual([head.statusCode, head.body], [got.statusCode, ""], url);
    const essence = ({ "x-request-id": _, date: __, "content-length": ___, ...rest }: typeof head.headers) => rest;
    assert.deepEqual(essence(head.headers), essence(got.headers), url);
  }
  assert.equal((await ask("HEAD", `${base}/labeling/projects/${crypto.randomUUID()}`)).statusCode, 404);
});

test("HEAD of a file or of events begins neither", async () => {
  const head = await ask("HEAD", `${base}/audit/export?format=csv`);
  assert.deepEqual([head.statusCode, head.body], [200, ""]);
  assert.match(String(head.headers["content-type"]), /^text\/csv/);
  const events = await ask("HEAD", "/api/ticking");
  assert.deepEqual([events.statusCode, events.body], [200, ""]);
  assert.match(String(events.headers["content-type"]), /^text\/event-stream/);
  for (let turn = 0; turn < 10; turn++) await setImmediate();
  assert.equal(ticks, 0);
});

test("an address that is not quite one is told of the one that was meant", async () => {
  for (const [wrong, meant] of [
    ["/api/mee", "/api/me"],
    [`/api/organisations/${tenant.slug}/labeling/project`, `${base}/labeling/projects`],
    [`${base}/labelling/projects?limit=1`, `${base}/labeling/projects`],
  ] as const)
    assert.equal(assertProblem(await ask("GET", wrong), 404, "not_found").hint, `Did you mean ${meant}?`);
  for (const wrong of ["/api/planets", "/api", "/api/", `${base}//projects`, `/api/${"x".repeat(2000)}`])
    assert.match(assertProblem(await ask("POST", wrong), 404, "not_found").hint, /openapi\.json/);
});

test("a body of another kind is told which one is read", async () => {
  const send = (url: string, type: string) =>
    http.ask(tenant.owner, { method: "POST", url, payload: "a", headers: { "content-type": type } });
  for (const type of ["application/xml", "text/csv", "multipart/form-data"]) {
    const answer = await send(`${base}/labeling/projects`, type);
    assert.equal(assertProblem(answer, 415, "unsupported_media_type").hint, "Send application/json.");
    assert.equal(answer.headers.accept, "application/json");
  }
  const answer = await send(`${base}/labeling/projects/${crypto.randomUUID()}/imports?format=csv`, "image/png");
  assert.match(assertProblem(answer, 415, "unsupported_media_type").hint, /^Send text\/csv or application\/x-ndjson/);
});

test("who accepts nothing of what there is gets nothing", async () => {
  for (const accept of [
    "text/html",
    "image/*, text/csv;q=0.5",
    "application/json;q=0",
    "application/json; q=0.0, text/plain",
  ]) {
    const answer = await ask("GET", "/api/me", { accept });
    assert.equal(assertProblem(answer, 406, "not_acceptable").hint, "Accept application/json.", accept);
  }
  for (const accept of ["*/*", "application/*", "APPLICATION/JSON", "text/html, */*;q=0.1", "application/json;q=0.2"])
    assert.equal((await ask("GET", "/api/me", { accept })).statusCode, 200, accept);
  assert.equal((await ask("GET", "/api/old", { accept: "text/csv" })).statusCode, 200);
  assert.equal((await ask("DELETE", "/api/session", { accept: "text/html" })).statusCode, 204);
  tenant = await createTenant(http.database);
  base = `/api/organizations/${tenant.slug}`;
});

test("the version of the API is told, and one that does not exist refused", async () => {
  assert.equal((await ask("GET", "/api/me")).headers["tenon-version"], "2026-11-01");
  const known = await ask("GET", "/api/me", { "tenon-version": "2026-11-01" });
  assert.deepEqual([known.statusCode, known.headers["tenon-version"]], [200, "2026-11-01"]);
  const answer = await ask("GET", "/api/me", { "tenon-version": "2026-11-02" });
  assert.match(assertProblem(answer, 400, "invalid").errors[0].message, /exist: 2026-11-01\./);
  assert.equal(answer.headers["tenon-version"], "2026-11-01");
  assert.equal((await ask("GET", "/")).headers["tenon-version"], undefined);
});

test("an endpoint that goes says so in every answer, and in the description", async () => {
  for (const url of ["/api/old", "/api/old?wrong=yes"]) {
    const { headers } = await ask("GET", url);
    assert.equal(headers.deprecation, "@1793491200");
    assert.equal(headers.sunset, "Wed, 30 Jun 2027 00:00:00 GMT");
    assert.match(String(headers.link), /test\.new>; rel="successor-version"$/);
  }
  const { paths } = (await ask("GET", "/api/openapi.json")).json();
  assert.equal(paths["/api/old"].get.deprecated, true);
  assert.match(paths["/api/old"].get.description, /Call `test\.new` instead\. It will be gone on 2027-06-30\./);
  assert.equal((await ask("GET", "/api/me")).headers.deprecation, undefined);
});

test("a caller's own id of a request stands in the log beside ours, where it is of a plain form", async () => {
  const seen: string[] = [];
  const own = await openTestServer([
    anyoneRoute({ ...old, path: "/api/breaks", deprecated: undefined } as never, async () => {
      throw new Error("It broke.");
    }),
  ]);
  for (const id of ["job:2026.11-21_7", "two words", "x".repeat(129), "a\\u0000"]) {
    const answer = await own.server.inject({ url: "/api/breaks", headers: { "x-request-id": id } });
    assert.equal(answer.statusCode, 500);
    const found = own.log
      .map((entry) => JSON.parse(entry))
      .find(({ reqId }) => reqId === answer.headers["x-request-id"]);
    seen.push(found.callerRequestId);
  }
  assert.deepEqual(seen, ["job:2026.11-21_7", undefined, undefined, undefined]);
});

test("pages of an allowed origin may call with a token, and those of others not", async () => {
  const preflight = (origin: string, url = "/api/me") =>
    http.server.inject({
      method: "OPTIONS",
      url,
      headers: { origin, "access-control-request-method": "PATCH", "access-control-request-headers": "authorization" },
    });
  const allowed = await preflight(OTHER_SITE);
  assert.equal(allowed.statusCode, 204);
  assert.equal(allowed.headers["access-control-allow-origin"], OTHER_SITE);
  assert.match(String(allowed.headers["access-control-allow-headers"]), /Authorization/);
  assert.match(String(allowed.headers["access-control-allow-methods"]), /PATCH/);
  for (const origin of ["https://evil.example", "null", `${OTHER_SITE}.evil.example`, "http://app.example.com"]) {
    const { headers } = await preflight(origin);
    assert.equal(
      Object.keys(headers).some((name) => name.startsWith("access-control")),
      false,
      origin,
    );
    assert.equal(headers.vary, "Origin");
  }
  const answer = await ask("GET", "/api/me", { origin: OTHER_SITE });
  assert.equal(answer.headers["access-control-allow-origin"], OTHER_SITE);
  assert.match(String(answer.headers["access-control-expose-headers"]), /RateLimit/);
  assert.equal(answer.headers["access-control-allow-credentials"], undefined);
  const problem = await ask("GET", "/api/nothing", { origin: OTHER_SITE });
  assert.deepEqual([problem.statusCode, problem.headers["access-control-allow-origin"]], [404, OTHER_SITE]);
  assert.equal((await preflight(OTHER_SITE, "/")).headers["access-control-allow-origin"], undefined);
});

test("a cookie opens nothing for pages of an allowed origin", async () => {
  const { authorization: bearer } = authorization(tenant.owner);
  const cookie = `tenon_session=${bearer.slice("Bearer ".length)}`;
  const headers = { cookie, origin: OTHER_SITE };
  const written = await http.server.inject({ method: "PATCH", url: base, headers, payload: { description: "Theirs" } });
  assertProblem(written, 403, "forbidden");
  const read = await http.server.inject({ url: "/api/me", headers });
  assert.equal(read.headers["access-control-allow-credentials"], undefined);
});
