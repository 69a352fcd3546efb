import assert from "node:assert/strict";
import { test } from "node:test";
import { queryText } from "../../kernel/tenancy/transaction.ts";
import { addMember, contextOf, createPerson, createTenant, openAdmin } from "../../test/harness.ts";
import { openTestServer } from "../../test/http/server.ts";
import { assertBalanced, booksOf, CREDIT, openBooks, WELCOME } from "./ledger.fixture.ts";
import { meter } from "./metering.ts";

const http = await openTestServer();
const { database, ask } = http;
const admin = await openAdmin();
const connections = openBooks(10);

const times = (count: number) => Array.from({ length: count }, (_, index) => index);
const record = async (organization: string, ...events: object[]) => {
  const { rows } = await connections.query("select credits.record_usage($1, $2) as fresh", [
    organization,
    JSON.stringify(events),
  ]);
  return rows[0].fresh;
};
const allow = (organization: string, limits: object) =>
  admin.query("update organizations.organizations set usage_limits = $2 where id = $1", [
    organization,
    JSON.stringify(limits),
  ]);
const check = (organization: string, resource: string, amount: number) =>
  connections.query("select credits.check_limit($1, $2, $3)", [organization, resource, amount]);

test("usage that is told twice counts once, and adds up as its resource says", async () => {
  const { id, slug, owner } = await createTenant(database);
  const tokens = (key: string, amount: number, more: object = {}) => ({
    key,
    event: "ai_call",
    resource: "ai_tokens",
    amount,
    ...more,
  });
  const batch = [
    tokens("a", 100, { user_id: owner.userId, credits: 5 }),
    tokens("b", 10, { name: "small" }),
    tokens("b", 10, { name: "small" }),
    { key: "m1", event: "measured", resource: "storage", amount: 50, occurred_at: new Date().toISOString() },
    {
      key: "m2",
      event: "measured",
      resource: "storage",
      amount: 70,
      occurred_at: new Date(Date.now() - 1000).toISOString(),
    },
  ];
  const told = await Promise.all(times(4).map(() => record(id, ...batch)));
  assert.equal(
    told.reduce((sum, fresh) => sum + fresh, 0),
    4,
  );
  assert.equal(await record(id, tokens("a", 100), tokens("c", 1)), 1);
  const { resources, members, days } = (await ask(owner, { url: `/api/organizations/${slug}/usage` })).json();
  const of = (name: string) => resources.find(({ resource }: { resource: string }) => resource === name);
  assert.deepEqual([of("ai_tokens").used, of("ai_tokens").credits, of("ai_tokens").limit], [111, 5, null]);
  assert.equal(of("storage").used, 50, "what was measured last counts");
  assert.equal(of("seats").used, 1);
  assert.deepEqual(members, [
    { user_id: owner.userId, name: "A Person", resource: "ai_tokens", used: 100, credits: 5 },
  ]);
  assert.deepEqual(
    days.map(({ resource, used }: { resource: string; used: number }) => [resource, used]),
    [
      ["ai_tokens", 111],
      ["storage", 50],
    ],
  );
  await assertBalanced(connections, id);
});

test("what was stored last month is stored still, and an earlier month can be looked at", async () => {
  const { id, slug, owner } = await createTenant(database);
  const month = (await admin.query("select to_char(now() - interval '1 month', 'YYYY-MM') as month")).rows[0].month;
  const occurred_at = `${month}-03T10:00:00Z`;
  await record(
    id,
    { key: "s", event: "measured", resource: "storage", amount: 9, occurred_at },
    { key: "l", event: "label", resource: "labels", amount: 3, occurred_at },
  );
  const usedIn = async (query: string) => {
    const { resources } = (await ask(owner, { url: `/api/organizations/${slug}/usage${query}` })).json();
    return Object.fromEntries(
      resources.map(({ resource, used }: { resource: string; used: number }) => [resource, used]),
    );
  };
  const [now, then] = [await usedIn(""), await usedIn(`?month=${month}`)];
  assert.deepEqual([now.storage, now.labels], [9, 0]);
  assert.deepEqual([then.storage, then.labels], [9, 3]);
});

