import assert from "node:assert/strict";
import { test } from "node:test";
import { queryText } from "../../../kernel/tenancy/transaction.ts";
import { contextOf, createTenant, type Tenant } from "../../../test/harness.ts";
import { readEndpointForCall } from "./endpoints.ts";
import { admin, asWorker, http, makeEndpoint, services, within } from "./webhooks.fixture.ts";

const forCall = (tenant: Tenant, endpointId: string) =>
  asWorker(tenant, (tx) => readEndpointForCall(tx, services, { organizationId: tenant.id, endpointId }));

test("an endpoint is made, listed, changed, paused and deleted, and its secret shown once", async () => {
  const tenant = await createTenant(http.database);
  const { id, secret } = await makeEndpoint(tenant, { name: " Writer ", timeout_seconds: 30 });
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  const { items } = (await within(tenant, tenant.owner, "GET")).json();
  const { created_at, updated_at, ...shown } = items[0];
  assert.deepEqual(shown, {
    id,
    name: "Writer",
    url: "https://hooks.test/run",
    events: [],
    timeout_seconds: 30,
    status: "active",
    paused_because: null,
    backlog: 0,
    dropped: 0,
    failing_since: null,
    delivered_at: null,
    created_by: tenant.owner.userId,
  });
  assert.ok(created_at && updated_at);
  const change = { url: "https://new.test/run", status: "paused" };
  assert.equal((await within(tenant, tenant.owner, "PATCH", `/${id}`, change)).statusCode, 204);
  const { name, url, status } = (await within(tenant, tenant.owner, "GET", `/${id}`)).json();
  assert.deepEqual([name, url, status], ["Writer", "https://new.test/run", "paused"]);
  assert.deepEqual(await forCall(tenant, id), { url, status, timeoutSeconds: 30, secrets: [secret] });
  assert.equal((await within(tenant, tenant.owner, "DELETE", `/${id}`)).statusCode, 204);
  for (const method of ["GET", "DELETE"] as const)
    assert.equal((await within(tenant, tenant.owner, method, `/${id}`)).statusCode, 404);
  assert.equal(await forCall(tenant, id), undefined);
  const { rows } = await admin.query("select 1 from tasks.webhook_secrets where organization_id = $1", [tenant.id]);
  assert.equal(rows.length, 0);
});

test("an address that may not be called is refused when it is saved, at its field, and nothing is kept", async () => {
  const tenant = await createTenant(http.database);
  const { id } = await makeEndpoint(tenant);
  const faults = {
    "https://inside.test/":
      "inside.test is not on the public Internet. Give an address that is, or ask the operator to allow this one.",
    "http://2852039166/latest/":
      "169.254.169.254 is not on the public Internet. Give an address that is, or ask the operator to allow this one.",
    "https://nowhere.test/":
      "The name nowhere.test leads to no address. Check the address for typing errors, and that the name is known on the Internet.",
    "ftp://hooks.test/": "ftp: is not understood. Give an address that begins with https:// or http://.",
    "https://ada:secret@hooks.test/":
      "The address at hooks.test holds a name or password. Leave them out: whoever sees the address would see them.",
    "hooks.test/run": "This is no address of at most 2000 characters. Give one such as https://example.com/hook.",
  };
  for (const [url, message] of Object.entries(faults)) {
    for (const answer of [
      await within(tenant, tenant.owner, "POST", "", { name: "Other", url }),
      await within(tenant, tenant.owner, "PATCH", `/${id}`, { url }),
    ]) {
      assert.equal(answer.statusCode, 400, url);
      assert.deepEqual(answer.json().errors, [{ field: "url", message }]);
    }
  }
  const { items } = (await within(tenant, tenant.owner, "GET")).json();
  assert.deepEqual(
    items.map((item: { url: string }) => item.url),
    ["https://hooks.test/run"],
  );
});

test("nothing is looked up for who may not make endpoints, or for an endpoint that is not there", async () => {
  const { outboundTo } = await import("../../../kernel/outbound/hosts.fixture.ts");
  const { addMember, testServices } = await import("../../../test/harness.ts");
  const { openTestServer } = await import("../../../test/http/server.ts");
  const outbound = outboundTo({ "hooks.test": [["93.184.215.14"]] });
  const { ask } = await openTestServer([], { services: testServices(outbound) });
  const tenant = await createTenant(http.database);
  const viewer = await addMember(admin, http.database, tenant, "viewer");
  const url = `/api/organizations/${tenant.slug}/webhooks`;
  const payload = { name: "Writer", url: "https://hooks.test/" };
  assert.equal((await ask(viewer, { method: "POST", url, payload })).statusCode, 403);
  assert.equal(
    (await ask(tenant.owner, { method: "PATCH", url: `${url}/${crypto.randomUUID()}`, payload })).statusCode,
    404,
  );
  assert.deepEqual(outbound.lookedUp, []);
  assert.equal((await ask(tenant.owner, { method: "POST", url, payload })).statusCode, 200);
  assert.deepEqual(outbound.lookedUp, ["hooks.test"]);
});

