import assert from "node:assert/strict";
import { before, test } from "node:test";
import { parse } from "csv-parse/sync";
import { addMember, contextOf, createTenant, openAdmin, type Person, type Tenant } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { exportRecord } from "./entries-export.ts";

type Admin = Awaited<ReturnType<typeof openAdmin>>;
let http: TestHttpServer;
let admin: Admin;
let tenant: Tenant;
let other: Person;

const SUPPORT = { id: "", name: "Sue Support" };
const KEY = "01980000-0000-7000-8000-00000000abcd";

before(async () => {
  http = await openTestServer();
  admin = await openAdmin();
  tenant = await createTenant(http.database);
  other = await addMember(admin, http.database, tenant, "member");
  const { rows } = await admin.query("insert into identity.users (email, full_name) values ($1, $2) returning id", [
    `${tenant.slug}@support.example.com`,
    SUPPORT.name,
  ]);
  SUPPORT.id = rows[0].id;
  const write = (values: Record<string, unknown>) =>
    admin.query(
      `insert into audit.audit_logs (organization_id, actor_kind, action, resource_type, user_id, impersonator_id, api_key_id, operation,
         resource_id, new_values, created_at, ip_address, user_agent, request_id)
       select $1, 'user', 'insert', 'shop.things', r.user_id, r.impersonator_id, r.api_key_id, r.operation, r.resource_id, r.new_values,
         coalesce(r.created_at, now()), '10.1.2.3', 'A browser', 'r-1'
       from jsonb_populate_record(null::audit.audit_logs, $2) r`,
      [tenant.id, JSON.stringify(values)],
    );
  await write({ user_id: other.userId, operation: "shop.thing.make", resource_id: "made" });
  await write({
    user_id: tenant.owner.userId,
    impersonator_id: SUPPORT.id,
    operation: "shop.thing.sell",
    resource_id: "sold",
  });
  await write({ user_id: other.userId, api_key_id: KEY, operation: "shopping.start", resource_id: "started" });
  await write({ operation: "shop.thing.count", resource_id: "=1+1", new_values: { name: "=cmd()", amount: 1 } });
});

const base = () => `/api/organizations/${tenant.slug}/audit`;

async function list(query: Record<string, string>) {
  const answer = await http.ask(tenant.owner, { url: `${base()}/entries?${new URLSearchParams(query)}` });
  assert.equal(answer.statusCode, 200, answer.body);
  return answer.json().items;
}

const FILTERS: Record<string, { query: () => Record<string, string>; found: string[] }> = {
  "a person": { query: () => ({ user_id: other.userId }), found: ["started", "made"] },
  "a supporter": { query: () => ({ impersonator_id: SUPPORT.id }), found: ["sold"] },
  "an API key": { query: () => ({ api_key_id: KEY }), found: ["started"] },
  "an operation": { query: () => ({ operation: "shop.thing.make" }), found: ["made"] },
  "the beginning of an operation": { query: () => ({ operation: "shop." }), found: ["=1+1", "sold", "made"] },
  "a thing": { query: () => ({ resource_type: "shop.things", resource_id: "sold" }), found: ["sold"] },
  "two at once": { query: () => ({ operation: "shop.", user_id: other.userId }), found: ["made"] },
  "a time to come": { query: () => ({ from: "2999-01-01T00:00:00Z" }), found: [] },
  "a time long past": { query: () => ({ to: "1960-01-01T00:00:00Z" }), found: [] },
};

for (const [what, { query, found }] of Object.entries(FILTERS)) {
  test(`entries are found by ${what}`, async () => {
    const items = await list(query());
    assert.deepEqual(
      items.map((item: { resource_id: string }) => item.resource_id),
      found,
    );
  });
}

test("a moment from and a moment to cut out exactly what lies between", async () => {
  const items = await list({ operation: "shop." });
  const [last, , first] = items;
  const from = first.created_at;
  const to = last.created_at;
  const between = await list({ operation: "shop.", from, to });
  assert.deepEqual(
    between.map(({ resource_id }: { resource_id: string }) => resource_id),
    ["sold", "made"],
  );
});

