import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { createTenant, type Tenant } from "../../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../../test/http/server.ts";
import { noun } from "../noun.ts";
import { nounRoutes } from "../routes.ts";

const binned = {
  ...noun({
    table: "studio.sessions",
    name: "test.binned",
    read: "studio.session.manage",
    write: "studio.session.manage",
    creatable: ["user_id"],
    writable: ["title"],
    bin: "deleted_at",
  }),
  path: "test/binned",
};

let http: TestHttpServer;
let tenant: Tenant;

before(async () => {
  http = await openTestServer(nounRoutes([binned]));
  tenant = await createTenant(http.database);
});

function ask(
  method: "GET" | "POST" | "DELETE",
  path: string,
  request: { payload?: object; headers?: Record<string, string> } = {},
) {
  return http.ask(tenant.owner, { method, url: `/api/organizations/${tenant.slug}/test/binned${path}`, ...request });
}

async function makeSession(): Promise<string> {
  const answer = await ask("POST", "/bulk", { payload: { create: [{ title: "A", user_id: tenant.owner.userId }] } });
  assert.equal(answer.statusCode, 200, answer.body);
  return answer.json().create[0].id;
}

test("what is deleted goes into the bin, stays readable, and comes back", async () => {
  const id = await makeSession();
  assert.equal((await ask("DELETE", `/${id}`)).statusCode, 204);
  const deleted = (await ask("GET", `/${id}`)).json();
  assert.deepEqual([typeof deleted.deleted_at, deleted.version], ["string", 2]);
  const restored = await ask("POST", `/${id}/restore`);
  assert.deepEqual([restored.statusCode, restored.json().deleted_at, restored.headers.etag], [200, null, '"3"']);
});

test("deleting and restoring again changes nothing", async () => {
  const id = await makeSession();
  await ask("DELETE", `/${id}`);
  assert.equal((await ask("DELETE", `/${id}`)).statusCode, 204);
  await ask("POST", `/${id}/restore`);
  assert.equal((await ask("POST", `/${id}/restore`)).json().version, 3);
});

test("the bin heeds If-Match, and knows only what is there", async () => {
  const id = await makeSession();
  const old = { headers: { "if-match": '"9"' } };
  for (const [method, path] of [
    ["DELETE", ""],
    ["POST", "/restore"],
  ] as const) {
    const refused = await ask(method, `/${id}${path}`, old);
    assert.deepEqual([refused.statusCode, refused.json().current?.id], [412, id]);
    assert.equal((await ask(method, `/${randomUUID()}${path}`)).statusCode, 404);
  }
});

test("many are put into the bin at once", async () => {
  const ids = [await makeSession(), await makeSession()];
  const answer = await ask("POST", "/bulk", { payload: { delete: ids.map((id) => ({ id })) } });
  assert.deepEqual(
    answer.json().delete,
    ids.map((id) => ({ ok: true, id, version: 2 })),
  );
});