test("a name is one endpoint's, and there are a hundred at most", async () => {
  const tenant = await createTenant(http.database);
  await makeEndpoint(tenant);
  const { id } = await makeEndpoint(tenant, { name: "Other" });
  const again = { name: "Writer", url: "https://hooks.test/" };
  assert.equal((await within(tenant, tenant.owner, "POST", "", again)).statusCode, 409);
  assert.equal((await within(tenant, tenant.owner, "PATCH", `/${id}`, { name: "Writer" })).statusCode, 409);
  await admin.query(
    "insert into tasks.webhook_endpoints (organization_id, name, url) select $1, 'e' || n, 'https://hooks.test/' from generate_series(1, 97) n",
    [tenant.id],
  );
  const last = await Promise.all(
    ["a", "b"].map((name) => within(tenant, tenant.owner, "POST", "", { ...again, name })),
  );
  assert.deepEqual(last.map(({ statusCode }) => statusCode).sort(), [200, 409]);
});

test("after a rotation the old secret signs beside the new one until its end, and the one before it no more", async () => {
  const tenant = await createTenant(http.database);
  const { id, secret } = await makeEndpoint(tenant);
  const rotate = async (overlap_hours: number) =>
    (await within(tenant, tenant.owner, "POST", `/${id}/rotate-secret`, { overlap_hours })).json();
  const second = await rotate(24);
  assert.ok(Date.parse(second.old_secret_until) > Date.now());
  assert.deepEqual((await forCall(tenant, id))?.secrets, [second.secret, secret]);
  const third = await rotate(1);
  assert.deepEqual((await forCall(tenant, id))?.secrets, [third.secret, second.secret]);
  await admin.query(
    "update tasks.webhook_secrets set ends_at = now() where organization_id = $1 and ends_at is not null",
    [tenant.id],
  );
  assert.deepEqual((await forCall(tenant, id))?.secrets, [third.secret]);
  const fourth = await rotate(0);
  assert.equal(fourth.old_secret_until, null);
  assert.deepEqual((await forCall(tenant, id))?.secrets, [fourth.secret]);
});

test("only a worker gets an endpoint's secrets, of its own organization", async () => {
  const [own, foreign] = [await createTenant(http.database), await createTenant(http.database)];
  const { id, secret } = await makeEndpoint(own);
  assert.deepEqual((await forCall(own, id))?.secrets, [secret]);
  assert.equal(await forCall(foreign, id), undefined);
  const context = contextOf(http.database, own);
  for (const statement of [
    "select tasks.endpoint_for_call($1)::text",
    "select id::text from tasks.webhook_secrets where endpoint_id = $1",
  ])
    await assert.rejects(queryText(context, { text: statement, values: [id] }), { code: "42501" });
});

test("secrets are neither in the database nor in the record nor in the log, and open at no other endpoint", async () => {
  const tenant = await createTenant(http.database);
  const { id, secret } = await makeEndpoint(tenant);
  const other = await makeEndpoint(tenant, { name: "Other" });
  const { rows } = await admin.query<{ text: string }>(
    `select (select string_agg(s::text, '') from tasks.webhook_secrets s where organization_id = $1)
         || (select string_agg(l::text, '') from audit.audit_logs l where organization_id = $1) as text`,
    [tenant.id],
  );
  assert.match(rows[0]?.text ?? "", /masked/);
  assert.ok(!rows[0]?.text.includes(secret.slice(6)));
  assert.ok(!http.log.join("").includes(secret.slice(6)));
  await admin.query(
    "update tasks.webhook_secrets s set sealed = o.sealed from tasks.webhook_secrets o where s.organization_id = $1 and s.endpoint_id = $2 and o.organization_id = $1 and o.endpoint_id = $3",
    [tenant.id, id, other.id],
  );
  await assert.rejects(forCall(tenant, id), { code: "not_authentic" });
});
