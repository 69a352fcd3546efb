import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import type pg from "pg";
import { adminOf, createTenant, type Tenant } from "../../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../../test/http/server.ts";

let http: TestHttpServer;
let admin: pg.Client;

before(async () => {
  http = await openTestServer();
  admin = await adminOf(http.database);
});

type Result = {
  ok: boolean;
  id?: string;
  version?: number;
  code?: string;
  errors?: { field: string; message: string }[];
};

function bulk({ owner, slug }: Tenant, payload: object, headers: Record<string, string> = {}) {
  return http.ask(owner, { method: "POST", url: `/api/organizations/${slug}/crm/customers/bulk`, payload, headers });
}

async function customersOf({ id }: Tenant): Promise<Record<string, unknown>[]> {
  const { rows } = await admin.query("select * from crm.customers where organization_id = $1 order by name", [id]);
  return rows;
}

const customers = (names: readonly string[]) => names.map((name) => ({ name }));

test("rows with different columns are created in order, each with its own defaults", async () => {
  const tenant = await createTenant(http.database);
  const create = [
    { name: "C" },
    { name: "A", custom_fields: { a: 1 }, accepts_marketing: true },
    { name: "B", email: "b@example.com" },
  ];
  const answer = await bulk(tenant, { create });
  assert.equal(answer.statusCode, 200, answer.body);
  const { done, failed, create: results } = answer.json();
  assert.deepEqual([done, failed], [3, 0]);
  const rows = await customersOf(tenant);
  assert.deepEqual(
    rows.map(({ name, custom_fields, accepts_marketing, email }) => [name, custom_fields, accepts_marketing, email]),
    [
      ["A", { a: 1 }, true, null],
      ["B", {}, false, "b@example.com"],
      ["C", {}, false, null],
    ],
  );
  const idOf = (name: string) => rows.find((row) => row.name === name)?.id;
  assert.deepEqual(
    results,
    create.map(({ name }) => ({ ok: true, id: idOf(name), version: 1 })),
  );
});

test("one call creates, changes and deletes; a column that is left out stays as it is", async () => {
  const tenant = await createTenant(http.database);
  const made = (
    await bulk(tenant, { create: [{ name: "A", phone: "1" }, { name: "B", phone: "2" }, { name: "C" }] })
  ).json();
  const [a, b, c] = made.create.map(({ id }: Result) => id);
  const payload = {
    delete: [{ id: c, version: 1 }],
    update: [
      { id: b, company: "X" },
      { id: a, phone: null, version: 1 },
    ],
    create: [{ name: "D" }],
  };
  const answer = await bulk(tenant, payload);
  assert.equal(answer.statusCode, 200, answer.body);
  const { update, delete: deleted } = answer.json();
  assert.deepEqual(update, [
    { ok: true, id: b, version: 2 },
    { ok: true, id: a, version: 2 },
  ]);
  assert.deepEqual(deleted, [{ ok: true, id: c, version: 1 }]);
  assert.deepEqual(
    (await customersOf(tenant)).map(({ name, phone, company }) => [name, phone, company]),
    [
      ["A", null, null],
      ["B", "2", "X"],
      ["D", null, null],
    ],
  );
});

test("all or nothing: every wrong row is told, and nothing was changed", async () => {
  const tenant = await createTenant(http.database);
  const create: object[] = customers(Array.from({ length: 40 }, (_, n) => `Customer ${n}`));
  create[7] = { name: "Seven", addresses: {} };
  create[30] = { name: "Thirty", assigned_to: randomUUID() };
  const refused = await bulk(tenant, { create, update: [{ id: randomUUID(), phone: "1" }] });
  assert.equal(refused.statusCode, 409, refused.body);
  assert.deepEqual(
    refused.json().errors.map(({ field }: { field: string }) => field),
    ["create.7.addresses", "create.30.assigned_to", "update.0"],
  );
  const misshapen = await bulk(tenant, { create: [{ name: "A" }, { nam: "B" }], delete: [{ id: "x" }] });
  assert.equal(misshapen.statusCode, 400, misshapen.body);
  assert.deepEqual(
    misshapen
      .json()
      .errors.map(({ field }: { field: string }) => field)
      .sort(),
    ["create.1.nam", "create.1.name", "delete.0.id"],
  );
  assert.deepEqual(await customersOf(tenant), []);
});

