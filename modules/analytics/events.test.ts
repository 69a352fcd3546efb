import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { addMember, adminOf, createTenant } from "../../test/harness.ts";
import { openTestServer } from "../../test/http/server.ts";

const http = await openTestServer();
const admin = await adminOf(http.database);
const tenant = await createTenant(http.database);

const send = async (events: unknown[], of = tenant, person = of.owner) => {
  const url = `/api/organizations/${of.slug}/analytics/events`;
  const answer = await http.ask(person, { method: "POST", url, payload: { events } });
  return { status: answer.statusCode, body: answer.json() };
};
const rows = async (text: string, of = tenant) => (await admin.query(text, [of.id])).rows;

test("events count once by their ids, are added up by day, and a wrong one keeps no other", async () => {
  const [once, twice] = [randomUUID(), randomUUID()];
  const today = new Date().toISOString().slice(0, 10);
  const purchase = {
    id: once,
    event_type: "purchase",
    event_name: "Order\tplaced\\\n",
    revenue: 1250,
    currency: "EUR",
    occurred_at: `${today}T00:00:00Z`,
    properties: { note: 'a "b" \\ ü' },
  };
  const view = { id: twice.toUpperCase(), event_type: "page_view", event_name: "Home", session_id: "v-1" };
  const wrong = [
    { event_type: "Page View", event_name: "" },
    { event_type: "page_view", event_name: "x", revenue: 1 },
    "nonsense",
    { ...view, id: "1", odd: true },
  ];
  const first = await send([
    purchase,
    view,
    { ...view, id: twice },
    ...wrong,
    { event_type: "page_view", event_name: "No id" },
  ]);
  assert.equal(first.status, 200);
  const { faults, ...counts } = first.body;
  assert.deepEqual(counts, { accepted: 3, duplicates: 1, rejected: 4 });
  assert.deepEqual(
    faults.map(({ index, field }: { index: number; field: string }) => `${index} ${field}`),
    ["3 event_type", "3 event_name", "4 currency", "5 ", "6 odd", "6 id"],
  );
  assert.deepEqual(await send([purchase, view]).then(({ body }) => body), {
    accepted: 0,
    duplicates: 2,
    rejected: 0,
    faults: [],
  });
  assert.deepEqual(
    await rows(
      "select event_name, properties, revenue::int from analytics.events where organization_id = $1 and revenue is not null",
    ),
    [{ event_name: "Order\tplaced\\\n", properties: { note: 'a "b" \\ ü' }, revenue: 1250 }],
  );
  const days = await rows(
    "select event_type, sum(events)::int as events, sum(revenue)::int as revenue from analytics.daily where organization_id = $1 group by 1 order by 1",
  );
  assert.deepEqual(days, [
    { event_type: "page_view", events: 2, revenue: 0 },
    { event_type: "purchase", events: 1, revenue: 1250 },
  ]);
});

test("the same ids are another organization's own, and two batches at once count each once", async () => {
  const of = await createTenant(http.database);
  const ids = Array.from({ length: 200 }, () => randomUUID());
  const events = ids.map((id) => ({ id, event_type: "click", event_name: "Buy" }));
  assert.equal((await send(events)).body.accepted, 200);
  const answers = await Promise.all([send(events, of), send(events.toReversed(), of), send(events, of)]);
  assert.equal(
    answers.reduce((sum, { body }) => sum + body.accepted, 0),
    200,
  );
  assert.deepEqual(
    await rows("select sum(events)::int as events from analytics.daily where organization_id = $1", of),
    [{ events: 200 }],
  );
  const viewer = await addMember(admin, http.database, of, "viewer");
  assert.equal((await send(events, of, viewer)).status, 403);
  assert.equal((await send(Array.from({ length: 10_001 }, () => ({})))).status, 400);
});

test("the dashboard tells what is there, day by day, and nothing of others", async () => {
  const of = await createTenant(http.database);
  await send([{ event_type: "click", event_name: "Buy" }], of);
  await admin.query(
    `insert into commerce.orders (organization_id, currency, rate, total_amount, order_date, status)
     select $1, 'USD', 0.5, 1000, now() - make_interval(days => n), case n when 3 then 'cancelled' else 'pending' end from unnest('{0,0,1,3,29,30}'::int[]) n`,
    [of.id],
  );
  const answer = await http.ask(of.owner, { url: `/api/organizations/${of.slug}/analytics/dashboard` });
  assert.equal(answer.statusCode, 200, answer.body);
  const { orders, events, figures, currency } = answer.json();
  assert.equal(currency, "EUR");
  assert.deepEqual(
    orders.map((day: { orders: number; revenue: number }) => [day.orders, day.revenue]),
    [
      [1, 500],
      [1, 500],
      [2, 1000],
    ],
  );
  assert.deepEqual(
    events.map((day: { event_type: string; events: number }) => [day.event_type, day.events]),
    [["click", 1]],
  );
  assert.equal(figures.events_today, 1);
});