test("an entry tells who acted, who in whose place, by which key, from where", async () => {
  const [entry] = await list({ impersonator_id: SUPPORT.id });
  const { actor, impersonator, impersonator_id, user_id, address, agent, request_id, erased } = entry;
  assert.deepEqual(
    { actor, impersonator, impersonator_id, user_id, address, agent, request_id, erased },
    {
      actor: "A Person",
      impersonator: SUPPORT.name,
      impersonator_id: SUPPORT.id,
      user_id: tenant.owner.userId,
      address: "10.1.2.3",
      agent: "A browser",
      request_id: "r-1",
      erased: [],
    },
  );
  assert.equal((await list({ api_key_id: KEY }))[0].api_key_id, KEY);
});

test("the name of a person who never acted as support in the organization stays unknown", async () => {
  const rows = await http.database.lend("member", async (client) => {
    const { rows } = await client.query("select audit.supporter_name($1) as name", [SUPPORT.id]);
    return rows;
  });
  assert.deepEqual(rows, [{ name: null }]);
});

/** Every entry of a filtered list, page after page. */
async function listAll(query: Record<string, string>) {
  const items = [];
  for (let cursor: string | undefined; ; ) {
    const page = new URLSearchParams({ ...query, ...(cursor && { cursor }) });
    const answer = (await http.ask(tenant.owner, { url: `${base()}/entries?${page}` })).json();
    items.push(...answer.items);
    if (answer.next_cursor === null) return items;
    cursor = answer.next_cursor;
  }
}

test("pages of a filtered list follow one another without a gap", async () => {
  const query = { user_id: tenant.owner.userId };
  assert.deepEqual(await listAll({ ...query, limit: "30" }), await listAll({ ...query, limit: "200" }));
});

test("a bad filter is refused by its name", async () => {
  for (const query of ["user_id=x", "from=yesterday", "to=2026-01-01", "format=xml"]) {
    const path = query.startsWith("format") ? "export" : "entries";
    const answer = await http.ask(tenant.owner, { url: `${base()}/${path}?${query}` });
    assert.equal(answer.statusCode, 400);
    assert.equal(answer.json().errors[0].field, query.split("=")[0]);
  }
});

test("the export gives as JSON lines what the list gives", async () => {
  const answer = await http.ask(tenant.owner, { url: `${base()}/export?format=jsonl` });
  const lines = answer.body
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(lines, await listAll({ limit: "200" }));
  assert.match(answer.headers["content-disposition"] ?? "", /record-of-.*\.jsonl/);
});

test("the export as CSV has the same filters, and no cell that a spreadsheet takes for a formula", async () => {
  const answer = await http.ask(tenant.owner, { url: `${base()}/export?format=csv&operation=shop.thing.` });
  const rows: Record<string, string>[] = parse(answer.body, { columns: true });
  assert.deepEqual(
    rows.map(({ resource_id }) => resource_id),
    ["'=1+1", "sold", "made"],
  );
  assert.equal(rows[0]?.new_values, '{"name": "=cmd()", "amount": 1}');
  assert.equal(rows[1]?.impersonator, SUPPORT.name);
});

test("an export that reaches its limit ends with where to go on", async () => {
  const context = contextOf(http.database, tenant, { permission: "audit.read" });
  const take = async (most: number, format: "csv" | "jsonl") => {
    const input = { params: { organization: tenant.slug }, query: { format, operation: "shop." }, body: undefined };
    const { stream } = await exportRecord(context, input, most);
    let text = "";
    for await (const piece of stream) text += piece;
    return text.trimEnd().split(/\r?\n/);
  };
  const [first, second, end] = (await take(2, "jsonl")).map((line) => JSON.parse(line));
  assert.deepEqual([first.resource_id, second.resource_id, end.next_cursor], ["=1+1", "sold", second.id]);
  assert.match((await take(2, "csv")).at(-1) ?? "", /Only 2 entries .* cursor=/);
  assert.equal((await take(3, "jsonl")).length, 3);
});

test("who may not read the record gets none of it out either", async () => {
  const answer = await http.ask(other, { url: `${base()}/export` });
  assert.deepEqual([answer.statusCode, answer.json().code], [403, "forbidden"]);
});