test("limits are those of the plan, or one's own; what is beyond them is refused in words", async () => {
  const { id, slug, owner } = await createTenant(database);
  await check(id, "exports", 1_000_000);
  await allow(id, { exports: 10, storage: 100, features: {} });
  await record(
    id,
    { key: "e", event: "pdf_export", resource: "exports", amount: 9 },
    { key: "s", event: "measured", resource: "storage", amount: 99 },
  );
  await check(id, "exports", 1);
  await check(id, "storage", 1);
  await assert.rejects(check(id, "exports", 2), {
    code: "TN015",
    message: /^The plan allows 10 exports a month, and 9 are used until 20/,
  });
  await assert.rejects(check(id, "storage", 2), {
    code: "TN014",
    message: /^The plan allows 100 of storage, and 99 are used$/,
  });
  await subscribe(id, "basic");
  const { resources } = (await ask(owner, { url: `/api/organizations/${slug}/usage` })).json();
  const limits = Object.fromEntries(
    resources.map(({ resource, limit }: { resource: string; limit: number | null }) => [resource, limit]),
  );
  assert.deepEqual(limits, {
    ai_tokens: null,
    api_calls: 50_000,
    exports: 10,
    labels: null,
    seats: 10,
    storage: 100,
    tasks: null,
  });
  await admin.query(
    "update billing.subscriptions set status = 'cancelled', cancelled_at = now() where organization_id = $1",
    [id],
  );
  const { rows } = await admin.query(
    "select maximum::int from credits.limits where organization_id = $1 and resource_type = 'seats'",
    [id],
  );
  assert.deepEqual(rows, [{ maximum: 3 }], "whoever gave a plan up has what the smallest allows");
});

async function subscribe(organization: string, plan: string): Promise<void> {
  await admin.query("insert into billing.billing_accounts (organization_id) values ($1)", [organization]);
  await admin.query(
    `insert into billing.subscriptions (organization_id, billing_account_id, plan, status, current_period_end)
     select organization_id, id, $2, 'active', now() + interval '1 month' from billing.billing_accounts where organization_id = $1`,
    [organization, plan],
  );
}

test("of twenty who join at once only as many get in as there are seats", async () => {
  const tenant = await createTenant(database);
  await allow(tenant.id, { seats: 5 });
  const people = await Promise.all(times(20).map(() => createPerson(database)));
  const joined = await Promise.allSettled(
    people.map(({ userId }) =>
      connections.query("select organizations.add_member($1, $2, '{viewer}')", [tenant.id, userId]),
    ),
  );
  assert.equal(joined.filter(({ status }) => status === "fulfilled").length, 4, "the founder has the fifth seat");
  for (const result of joined) if (result.status === "rejected") assert.equal(result.reason.code, "TN014");
  const { rows } = await admin.query(
    "select user_id from organizations.memberships where organization_id = $1 and user_id <> $2 limit 1",
    [tenant.id, tenant.owner.userId],
  );
  const url = `/api/organizations/${tenant.slug}/members/${rows[0].user_id}/status`;
  const set = (status: string) => ask(tenant.owner, { method: "PUT", url, payload: { status } });
  assert.equal((await set("suspended")).statusCode, 204);
  await addMember(admin, database, tenant, "viewer");
  const refused = await set("active");
  assert.equal(refused.statusCode, 402, refused.body);
  assert.equal(refused.json().code, "payment_required");
  assert.equal(refused.json().detail, "All 5 seats of the plan are taken.");
});

test("requests by API key are counted beside them, once a batch, and refused when they are used up", async () => {
  const { id, slug, owner } = await createTenant(database);
  const base = `/api/organizations/${slug}`;
  const made = await ask(owner, {
    method: "POST",
    url: `${base}/keys`,
    payload: { name: "Key", scopes: ["organization.read"] },
  });
  const headers = { authorization: `Bearer ${made.json().token}` };
  const read = () => http.server.inject({ url: base, headers });
  assert.equal((await read()).statusCode, 200, made.body);
  await read();
  await meter.flush(database);
  await meter.flush(database);
  const used = async () =>
    (
      await admin.query(
        "select credits.usage_in($1, 'api_calls', 'sum', date_trunc('month', now())::date)::int as used",
        [id],
      )
    ).rows[0].used;
  assert.equal(await used(), 2);
  await allow(id, { api_calls: 3 });
  await read();
  await meter.flush(database);
  assert.equal(
    (await read()).statusCode,
    200,
    "the process counts the key among those of an organization that used up its calls",
  );
  const refused = await read();
  assert.equal(refused.statusCode, 429, refused.body);
  assert.equal(refused.json().code, "limit_reached");
  assert.ok(Number(refused.headers["retry-after"]) > 0);
  const stranger = await http.server.inject({
    url: base,
    headers: { authorization: `Bearer ${made.json().token.slice(0, -3)}xyz` },
  });
  assert.equal(stranger.statusCode, 401, "whoever has no key is told nothing of it");
  await allow(id, { api_calls: 1000 });
  await meter.flush(database);
  assert.equal((await read()).statusCode, 200);
  const call = JSON.stringify([{ organization: id, key: owner.userId, calls: 7 }]);
  await Promise.all(times(3).map(() => connections.query("select * from credits.count_calls('batch', $1)", [call])));
  await meter.flush(database);
  assert.equal(await used(), 2 + 1 + 1 + 7 + 1);
});

