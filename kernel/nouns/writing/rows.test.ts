import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import type pg from "pg";
import { addMember, adminOf, createTenant, type Tenant } from "../../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../../test/http/server.ts";

let http: TestHttpServer;
let admin: pg.Client;
let tenant: Tenant;
let foreign: Tenant;

before(async () => {
  http = await openTestServer();
  admin = await adminOf(http.database);
  tenant = await createTenant(http.database);
  foreign = await createTenant(http.database);
});

type Ask = { payload?: object; headers?: Record<string, string>; of?: Tenant };

function ask(method: "GET" | "POST" | "PATCH" | "DELETE", path = "", { of = tenant, ...request }: Ask = {}) {
  return http.ask(of.owner, { method, url: `/api/organizations/${of.slug}/crm/customers${path}`, ...request });
}

async function makeCustomer(
  payload: object = { name: "Ada" },
  of = tenant,
): Promise<Record<string, unknown> & { id: string }> {
  const answer = await ask("POST", "", { payload, of });
  assert.equal(answer.statusCode, 201, answer.body);
  return answer.json();
}

/** What is wrong with which field. */
async function faultsOf(method: "POST" | "PATCH", path: string, payload: object): Promise<Record<string, string>> {
  const answer = await ask(method, path, { payload });
  assert.ok([400, 409].includes(answer.statusCode), answer.body);
  const errors = (answer.json().errors ?? []) as { field: string; message: string }[];
  return Object.fromEntries(errors.map(({ field, message }) => [field, message]));
}

test("a row is created with its defaults, and found where Location says", async () => {
  const answer = await ask("POST", "", {
    payload: { name: "Ada", tags: undefined, birthday: "1990-02-28", custom_fields: { a: [1] } },
  });
  assert.equal(answer.statusCode, 201);
  assert.equal(answer.headers.etag, '"1"');
  const row = answer.json();
  assert.deepEqual(
    [row.name, row.stage, row.addresses, row.accepts_marketing, row.birthday, row.custom_fields, row.email],
    ["Ada", "lead", [], false, "1990-02-28", { a: [1] }, null],
  );
  const found = await http.ask(tenant.owner, { url: String(answer.headers.location) });
  assert.deepEqual(found.json(), row);
});

test("a change touches what is given, and nothing else", async () => {
  const { id } = await makeCustomer({ name: "Ada", company: "Engines", custom_fields: { a: 1 } });
  const answer = await ask("PATCH", `/${id}`, { payload: { company: null, phone: "1" } });
  assert.equal(answer.statusCode, 200, answer.body);
  assert.equal(answer.headers.etag, '"2"');
  const { name, company, phone, custom_fields } = answer.json();
  assert.deepEqual([name, company, phone, custom_fields], ["Ada", null, "1", { a: 1 }]);
});

test("what is done is on the record under the operation's name", async () => {
  const { id } = await makeCustomer();
  await ask("PATCH", `/${id}`, { payload: { phone: "1" } });
  await ask("DELETE", `/${id}`);
  const { rows } = await admin.query(
    "select operation, action, new_values ->> 'phone' as phone from audit.audit_logs where resource_id = $1 order by seq",
    [id],
  );
  assert.deepEqual(rows, [
    { operation: "crm.customer.create", action: "insert", phone: null },
    { operation: "crm.customer.update", action: "update", phone: "1" },
    { operation: "crm.customer.delete", action: "delete", phone: null },
  ]);
});

test("a change of another version is refused with the row as it is; without If-Match the last one wins", async () => {
  const { id } = await makeCustomer();
  const known = { headers: { "if-match": '"1"' } };
  assert.equal((await ask("PATCH", `/${id}`, { payload: { phone: "1" }, ...known })).statusCode, 200);
  for (const method of ["PATCH", "DELETE"] as const) {
    const refused = await ask(method, `/${id}`, { ...(method === "PATCH" && { payload: { phone: "2" } }), ...known });
    assert.equal(refused.statusCode, 412, refused.body);
    const { code, current } = refused.json();
    assert.deepEqual([code, current.id, current.version, current.phone], ["changed_meanwhile", id, 2, "1"]);
  }
  assert.equal((await ask("PATCH", `/${id}`, { payload: { phone: "3" } })).json().version, 3);
  assert.equal((await ask("DELETE", `/${id}`, { headers: { "if-match": '"3"' } })).statusCode, 204);
  assert.equal((await ask("DELETE", `/${id}`)).statusCode, 404);
});

