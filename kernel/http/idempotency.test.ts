import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import type pg from "pg";
import {
  addMember,
  adminOf,
  backendOf,
  createTenant,
  openAdmin,
  type Person,
  type Tenant,
  testServices,
} from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { beginIdempotency } from "../tenancy/idempotency.ts";
import { idempotencyRetention } from "../tenancy/idempotency-work.ts";

let http: TestHttpServer;
let admin: pg.Client;
let tenant: Tenant;

before(async () => {
  http = await openTestServer();
  admin = await adminOf(http.database);
  tenant = await createTenant(http.database);
});

type Sent = {
  key?: string;
  payload?: object;
  person?: Person;
  of?: Tenant;
  method?: "POST" | "PATCH" | "DELETE";
  path?: string;
};

function send({
  key = "one",
  payload = { name: "Ada" },
  of = tenant,
  person = of.owner,
  method = "POST",
  path = "",
}: Sent) {
  const headers = { "idempotency-key": key };
  const url = `/api/organizations/${of.slug}/crm/customers${path}`;
  return http.ask(person, { method, url, headers, ...(method !== "DELETE" && { payload }) });
}

async function countCustomers({ id }: Tenant = tenant): Promise<number> {
  const { rows } = await admin.query("select count(*)::integer as n from crm.customers where organization_id = $1", [
    id,
  ]);
  return rows[0].n;
}

test("a request that is sent again has one effect, and the same answer", async () => {
  const first = await send({ key: "again" });
  const before = await countCustomers();
  const second = await send({ key: "again" });
  assert.equal(await countCustomers(), before);
  assert.equal(first.headers["idempotent-replayed"], undefined);
  assert.equal(second.headers["idempotent-replayed"], "true");
  const essence = ({ statusCode, body, headers: { etag, location } }: typeof first) => ({
    statusCode,
    body,
    etag,
    location,
  });
  assert.deepEqual(essence(second), essence(first));
});

test("of parallel requests with one key one has an effect, and all have its answer", async () => {
  const before = await countCustomers();
  const holder = await holdOrganization();
  const sent = Array.from({ length: 3 }, () => send({ key: "parallel" }));
  while ((await waitingFor(holder)).length < sent.length);
  await holder.query("rollback");
  const answers = await Promise.all(sent);
  assert.equal(await countCustomers(), before + 1);
  assert.equal(new Set(answers.map(({ body }) => body)).size, 1);
  assert.equal(answers.filter(({ headers }) => !headers["idempotent-replayed"]).length, 1);
});

test("another request under the same key is refused", async () => {
  const { id } = (await send({ key: "reused" })).json();
  const before = await countCustomers();
  for (const other of [
    { payload: { name: "Bo" } },
    { method: "PATCH" as const, path: `/${id}` },
    { method: "DELETE" as const, path: `/${id}` },
  ]) {
    const refused = await send({ key: "reused", ...other });
    assert.deepEqual([refused.statusCode, refused.json().code], [422, "key_reused"]);
  }
  assert.equal(await countCustomers(), before);
});

test("keys of other people, keys and organizations are others", async () => {
  const foreign = await createTenant(http.database);
  const colleague = await addMember(admin, http.database, tenant, "admin");
  const before = await countCustomers();
  const { id } = (await send({ key: "shared" })).json();
  assert.notEqual((await send({ key: "shared", person: colleague })).json().id, id);
  assert.equal((await send({ key: "shared", of: foreign, payload: { name: "Other" } })).statusCode, 201);
  assert.equal((await send({ key: "shared", payload: { name: "Ada" } })).json().id, id);
  assert.deepEqual([await countCustomers(), await countCustomers(foreign)], [before + 2, 1]);
});

test("a key stands for what one database role may see: whoever sees less now is not shown the answer of then", () => {
  const key = { key: "one", requestHash: Buffer.from("asked"), answersOnce: false };
  const hashes = ["member", "own", "client"].map((role) => beginIdempotency(key, role).requestHash.toString("hex"));
  assert.equal(new Set(hashes).size, 3);
});

test("a change and a deletion are done once too", async () => {
  const { id } = (await send({ key: "to be changed" })).json();
  const change = { key: "change", method: "PATCH" as const, path: `/${id}`, payload: { phone: "1" } };
  assert.equal((await send(change)).json().version, 2);
  assert.equal((await send(change)).json().version, 2);
  const remove = { key: "remove", method: "DELETE" as const, path: `/${id}` };
  assert.equal((await send(remove)).statusCode, 204);
  const again = await send(remove);
  assert.deepEqual([again.statusCode, again.headers["idempotent-replayed"]], [204, "true"]);
  assert.equal((await send({ ...remove, key: "another" })).statusCode, 404);
});

