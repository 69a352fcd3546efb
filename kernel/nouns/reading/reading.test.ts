import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { addMember, contextOf, createTenant, type Person, type Tenant } from "../../../test/harness.ts";
import { transaction } from "../../tenancy/transaction.ts";
import { writeCursor } from "./paging.ts";
import { queryReader } from "./query.ts";
import { openScope } from "./scope.ts";
import { orderOf } from "./sorting.ts";
import { matchingRows } from "./statement.ts";
import { openThings, type Things } from "./things.fixture.ts";

let things: Things;

before(async () => {
  things = await openThings();
});

const row = (more: object) => ({ id: randomUUID(), name: "Thing", fields: {}, labels: [], kind: "a", ...more });

/** A new member who holds these permissions, in this scope. */
async function memberWith(tenant: Tenant, scope: string, ...permissions: string[]): Promise<Person> {
  const name = `Reader ${randomUUID()}`;
  await things.admin.query(
    `with made as (insert into organizations.roles (organization_id, name, scope) values ($1, $2, $3) returning id)
     insert into organizations.role_permissions (organization_id, role_id, permission) select $1, made.id, p from made, unnest($4::text[]) p`,
    [tenant.id, name, scope, permissions],
  );
  return addMember(things.admin, things.http.database, tenant, name);
}

test("words are found in any column and case, the nearest first; where they stand nowhere, what is like them", async () => {
  const tenant = await createTenant(things.http.database);
  const names = ["Anna", "Joanna Berg", "Anna Schmidt", "Hoffmann 100%", "Bert"];
  await things.put(tenant, [...names.map((name) => row({ name })), row({ name: "Other", note: "wants anna" })]);
  const search = async (q: string, more = {}) => {
    const answer = await things.get("things", { q, fields: "name", ...more }, { tenant });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json().items.map(({ name }: { name: string }) => name) as string[];
  };
  const found = await search("anna");
  assert.equal(found[0], "Anna");
  assert.deepEqual(found.toSorted(), ["Anna", "Anna Schmidt", "Joanna Berg", "Other"]);
  assert.deepEqual(await search("schmidt ANNA"), ["Anna Schmidt"]);
  assert.deepEqual(await search("be"), ["Bert", "Joanna Berg"]);
  assert.deepEqual(await search("100%"), ["Hoffmann 100%"]);
  assert.deepEqual(await search("%"), []);
  assert.deepEqual(await search("Hofmann"), ["Hoffmann 100%"]);
  assert.deepEqual(await search("anna", { sort: "name" }), ["Anna", "Anna Schmidt", "Joanna Berg", "Other"]);
  assert.deepEqual(await search("anna", { "name[ne]": "Anna", sort: "-name" }), [
    "Other",
    "Joanna Berg",
    "Anna Schmidt",
  ]);
  const first = (await things.get("things", { q: "anna", limit: "2" }, { tenant })).json();
  const rest = (await things.get("things", { q: "anna", limit: "2", cursor: first.next_cursor }, { tenant })).json();
  assert.equal(new Set([...first.items, ...rest.items].map(({ id }) => id)).size, 4);
  assert.equal(rest.next_cursor, null);
});

test("tags are named by their words in any case, or by their ids; any of them or all", async () => {
  const tenant = await createTenant(things.http.database);
  const [a, b, red, big] = Array.from({ length: 4 }, () => randomUUID()) as [string, string, string, string];
  const customer = {
    addresses: [],
    ai_insights: {},
    custom_fields: {},
    stage: "lead",
    status: "active",
    accepts_marketing: false,
  };
  const dates = { version: 1, created_at: "2026-01-01T00:00:00Z", updated_at: "2026-01-01T00:00:00Z" };
  await things.put(
    tenant,
    [
      { ...customer, ...dates, id: a, name: "A" },
      { ...customer, ...dates, id: b, name: "B" },
    ],
    "crm.customers",
  );
  await things.admin.query(
    "insert into organizations.tags (organization_id, id, name) values ($1, $2, 'Red, dark'), ($1, $3, 'Big')",
    [tenant.id, red, big],
  );
  await things.admin.query(
    "insert into crm.customer_tags (organization_id, customer_id, tag_id) values ($1, $2, $3), ($1, $2, $4), ($1, $5, $4)",
    [tenant.id, a, red, big, b],
  );
  const names = async (query: Record<string, string | string[]>) =>
    (await things.get("customers", { ...query, sort: "name" }, { tenant }))
      .json()
      .items.map(({ name }: { name: string }) => name);
  assert.deepEqual(await names({ "tags[any]": "big" }), ["A", "B"]);
  assert.deepEqual(await names({ "tags[any]": ["RED, DARK", "none"] }), ["A"]);
  assert.deepEqual(await names({ "tags[all]": `${red},BIG` }), ["A"]);
  assert.deepEqual(await names({ "tags[all]": "big,none" }), []);
  assert.equal((await things.get("things", { "tags[any]": "x" }, { tenant })).statusCode, 400);
});