test("of parallel changes of one version one wins", async () => {
  const { id } = await makeCustomer();
  const change = (phone: string) => ask("PATCH", `/${id}`, { payload: { phone }, headers: { "if-match": '"1"' } });
  const codes = (await Promise.all(["1", "2", "3", "4"].map(change))).map(({ statusCode }) => statusCode);
  assert.deepEqual(codes.sort(), [200, 412, 412, 412]);
});

test("every fault is told at once, by field", async () => {
  const wrong = {
    nam: "Ada",
    status: "blocked",
    version: 3,
    birthday: "1990-02-30",
    email: "x",
    gender: 3,
    email_key: "a",
  };
  const faults = await faultsOf("POST", "", wrong);
  assert.deepEqual(Object.keys(faults).sort(), [
    "birthday",
    "email",
    "email_key",
    "gender",
    "nam",
    "name",
    "status",
    "version",
  ]);
  assert.match(faults.nam ?? "", /Did you mean name\?/);
  assert.match(faults.status ?? "", /operations of its own/);
  assert.match(faults.email_key ?? "", /no such column/);
});

test("what only PostgreSQL can tell names the field too", async () => {
  const { id } = await makeCustomer();
  const large = Object.fromEntries(Array.from({ length: 6_000 }, (_, n) => [`field ${n} ${randomUUID()}`, n]));
  assert.deepEqual(Object.keys(await faultsOf("PATCH", `/${id}`, { custom_fields: large })), ["custom_fields"]);
  assert.deepEqual(Object.keys(await faultsOf("POST", "", { name: "   " })), ["name"]);
  assert.deepEqual(Object.keys(await faultsOf("POST", "", { name: "Ada", addresses: {} })), ["addresses"]);
  assert.deepEqual(Object.keys(await faultsOf("POST", "", { name: "Ada", addresses: null })), ["addresses"]);
  assert.deepEqual(Object.keys(await faultsOf("PATCH", `/${id}`, { birthday: "0000-01-01" })), ["birthday"]);
  assert.equal((await ask("PATCH", `/${id}`, { payload: {} })).statusCode, 400);
});

test("lengths are those of characters", async () => {
  assert.equal((await makeCustomer({ name: "🙂".repeat(200) })).name, "🙂".repeat(200));
  assert.deepEqual(Object.keys(await faultsOf("POST", "", { name: "🙂".repeat(201) })), ["name"]);
});

test("who is not there and who is another organization's are the same fault", async () => {
  const missing = await ask("POST", "", { payload: { name: "Ada", assigned_to: randomUUID() } });
  const others = await ask("POST", "", { payload: { name: "Ada", assigned_to: foreign.owner.userId } });
  assert.equal(missing.statusCode, 400, missing.body);
  assert.deepEqual(others.json().errors, missing.json().errors);
  assert.deepEqual(
    missing.json().errors.map(({ field }: { field: string }) => field),
    ["assigned_to"],
  );
  assert.equal(
    (await makeCustomer({ name: "Ada", assigned_to: tenant.owner.userId })).assigned_to,
    tenant.owner.userId,
  );
});

test("a row of another organization is not found, whatever is wanted of it", async () => {
  const { id } = await makeCustomer({ name: "Ada" }, foreign);
  for (const one of [id, randomUUID()]) {
    assert.equal((await ask("PATCH", `/${one}`, { payload: { phone: "1" } })).statusCode, 404);
    assert.equal(
      (await ask("PATCH", `/${one}`, { payload: { phone: "1" }, headers: { "if-match": '"1"' } })).statusCode,
      404,
    );
    assert.equal((await ask("DELETE", `/${one}`)).statusCode, 404);
  }
  assert.equal((await ask("GET", `/${id}`, { of: foreign })).json().version, 1);
});