test("a row that is named twice is told, in whichever case its id is written", async () => {
  const tenant = await createTenant(http.database);
  const id = randomUUID();
  const refused = await bulk(tenant, { delete: [{ id }, { id: id.toUpperCase() }] });
  assert.equal(refused.statusCode, 400, refused.body);
  assert.deepEqual(
    refused.json().errors.map(({ field }: { field: string }) => field),
    ["delete.1.id"],
  );
});

test("each by itself: what can be done is done, and each row is told what became of it", async () => {
  const tenant = await createTenant(http.database);
  const foreign = await createTenant(http.database);
  const others = (await bulk(foreign, { create: [{ name: "Theirs" }] })).json().create[0].id;
  const [{ id }, { id: idle }] = (await bulk(tenant, { create: [{ name: "Kept" }, { name: "Idle" }] })).json().create;
  const answer = await bulk(tenant, {
    atomic: false,
    create: [{ name: "A" }, { name: 3 }, { name: "B", addresses: {} }, { name: "C" }],
    update: [
      { id, phone: "1" },
      { id, phone: "2" },
      { id: others, phone: "3" },
      { id: randomUUID(), phone: "3" },
      { id: idle },
    ],
    delete: [{ id, version: 1 }],
  });
  assert.equal(answer.statusCode, 200, answer.body);
  const { done, failed, create, update, delete: deleted } = answer.json();
  assert.deepEqual([done, failed], [3, 7]);
  const codesOf = (results: Result[]) =>
    results.map(({ ok, code, errors }) => (ok ? "ok" : [code, errors?.[0]?.field]));
  assert.deepEqual(codesOf(create), ["ok", ["invalid", "name"], ["invalid", "addresses"], "ok"]);
  assert.deepEqual(codesOf(update), [
    "ok",
    ["invalid", "id"],
    ["not_found", undefined],
    ["not_found", undefined],
    ["invalid", ""],
  ]);
  assert.deepEqual(codesOf(deleted), [["changed_meanwhile", undefined]]);
  assert.deepEqual(
    (await customersOf(tenant)).map(({ name, phone }) => [name, phone]),
    [
      ["A", null],
      ["C", null],
      ["Idle", null],
      ["Kept", "1"],
    ],
  );
  assert.deepEqual(
    (await customersOf(foreign)).map(({ phone }) => phone),
    [null],
  );
});

test("ten thousand rows are a call, and cost no more statements than three", async () => {
  const tenant = await createTenant(http.database);
  const statements = await countStatements(async () => {
    const answer = await bulk(tenant, { create: customers(Array.from({ length: 10_000 }, (_, n) => `Customer ${n}`)) });
    assert.equal(answer.statusCode, 200, answer.body.slice(0, 300));
    assert.equal(answer.json().done, 10_000);
  });
  const few = await countStatements(() => bulk(tenant, { create: customers(["A", "B", "C"]) }));
  assert.deepEqual([few, statements], [4, 5]);
  const tooMany = await bulk(tenant, {
    create: customers(Array.from({ length: 10_000 }, () => "A")),
    delete: [{ id: randomUUID() }],
  });
  assert.equal(tooMany.statusCode, 400);
  assert.equal((await bulk(tenant, {})).statusCode, 400);
});

test("a few wrong rows among many cost few statements, and too many are given up", async () => {
  const tenant = await createTenant(http.database);
  const create: object[] = customers(Array.from({ length: 1_000 }, (_, n) => `Customer ${n}`));
  create[234] = { name: "Wrong", addresses: {} };
  const statements = await countStatements(async () => {
    const answer = await bulk(tenant, { create, atomic: false });
    assert.deepEqual([answer.json().done, answer.json().failed], [999, 1]);
  });
  assert.ok(statements < 100, `${statements} statements`);
  const wrong = Array.from({ length: 501 }, () => ({ name: "Wrong", addresses: {} }));
  const refused = await bulk(tenant, { create: [...wrong, { name: "Right" }], atomic: false });
  assert.equal(refused.statusCode, 409, refused.body);
  assert.equal((await customersOf(tenant)).length, 999);
});

/** How many statements members' connections send meanwhile. */
async function countStatements(work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const { lend } = http.database;
  http.database.lend = (role, borrow) =>
    lend(role, async (client) => {
      if (role !== "member") return borrow(client);
      const { query } = client;
      client.query = ((...args: Parameters<typeof query>) => {
        count++;
        return query.apply(client, args);
      }) as typeof query;
      try {
        return await borrow(client);
      } finally {
        client.query = query;
      }
    });
  try {
    await work();
  } finally {
    http.database.lend = lend;
  }
  return count;
}