test("rows that a row names are embedded for those who may read them, by one statement for all rows", async () => {
  const tenant = await createTenant(things.http.database);
  const { userId } = tenant.owner;
  await things.put(tenant, [
    ...Array.from({ length: 30 }, () => row({ owner_id: userId })),
    row({ owner_id: null, name: "Nobody's" }),
  ]);
  const ask = async (person: Person, limit: string) => {
    const before = things.lent();
    const answer = await things.get(
      "things",
      { embed: "owner_id", fields: "name", limit, sort: "-owner_id" },
      { tenant, person },
    );
    return { answer, lent: things.lent() - before };
  };
  await ask(tenant.owner, "1");
  const { answer, lent } = await ask(tenant.owner, "50");
  assert.equal(lent, (await ask(tenant.owner, "1")).lent);
  const [nobodys, owned] = answer.json().items;
  assert.deepEqual(nobodys, { name: "Nobody's", embedded: { owner_id: null } });
  assert.equal(owned.embedded.owner_id.email, tenant.owner.email);
  assert.equal("effective_permissions" in owned.embedded.owner_id, false);
  const reader = await memberWith(tenant, "organization", "crm.customer.read");
  const refused = (await ask(reader, "50")).answer;
  assert.equal(refused.statusCode, 403);
  assert.match(refused.json().detail, /member\.read/);
  const csv = await things.get("things", { embed: "owner_id" }, { tenant, person: reader, accept: "text/csv" });
  assert.equal(csv.statusCode, 403, csv.body);
});

test("one row shows what lists show of it, by one connection, and refuses what they refuse", async () => {
  const tenant = await createTenant(things.http.database);
  const id = randomUUID();
  const dates = { version: 3, created_at: "2026-01-01T00:00:00Z", updated_at: "2026-01-01T00:00:00Z" };
  await things.put(tenant, [row({ ...dates, id, name: "One", owner_id: tenant.owner.userId })]);
  const ask = async (query: Record<string, string>, person = tenant.owner) => {
    const before = things.lent();
    const one = await things.get(`things/${id}`, query, { tenant, person });
    const lent = things.lent() - before;
    return { one, lent, list: await things.get("things", query, { tenant, person }) };
  };
  const { lent: once } = [await ask({}), await ask({})][1] ?? assert.fail();
  const queries: Record<string, string>[] = [
    {},
    { fields: "name,owner_id" },
    { embed: "owner_id" },
    { fields: "name", embed: "owner_id" },
  ];
  for (const query of queries) {
    const { one, lent, list } = await ask(query);
    assert.equal(lent, once);
    assert.deepEqual(one.json(), list.json().items[0], JSON.stringify(query));
    // Rows that are embedded change without this one.
    assert.equal(one.headers.etag, "embed" in query ? undefined : '"3"');
  }
  for (const [name, value] of [
    ["fields", "nmae"],
    ["fields", ""],
    ["embed", "name"],
  ] as const) {
    const { one, list } = await ask({ [name]: value });
    assert.equal(one.statusCode, 400);
    assert.deepEqual(one.json().errors, list.json().errors);
  }
  const filtered = await things.get(`things/${id}`, { name: "One", limit: "1", filds: "name" }, { tenant });
  assert.deepEqual(filtered.json().errors, [
    { field: "name", message: "This is not known here. There are: fields, embed." },
    { field: "limit", message: "This is not known here. There are: fields, embed." },
    { field: "filds", message: "This is not known here. Did you mean fields?" },
  ]);
  const reader = await memberWith(tenant, "organization", "crm.customer.read");
  const { one, list } = await ask({ embed: "owner_id" }, reader);
  assert.deepEqual([one.statusCode, one.json().detail], [403, list.json().detail]);
  const elsewhere = await things.get(`things/${randomUUID()}`, { fields: "name" }, { tenant });
  assert.equal(elsewhere.statusCode, 404);
});