test("a request that was refused may be tried again", async () => {
  const project = randomUUID();
  const { id } = (await send({ key: "in use" })).json();
  await admin.query("insert into projects.projects (organization_id, id, name, customer_id) values ($1, $2, 'P', $3)", [
    tenant.id,
    project,
    id,
  ]);
  const remove = { key: "until it works", method: "DELETE" as const, path: `/${id}` };
  assert.equal((await send(remove)).statusCode, 409);
  await admin.query("delete from projects.projects where id = $1", [project]);
  assert.equal((await send(remove)).statusCode, 204);

  const missing = randomUUID();
  const change = { key: "until it is there", method: "PATCH" as const, path: `/${missing}`, payload: { phone: "1" } };
  assert.equal((await send(change)).statusCode, 404);
  await admin.query("insert into crm.customers (organization_id, id, name) values ($1, $2, 'Late')", [
    tenant.id,
    missing,
  ]);
  assert.equal((await send(change)).statusCode, 200);
});

test("what is lost before the commit leaves nothing, and what comes after it is answered", async () => {
  const before = await countCustomers();
  const holder = await holdOrganization();
  const lost = send({ key: "lost" });
  let pid: number | undefined;
  while (!pid) [pid] = await waitingFor(holder);
  await admin.query("select pg_terminate_backend($1)", [pid]);
  assert.equal((await lost).statusCode, 503);
  await holder.query("rollback");
  const { rows } = await admin.query("select from kernel.idempotency_keys where key = 'lost'");
  assert.deepEqual([await countCustomers(), rows.length], [before, 0]);
  assert.equal((await send({ key: "lost" })).statusCode, 201);
  assert.equal(await countCustomers(), before + 1);
});

test("a bulk call is done once", async () => {
  const payload = { create: [{ name: "A" }, { name: "B" }] };
  const first = await send({ key: "bulk", path: "/bulk", payload });
  const before = await countCustomers();
  assert.deepEqual((await send({ key: "bulk", path: "/bulk", payload })).json(), first.json());
  assert.equal(await countCustomers(), before);
});

test("keys that cannot be kept are refused, and streams take none", async () => {
  for (const key of ["x".repeat(256), "", "käse"]) {
    const refused = await send({ key });
    assert.deepEqual([refused.statusCode, refused.json().errors[0].field], [400, "Idempotency-Key"]);
  }
  assert.equal((await send({ key: "x".repeat(255) })).statusCode, 201);
  const stranger = (await createTenant(http.database)).owner;
  assert.equal((await send({ key: "", person: stranger })).statusCode, 404);
});

test("what is shown once is not shown again, and made once", async () => {
  const url = `/api/organizations/${tenant.slug}/keys`;
  const request = {
    method: "POST" as const,
    url,
    headers: { "idempotency-key": "secret" },
    payload: { name: "CI", scopes: ["organization.read"] },
  };
  assert.equal((await http.ask(tenant.owner, request)).statusCode, 200);
  const again = await http.ask(tenant.owner, request);
  assert.deepEqual([again.statusCode, again.json().code], [409, "conflict"]);
  const { rows } = await admin.query("select from organizations.api_keys where organization_id = $1", [tenant.id]);
  assert.equal(rows.length, 1);
});

test("what was done a day ago is kept no longer, and what was done since is", async () => {
  const { id } = (await send({ key: "young" })).json();
  await send({ key: "old" });
  await admin.query("update kernel.idempotency_keys set created_at = now() - interval '25 hours' where key = 'old'");
  await idempotencyRetention.run({
    database: http.database,
    services: testServices(),
    signal: new AbortController().signal,
  });
  assert.equal((await send({ key: "young" })).json().id, id);
  assert.equal((await send({ key: "old" })).headers["idempotent-replayed"], undefined);
});

/** Lets nobody make rows of the organization: who tries waits in the middle of it. */
async function holdOrganization(): Promise<pg.Client> {
  const holder = await openAdmin();
  await holder.query("begin");
  await holder.query("select from organizations.organizations where id = $1 for update", [tenant.id]);
  return holder;
}

/** The processes that wait for somebody, or for one that does. */
async function waitingFor(holder: pg.Client): Promise<number[]> {
  const { rows } = await admin.query<{ pid: number }>(
    `with recursive waiting (pid) as (
       select $1::integer union
       select a.pid from waiting w join pg_stat_activity a on w.pid = any (pg_blocking_pids(a.pid))
     ) select pid from waiting where pid <> $1`,
    [await backendOf(holder)],
  );
  return rows.map(({ pid }) => pid);
}

test("a body that an endpoint does not take does no harm, however deep it is", async () => {
  const { id } = (await send({ key: "made to be deleted" })).json();
  const answer = await http.ask(tenant.owner, {
    method: "DELETE",
    url: `/api/organizations/${tenant.slug}/crm/customers/${id}`,
    headers: { "idempotency-key": "deep", "content-type": "application/json" },
    payload: "[".repeat(20_000) + "]".repeat(20_000),
  });
  assert.equal(answer.statusCode, 204, answer.body);
});
