import assert from "node:assert/strict";
import { before, test } from "node:test";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import { createTenant, type Tenant } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";

let http: TestHttpServer;
before(async () => {
  http = await openTestServer();
});

function ask(tenant: Tenant, method: "GET" | "POST" | "PUT" | "DELETE", path: string, payload?: object) {
  const url = `/api/organizations/${tenant.slug}/audit/${path}`;
  return http.ask(tenant.owner, { method, url, ...(payload && { payload }) });
}

test("a hold is placed with a reason, listed, lifted once, and stays on the list", async () => {
  const tenant = await createTenant(http.database);
  const { id } = (await ask(tenant, "POST", "holds", { reason: "  Case 7 " })).json();
  const [hold] = (await ask(tenant, "GET", "holds")).json().items;
  assert.deepEqual([hold.id, hold.reason, hold.placed_by, hold.released_at], [id, "Case 7", "A Person", null]);
  assert.equal((await ask(tenant, "DELETE", `holds/${id}`)).statusCode, 204);
  assert.equal((await ask(tenant, "DELETE", `holds/${id}`)).statusCode, 409);
  const [lifted] = (await ask(tenant, "GET", "holds")).json().items;
  assert.deepEqual([lifted.id, lifted.released_by], [id, "A Person"]);
  assert.ok(lifted.released_at);
  assert.equal((await ask(tenant, "POST", "holds", { reason: " " })).statusCode, 400);
});

test("how long the record keeps its values is for ever until it is set, and set within limits", async () => {
  const tenant = await createTenant(http.database);
  assert.deepEqual((await ask(tenant, "GET", "retention")).json(), { audit_days: null });
  assert.deepEqual((await ask(tenant, "PUT", "retention", { audit_days: 90 })).json(), { audit_days: 90 });
  assert.deepEqual((await ask(tenant, "GET", "retention")).json(), { audit_days: 90 });
  for (const audit_days of [29, 3651, 90.5, "90"])
    assert.equal((await ask(tenant, "PUT", "retention", { audit_days })).statusCode, 400);
  assert.deepEqual((await ask(tenant, "PUT", "retention", { audit_days: null })).json(), { audit_days: null });
});

test("only the dispatcher erases values", async () => {
  for (const role of ["gate", "member", "worker"])
    await assert.rejects(callOutside(http.database, role as "gate", "select audit.expire_values(1)"), {
      code: "42501",
    });
});