test("who sees their own rows, or those of their customers, lists, counts and takes out just these, and columns for them", async () => {
  const tenant = await createTenant(things.http.database);
  const own = await memberWith(tenant, "own", "crm.customer.read");
  const mine = randomUUID();
  const customer = randomUUID();
  await things.put(tenant, [
    row({ id: mine, owner_id: own.userId, name: "Mine" }),
    row({ name: "Other's" }),
    row({ customer_id: customer, name: "Client's" }),
  ]);
  const namesOf = async (person: Person, query = {}) => {
    const answer = await things.get("things", query, { tenant, person });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json().items.map(({ name }: { name: string }) => name);
  };
  assert.deepEqual(await namesOf(own), ["Mine"]);
  for (const query of [{ q: "mine" }, { "name[contains]": "i" }, { "fields.x[is_null]": "true" }])
    assert.deepEqual(await namesOf(own, query), ["Mine"]);
  assert.deepEqual((await things.get("things/count", {}, { tenant, person: own })).json(), {
    count: 1,
    estimated: false,
  });
  assert.equal(
    (await things.get("things", { fields: "name" }, { tenant, person: own, accept: "text/csv" })).body,
    "name\nMine\n",
  );
  const client = await memberWith(tenant, "client", "crm.customer.read");
  assert.deepEqual(await namesOf(client), []);
  const hidden = await things.get("things", { fields: "secret_note" }, { tenant, person: client });
  assert.equal(hidden.statusCode, 403, hidden.body);
  assert.deepEqual((await things.get("things", {}, { tenant, person: tenant.owner })).json().items.length, 3);
});

test("up to 10,000 rows are counted, and more are estimated; a large table is searched by its indexes", async () => {
  const tenant = await createTenant(things.http.database);
  const add = (from: number, to: number) =>
    things.admin.query(
      `insert into sample.things (organization_id, name, fields, kind) select $1, 'Thing ' || n || ' ' || md5(n::text), jsonb_build_object('n', n), case when n % 2 = 0 then 'a' else 'b' end
       from generate_series($2::int, $3::int) n`,
      [tenant.id, from, to],
    );
  await things.admin.query("set session_replication_role = replica");
  await add(1, 10_000);
  const count = async (query = {}) => (await things.get("things/count", query, { tenant })).json();
  assert.deepEqual(await count(), { count: 10_000, estimated: false });
  await add(10_001, 20_000);
  await things.admin.query("reset session_replication_role");
  await things.admin.query("vacuum analyze sample.things");
  const { count: estimate, estimated } = await count();
  assert.equal(estimated, true);
  assert.ok(Math.abs(estimate - 20_000) < 2_000, String(estimate));
  assert.deepEqual(await count({ kind: "a" }), { count: 10_000, estimated: false });
  assert.deepEqual(await count({ q: "Thing 9q9" }), { count: 0, estimated: false });
  assert.deepEqual(await count({ "name[starts_with]": "Thing 1999" }), { count: 11, estimated: false });
  assert.deepEqual(await count({ "fields.n": "77" }), { count: 1, estimated: false });
  assert.equal((await things.get("things/count", { limit: "1" }, { tenant })).statusCode, 400);

  const planOf = (query: Record<string, string>) => explain(tenant, query);
  assert.match(await planOf({ q: "1999 be" }), /things_by_words/);
  assert.match(await planOf({ "name[contains]": "1999" }), /things_by_words/);
  assert.match(await planOf({ "fields.n": "77" }), /things_by_fields/);
  assert.match(await planOf({}), /Index (?:Only )?Scan Backward using things_pkey/);
  assert.match(await planOf({ cursor: "" }), /Index Cond: .*<.*01980000/);
});

/** How PostgreSQL would carry a list out for a member. */
async function explain(tenant: Tenant, query: Record<string, string>): Promise<string> {
  const { noun, nouns } = things;
  const cursor = writeCursor(orderOf(noun, [], false), "", ["01980000-0000-7000-8000-000000000001"]);
  const text = new URLSearchParams({ ...query, ...("cursor" in query && { cursor }) }).toString();
  const read = queryReader({ noun, nouns, settings: ["q", "cursor"], filters: true })(text);
  const { scope, values } = openScope(noun, "member", tenant.id);
  const statement = `explain ${matchingRows(read, scope, 51)}`;
  const context = contextOf(things.http.database, tenant);
  const rows = await transaction(context, (tx) => tx.query<{ "QUERY PLAN": string }>(statement, values));
  return rows.map((line) => line["QUERY PLAN"]).join("\n");
}

test("who has the version of a row already is not sent it again", async () => {
  const id = randomUUID();
  await things.put(things.tenant, [
    row({ id, version: 7, created_at: "2026-01-01T00:00:00Z", updated_at: "2026-01-01T00:00:00Z" }),
  ]);
  const get = (tag: string) =>
    things.http.ask(things.tenant.owner, {
      url: `/api/organizations/${things.tenant.slug}/sample/things/${id}`,
      headers: { "if-none-match": tag },
    });
  const known = await get('W/"6", "7"');
  assert.equal(known.statusCode, 304);
  assert.equal(known.body, "");
  assert.equal(known.headers.etag, '"7"');
  assert.equal((await get('"6"')).statusCode, 200);
});
