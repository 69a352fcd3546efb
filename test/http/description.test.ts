import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { routes } from "../../app.ts";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { personRoute } from "../../kernel/http/route.ts";
import { tokenOf } from "../../kernel/tenancy/credential.ts";
import { createPerson as createRealPerson } from "../../modules/identity/people.ts";
import { adminOf, createPerson } from "../harness.ts";
import { openTestServer, type TestHttpServer } from "./server.ts";

const failing = endpoint({
  name: "test.failing",
  summary: "Fails",
  method: "POST",
  path: "/api/failing",
  access: "person",
  query: z.object({ code: z.string() }),
  body: z.object({ text: z.string() }),
});

type Operation = {
  operationId: string;
  security: object[];
  parameters: { $ref?: string; name?: string; in?: string; required?: boolean; schema?: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<
    string,
    { description?: string; $ref?: string; headers?: object; content?: Record<string, object> }
  >;
};
type Description = {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: Record<"schemas" | "responses" | "securitySchemes", Record<string, object>>;
};

let http: TestHttpServer;

before(async () => {
  http = await openTestServer([
    personRoute(failing, async () => {
      throw new Error("It broke.");
    }),
  ]);
});

test("the log tells an error by its request and operation, and holds no secret", async () => {
  const person = await createPerson(http.database);
  const token = tokenOf(person.credential);
  const secrets = [person.credential.secret, "pass-47-word", "a private text", "code-4711"];
  const request = { method: "POST" as const, url: "/api/failing?code=code-4711", payload: { text: "a private text" } };
  const answers = [
    await http.server.inject({ ...request, headers: { authorization: `Bearer ${token}` } }),
    await http.server.inject({ ...request, headers: { cookie: `tenon_session=${token}` } }),
  ];
  const email = `${randomUUID()}@example.com`;
  await createRealPerson(await adminOf(http.database), { email, name: "A Person", password: "pass-47-word pass" });
  for (const password of ["pass-47-word pass", "pass-47-word wrong"]) {
    const answer = await http.server.inject({ method: "POST", url: "/api/session", payload: { email, password } });
    secrets.push(...answer.cookies.map(({ value }) => value));
  }
  assert.equal(secrets.length, 5);
  const lines = http.log.map((line) => JSON.parse(line));
  for (const answer of answers) {
    assert.equal(answer.statusCode, 500);
    assert.doesNotMatch(answer.body, /It broke/);
    const line = lines.find(({ reqId }) => reqId === answer.headers["x-request-id"]);
    assert.equal(line?.err.message, "It broke.");
    assert.equal(line?.url, "/api/failing");
  }
  for (const secret of secrets) assert.ok(!http.log.join("").includes(secret), secret);
});

test("the description is OpenAPI 3.1 and has every route, its parameters, its body and its answers", async () => {
  const answer = await http.server.inject({ url: "/api/openapi.json" });
  const { openapi, info, paths, components } = answer.json<Description>();
  assert.match(openapi, /^3\.1\.\d+$/);
  assert.ok(info.title && info.version);
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  assert.deepEqual(
    operations.map(({ operationId }) => operationId).sort(),
    [...routes.map((route) => route.endpoint.name), failing.name].sort(),
  );
  for (const { endpoint: described } of routes) {
    const path = described.path.replaceAll(/:(\w+)/g, "{$1}");
    const operation = paths[path]?.[described.method.toLowerCase()] ?? assert.fail(`${described.name} is missing`);
    const named = operation.parameters.filter((parameter) => parameter.in === "path");
    assert.deepEqual(
      named.map(({ name }) => `{${name}}`),
      path.match(/\{\w+\}/g) ?? [],
    );
    assert.ok(named.every(({ required }) => required));
    assert.equal(operation.security.length, described.access === "anyone" ? 0 : 2);
    assert.equal("requestBody" in operation, described.body !== undefined || described.bodyMedia === "stream");
    assert.deepEqual(operation.responses.default, { $ref: "#/components/responses/Problem" });
    const [status = ""] = Object.keys(operation.responses);
    const usual = described.answer || described.answerMedia === "stream" ? 200 : described.accepted ? 202 : 204;
    assert.equal(status, String(described.answerStatus ?? usual));
    assert.ok(Object.values(operation.responses).every(({ description, $ref }) => description || $ref));
    assert.ok(operation.parameters.every(({ schema, $ref }) => typeof (schema ?? $ref) !== "undefined"));
  }
  for (const [, kind = "", name = ""] of answer.body.matchAll(/"#\/components\/(\w+)\/([^"]+)"/g))
    assert.ok(components[kind as keyof typeof components]?.[name], name);
});

test("each operation tells the headers that mean something to it, and the problems that come of them", async () => {
  const { paths } = (await http.server.inject({ url: "/api/openapi.json" })).json<Description>();
  const operations = new Map(
    Object.values(paths)
      .flatMap((methods) => Object.values(methods))
      .map((operation) => [operation.operationId, operation]),
  );
  const told = (name: string) => {
    const { parameters, responses } = operations.get(name) ?? assert.fail(name);
    const headers = parameters.flatMap(({ $ref }) => $ref?.replace("#/components/parameters/", "") ?? []);
    const [, { headers: sent = {} } = {}] = Object.entries(responses).find(([status]) => status < "300") ?? [];
    const answered = ["ETag", "Idempotent-Replayed"].filter((each) => each in sent);
    return [headers, answered, ["412", "422"].filter((status) => status in responses)];
  };
  const [key, replayed] = ["Idempotency-Key", "Idempotent-Replayed"];
  assert.deepEqual(told("organizations.tag.get"), [["Tenon-Version", "If-None-Match"], ["ETag"], []]);
  assert.deepEqual(told("organizations.tag.create"), [["Tenon-Version", key], ["ETag", replayed], ["422"]]);
  assert.deepEqual(told("organizations.tag.update"), [
    ["Tenon-Version", key, "If-Match"],
    ["ETag", replayed],
    ["412", "422"],
  ]);
  assert.deepEqual(told("organizations.tag.delete"), [["Tenon-Version", key, "If-Match"], [replayed], ["412", "422"]]);
  assert.deepEqual(told("tasks.task.create"), [["Tenon-Version", key], [replayed], ["422"]]);
  assert.deepEqual(told("tasks.task.follow"), [["Tenon-Version", "Last-Event-ID"], [], []]);
  assert.deepEqual(told("labeling.task.import"), [["Tenon-Version"], [], []]);
  assert.deepEqual(told("identity.session.open"), [["Tenon-Version"], [], []]);
});

test("every list that goes on does so by one word", () => {
  const words = ({ query, answer }: (typeof routes)[number]["endpoint"]) =>
    [query, answer].map((shape) => (shape instanceof z.ZodObject ? Object.keys(shape.shape) : []));
  for (const { endpoint: each } of routes) {
    const [asked = [], answered = []] = words(each);
    assert.equal(asked.includes("cursor") && each.answerMedia === "json", answered.includes("next_cursor"), each.name);
    assert.ok(!asked.some((name) => ["after", "page", "offset"].includes(name)), each.name);
  }
});

test("the description is sent zipped to who can read that, and not again to who has it", async () => {
  const ask = (headers: Record<string, string>) => http.server.inject({ url: "/api/openapi.json", headers });
  const plain = await ask({});
  const zipped = await ask({ "accept-encoding": "br, gzip" });
  assert.equal(zipped.headers["content-encoding"], "gzip");
  assert.equal(gunzipSync(zipped.rawPayload).toString(), plain.body);
  assert.notEqual(zipped.headers.etag, plain.headers.etag);
  assert.equal((await ask({ "accept-encoding": "gzip;q=0" })).headers["content-encoding"], undefined);
  const again = await ask({ "if-none-match": String(plain.headers.etag) });
  assert.deepEqual([again.statusCode, again.body], [304, ""]);
  assert.equal((await ask({ "if-none-match": '"other"' })).statusCode, 200);
});

test("no two operations have the same name, or the same method and path", () => {
  const names = routes.map(({ endpoint: { name } }) => name);
  assert.equal(new Set(names).size, names.length);
  const places = routes.map(({ endpoint: { method, path } }) => `${method} ${path.replaceAll(/:\w+/g, ":")}`);
  assert.equal(new Set(places).size, places.length);
  const paths = new Set(routes.map(({ endpoint: { path } }) => path));
  assert.equal(
    new Set([...paths].map((path) => path.replaceAll(/:\w+/g, ":"))).size,
    paths.size,
    "two names of one part",
  );
});
