import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { LightMyRequestResponse } from "fastify";
import { createTenant, type Tenant } from "../harness.ts";
import { openTestServer, type TestHttpServer } from "./server.ts";

let http: TestHttpServer;
let tenant: Tenant;
let projects: string;

before(async () => {
  http = await openTestServer();
  tenant = await createTenant(http.database);
  projects = `/api/organizations/${tenant.slug}/labeling/projects`;
});

function post(payload: string | Buffer | object, type?: string): Promise<LightMyRequestResponse> {
  const headers = type === undefined ? {} : { "content-type": type };
  return http.ask(tenant.owner, { method: "POST", url: projects, payload, headers });
}

function assertProblem(answer: LightMyRequestResponse, status: number, code: string) {
  const document = answer.json();
  assert.deepEqual([answer.statusCode, document.status, document.code], [status, status, code], answer.body);
  assert.match(String(answer.headers["content-type"]), /^application\/problem\+json(;|$)/);
  assert.equal(document.type, `/api/problems/${code}`);
  assert.ok(document.title);
  assert.ok(document.request_id);
  assert.equal(document.request_id, answer.headers["x-request-id"]);
  return document;
}

test("several faults are told at once, each by its field", async () => {
  const labels = [{ name: "a", key: "long" }, { name: "" }];
  const { errors } = assertProblem(await post({ name: 5, instructions: "x".repeat(20_001), labels }), 400, "invalid");
  const fields = errors.map(({ field }: { field: string }) => field);
  assert.deepEqual(fields, ["name", "instructions", "labels.0.key", "labels.1.name"]);
  assert.ok(errors.every(({ message }: { message: string }) => message.length > 0));
});

test("faults of the path and the query are told together", async () => {
  const url = `${projects}/x/imports?format=xls&dry_run=perhaps`;
  const answer = await http.ask(tenant.owner, {
    method: "POST",
    url,
    payload: "a",
    headers: { "content-type": "text/csv" },
  });
  const { errors } = assertProblem(answer, 400, "invalid");
  assert.deepEqual(
    errors.map(({ field }: { field: string }) => field),
    ["project", "format", "dry_run"],
  );
});

for (const [method, url] of [
  ["GET", "/api/nothing"],
  ["POST", "/api/nothing"],
  ["POST", "/nothing"],
  ["DELETE", "/"],
] as const) {
  test(`${method} ${url} is a problem: there is nothing`, async () => {
    assertProblem(await http.ask(tenant.owner, { method, url }), 404, "not_found");
  });
}

test("an address that is none is a problem", async () => {
  assertProblem(await http.ask(tenant.owner, { url: "/api/%zz" }), 400, "invalid");
  assertProblem(
    await http.ask(tenant.owner, { url: `/api/organizations/${"x".repeat(300)}/audit/entries` }),
    404,
    "not_found",
  );
});

test("broken JSON is a problem", async () => {
  assertProblem(await post('{"name": ', "application/json"), 400, "invalid");
  assertProblem(await post("", "application/json"), 400, "invalid");
  assertProblem(await post("[".repeat(500_000), "application/json"), 400, "invalid");
  assertProblem(await post("[".repeat(100_000) + "]".repeat(100_000), "application/json"), 400, "invalid");
  assertProblem(await post('{"__proto__": {"name": "x"}}', "application/json"), 400, "invalid");
});

test("a body above the limit is a problem", async () => {
  assertProblem(await post(JSON.stringify({ name: "x".repeat(1024 * 1024) }), "application/json"), 413, "too_large");
});

test("a body of a type that the endpoint does not read is a problem", async () => {
  for (const type of ["application/xml", "text/csv", "text/plain", "application/octet-stream", "multipart/form-data"])
    assertProblem(await post("name", type), 415, "unsupported_media_type");
  const url = `${projects}/${crypto.randomUUID()}/imports?format=csv`;
  const answer = await http.ask(tenant.owner, { method: "POST", url, payload: { text: "a" } });
  assertProblem(answer, 415, "unsupported_media_type");
});

test("a NUL character and half a surrogate pair are told by their fields", async () => {
  const body = (name: string) => `{"name": "${name}", "labels": [{"name": "a"}, {"name": "b${name}"}]}`;
  for (const name of ["\\u0000", "x\\ud800", "\\udc00x"]) {
    const { errors } = assertProblem(await post(body(name), "application/json"), 400, "invalid");
    assert.deepEqual(
      errors.map(({ field }: { field: string }) => field),
      ["name", "labels.1.name"],
    );
  }
  assert.equal((await post(body("\\ud83d\\ude00"), "application/json")).statusCode, 200);
});

test("a NUL character in an address or a query is refused", async () => {
  const entries = `/api/organizations/${tenant.slug}/audit/entries`;
  assertProblem(await http.ask(tenant.owner, { url: `${entries}?resource_id=%00` }), 400, "invalid");
  assertProblem(await http.ask(tenant.owner, { url: "/api/organizations/%00/audit/entries" }), 400, "invalid");
});

test("every answer carries the security headers", async () => {
  for (const url of ["/", "/api/me", "/api/nothing", "/healthz", "/api/openapi.json"]) {
    const { headers } = await http.ask(undefined, { url });
    const policy = String(headers["content-security-policy"]).split(";");
    assert.ok(policy.includes("default-src 'self'"), url);
    assert.ok(policy.includes("object-src 'none'") && policy.includes("frame-ancestors 'none'"), url);
    assert.doesNotMatch(policy.filter((part) => !part.startsWith("style-src")).join(), /unsafe|\*/, url);
    assert.equal(headers["x-content-type-options"], "nosniff", url);
    assert.equal(headers["referrer-policy"], "no-referrer", url);
    assert.match(String(headers["x-request-id"]), /^[0-9a-f-]{36}$/, url);
    assert.equal(headers["x-powered-by"], undefined);
  }
});

test("what is a person's is kept in no cache", async () => {
  assert.equal((await http.ask(tenant.owner, { url: "/api/me" })).headers["cache-control"], "no-store");
  assert.equal((await http.ask(tenant.owner, { url: projects })).headers["cache-control"], "no-store");
});

test("health, readiness and metrics answer without a sign-in and say nothing of tenants", async () => {
  assert.deepEqual((await http.ask(undefined, { url: "/healthz" })).json(), { status: "ok" });
  const readiness = await http.ask(undefined, { url: "/readyz" });
  assert.equal(readiness.statusCode, 200);
  assert.equal(readiness.json().ready, true);
  const metrics = await http.ask(undefined, { url: "/metrics" });
  assert.match(String(metrics.headers["content-type"]), /^text\/plain/);
  assert.match(
    metrics.body,
    /tenon_http_request_seconds_count\{operation="labeling.project.create",status="400"\} \d+/,
  );
  assert.match(metrics.body, /tenon_database_connections\{role="member",state="open"\} \d+/);
  assert.doesNotMatch(metrics.body, new RegExp(`${tenant.slug}|${tenant.id}|${tenant.owner.userId}`));
});