test("those who look after the credits see them, move them, give them up and set their limits", async () => {
  const tenant = await createTenant(database);
  const { id, slug, owner } = tenant;
  const base = `/api/organizations/${slug}/credits`;
  const send = async (method: "GET" | "POST" | "PATCH", path: string, payload?: object) => {
    const answer = await ask(owner, { method, url: `${base}${path}`, ...(payload && { payload }) });
    return { status: answer.statusCode, body: answer.body && answer.json() };
  };
  const { body: team } = await send("POST", "/accounts", { name: "Team" });
  const main = (await send("GET", "")).body.items[0];
  assert.deepEqual([main.name, main.balance, main.free, main.lots.length], ["main", WELCOME, WELCOME, 1]);
  const move = { from: main.id, to: team.id, amount: 30 * CREDIT, operation_key: "move", note: "For the team" };
  const moved = await send("POST", "/transfers", move);
  assert.deepEqual(moved.body, {
    from: main.id,
    to: team.id,
    amount: 30 * CREDIT,
    from_balance: 70 * CREDIT,
    to_balance: 30 * CREDIT,
  });
  assert.deepEqual(await send("POST", "/transfers", move), moved);
  assert.equal((await send("POST", "/transfers", { ...move, amount: CREDIT })).status, 409);
  assert.equal((await send("POST", "/transfers", { ...move, operation_key: "more", amount: 71 * CREDIT })).status, 409);
  const less = { account: team.id, amount: -10 * CREDIT, operation_key: "less", note: "Too many" };
  assert.equal((await send("POST", "/adjustments", less)).body.balance, 20 * CREDIT);
  assert.equal((await send("POST", "/adjustments", { ...less, amount: CREDIT, operation_key: "mint" })).status, 400);
  const limits = {
    account: main.id,
    monthly_limit: 40 * CREDIT,
    member_daily_limit: 8 * CREDIT,
    members: [{ user_id: owner.userId, daily_limit: CREDIT }],
  };
  assert.equal((await send("PATCH", "/limits", limits)).status, 204);
  const changed = (await send("GET", "")).body.items[0];
  assert.deepEqual(
    [changed.monthly_limit, changed.member_daily_limit, changed.low_balance, changed.member_limits.length],
    [40 * CREDIT, 8 * CREDIT, 10 * CREDIT, 1],
  );
  assert.equal(
    (await send("PATCH", "/limits", { account: main.id, members: [{ user_id: id, daily_limit: 1 }] })).status,
    400,
  );
  const first = (await send("GET", "/ledger?limit=2")).body;
  const rest = (await send("GET", `/ledger?cursor=${first.next_cursor}`)).body;
  assert.deepEqual(
    [...first.items, ...rest.items].map(({ kind, amount, balance }) => [kind, amount / CREDIT, balance / CREDIT]),
    [
      ["adjustment", -10, 20],
      ["transfer", 30, 30],
      ["transfer", -30, 70],
      ["grant", 100, 100],
    ],
  );
  const { rows } = await admin.query(
    "select count(*)::int as entries from audit.audit_logs where organization_id = $1 and resource_type = 'credits.operations' and operation like 'credits.%'",
    [id],
  );
  assert.deepEqual(rows, [{ entries: 2 }], "an entry for each operation, however often it was sent");
  await assertBalanced(connections, id);
});

test("what a request begins is refused in words that say how to go on", async () => {
  const { id, owner } = await createTenant(database);
  const reserve = (amount: number, key: string) =>
    connections.query("select credits.reserve($1, $2, $3, $4, now() + interval '1 minute')", [
      id,
      amount,
      key,
      owner.userId,
    ]);
  await reserve(CREDIT, "one");
  await assert.rejects(reserve(100 * CREDIT, "much"), {
    code: "TN014",
    message: "This takes 100 credits, and 99 are free",
  });
  await booksOf(connections, id).set("monthly_limit = 2000000");
  await assert.rejects(reserve(2 * CREDIT, "more"), {
    code: "TN015",
    message: /^The limit of 2 credits a month is reached: 0 are used and 1 set aside/,
  });
});

test("whoever may not look after the credits is refused in the database too, and nobody makes credits", async () => {
  const tenant = await createTenant(database);
  const account = await booksOf(connections, tenant.id).account();
  const viewer = await addMember(admin, database, tenant, "viewer");
  const giveUp = (amount: number, person = tenant.owner) =>
    queryText(contextOf(database, tenant, { person }), {
      text: "select credits.give_up($1, $2, 'key', 'A test')",
      values: [account, amount],
    });
  await assert.rejects(giveUp(CREDIT, viewer), { code: "TN003" });
  await assert.rejects(giveUp(-CREDIT), { code: "TN012" });
  await giveUp(CREDIT);
});