test("what others depend on is not deleted, and they are named", async () => {
  const { id } = await makeCustomer();
  await admin.query(
    `insert into projects.projects (organization_id, kind, name, customer_id) select $1, 'client', 'P' || n, $2 from generate_series(1, 3) n`,
    [tenant.id, id],
  );
  await admin.query("insert into crm.contacts (organization_id, customer_id, name) values ($1, $2, 'Bo')", [
    tenant.id,
    id,
  ]);
  const refused = await ask("DELETE", `/${id}`);
  assert.equal(refused.statusCode, 409, refused.body);
  assert.deepEqual(refused.json().dependants, [{ noun: "projects.project", count: 3 }]);
  await admin.query("delete from projects.projects where customer_id = $1", [id]);
  assert.equal((await ask("DELETE", `/${id}`)).statusCode, 204);
});

test("of rows that the caller may not read nobody is told how many depend on a row", async () => {
  const { id } = await makeCustomer();
  await admin.query(
    "insert into projects.projects (organization_id, kind, name, customer_id) values ($1, 'client', 'Hidden', $2)",
    [tenant.id, id],
  );
  const role = { name: "Customers alone", permissions: ["crm.customer.read", "crm.customer.write"] };
  const made = await http.ask(tenant.owner, {
    method: "POST",
    url: `/api/organizations/${tenant.slug}/roles`,
    payload: role,
  });
  assert.equal(made.statusCode, 200, made.body);
  const person = await addMember(admin, http.database, tenant, role.name);
  const url = `/api/organizations/${tenant.slug}/crm/customers/${id}`;
  const refused = await http.ask(person, { method: "DELETE", url });
  assert.equal(refused.statusCode, 409, refused.body);
  assert.doesNotMatch(refused.body, /project/);
  assert.match(refused.json().detail, /not shown here/);
});

test("a number that JSON can write and nothing can keep is refused", async () => {
  const url = `/api/organizations/${tenant.slug}/crm/customers`;
  const headers = { "content-type": "application/json" };
  const payload = '{"name": "Ada", "custom_fields": {"a": [1e400]}}';
  const answer = await http.ask(tenant.owner, { method: "POST", url, headers, payload });
  assert.equal(answer.statusCode, 400, answer.body);
  assert.deepEqual(
    answer.json().errors.map(({ field }: { field: string }) => field),
    ["custom_fields"],
  );
});

test("long texts are not sorted by: they would not fit into the address of the next page", async () => {
  const refused = await ask("GET", "?sort=support_notes");
  assert.equal(refused.statusCode, 400, refused.body);
  assert.equal((await ask("GET", "?sort=name")).statusCode, 200);
});

test("who may write and not read is shown no row, not even by a change that fails", async () => {
  const customer = await makeCustomer({ name: "Secret", support_notes: "private" });
  const keys = `/api/organizations/${tenant.slug}/keys`;
  const payload = { name: "Writer", scopes: ["crm.customer.write"] };
  const made = await http.ask(tenant.owner, { method: "POST", url: keys, payload });
  const rows = `/api/organizations/${tenant.slug}/crm/customers`;
  const row = `${rows}/${customer.id}`;
  for (const [method, url, body] of [
    ["PATCH", row, { name: "Other" }],
    ["DELETE", row, undefined],
    ["POST", rows, { name: "New" }],
  ] as const) {
    for (const own of [{ "if-match": '"99"' }, { "idempotency-key": randomUUID() }]) {
      const headers = { authorization: `Bearer ${made.json().token}`, ...own };
      const answer = await http.server.inject({ method, url, headers, ...(body && { payload: body }) });
      assert.equal(answer.statusCode, 403, answer.body);
      assert.doesNotMatch(answer.body, /private/);
    }
  }
  assert.equal((await ask("GET", `/${customer.id}`)).json().name, "Secret");
});
