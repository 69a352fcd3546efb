import assert from "node:assert/strict";
import { test } from "node:test";
import type pg from "pg";
import { verifyLedger } from "../modules/credits/public.ts";
import { createScratchDatabase, openAdmin, openTestDatabase, testServices } from "../test/harness.ts";
import { makeDemo } from "./northwind.ts";

/** Tables of an organization that the demo leaves empty, and why. */
const EMPTY: Record<string, string> = {
  "assistant.provider_keys": "a key is somebody's own",
  "assistant.providers": "none is connected: whoever tries it has their own",
  "assistant.replies": "none is being written",
  "audit.legal_holds": "nothing is in dispute",
  "audit.retention": "keeps what is shipped",
  "audit.seal_candidates": "is filled by the worker",
  "audit.seals": "are made by the worker",
  "credits.notices": "the credits last",
  "credits.spending": "is counted from the first cap that work meets",
  "imports.errors": "nobody imported anything",
  "analytics.event_keys": "no program sends events that it might send twice",
  "imports.imports": "nobody imported anything",
  "kernel.idempotency_keys": "no program asks for anything",
  "organizations.api_key_scopes": "a key's secret would be shown to nobody",
  "organizations.api_keys": "a key's secret would be shown to nobody",
  "organizations.domains": "a domain is always proved, and there is none",
  "organizations.invitation_roles": "an invitation's secret would be mailed to nobody",
  "organizations.invitations": "an invitation's secret would be mailed to nobody",
  "organizations.join_requests": "come with a domain",
  "organizations.slug_history": "it has always been called so",
  "organizations.support_grants": "nobody asked for help",
  "organizations.support_visits": "nobody asked for help",
  "organizations.verified_domains": "a domain is always proved, and there is none",
  "calendar.feeds": "the address of a feed is shown to its member alone, once",
  "tasks.approval_steps": "nothing is handed up by itself while somebody looks around",
  "tasks.callbacks": "nobody elsewhere is called",
  "tasks.claims": "no worker is at any of it",
  "tasks.deadlines": "nothing fails while somebody looks around",
  "tasks.file_chunks": "files are kept for a day",
  "tasks.files": "files are kept for a day",
  "tasks.rates": "no worker is at any of it",
  "tasks.slots": "no worker is at any of it",
  "tasks.webhook_attempts": "nobody elsewhere is called",
  "tasks.webhook_deliveries": "nobody elsewhere is called",
  "tasks.webhook_endpoints": "nobody elsewhere is called",
  "tasks.webhook_figures": "nobody elsewhere is called",
  "tasks.webhook_lines": "nobody elsewhere is called",
  "tasks.webhook_secrets": "nobody elsewhere is called",
  "tasks.webhook_subscriptions": "nobody elsewhere is called",
};

/** Columns that tell when the demo was made, or by which connection; and what is secret. */
const PASSING = [
  "created_at",
  "updated_at",
  "joined_at",
  "last_active_at",
  "lease_expires_at",
  "part",
  "sealed",
  "key_id",
  "secret_hash",
  "request_hash",
];
/** Written by verbs, which look at the clock themselves. */
const PASSING_IN: Record<string, string[]> = {
  "billing.charges": ["occurred_at"],
  "billing.invoices": ["period_start", "period_end", "issued_at", "due_at"],
  "credits.usage_days": ["day", "last_occurred_at"],
  "credits.usage_events": ["occurred_at"],
  "credits.usage_periods": ["billing_period", "last_occurred_at"],
  "labeling.labels": ["submitted_at"],
};

const UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const NOW = new Date();

async function makeOne(now = NOW): Promise<pg.Client> {
  const login = await createScratchDatabase();
  const admin = await openAdmin(login);
  await admin.query("set timezone = 'UTC'");
  const people = await makeDemo(openTestDatabase(login), testServices(), admin, now);
  assert.equal(people.length, 11);
  return admin;
}

const admin = await makeOne();

async function rowsOf<T extends pg.QueryResultRow>(text: string, client = admin): Promise<T[]> {
  return (await client.query<T>(text)).rows;
}

async function tenantTables(): Promise<string[]> {
  const rows = await rowsOf<{ name: string }>(`
    select c.oid::regclass::text as name from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped
    where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace::regnamespace::text not in ('pg_catalog', 'identity') order by 1`);
  return rows.map(({ name }) => name);
}

/** How many rows each table has, and a hash of what they say. */
async function contentOf(client: pg.Client): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  for (const table of await tenantTables()) {
    const passing = [...PASSING, ...(PASSING_IN[table] ?? [])];
    // An entry of the record tells when, by whom and of which id; how many there are is compared.
    const said = table.startsWith("audit.")
      ? "''"
      : `regexp_replace((to_jsonb(t) - $1::text[])::text, '${UUID}', 'id', 'g')`;
    const { rows } = await client.query<{ content: string }>(
      `select count(*) || ' ' || md5(coalesce(string_agg(md5(said), '' order by md5(said)), '')) as content
       from (select ${said} as said from ${table} t where $1::text[] is not null) s`,
      [passing],
    );
    content[table] = rows[0]?.content ?? "";
  }
  return content;
}

test("the demo is the same each time but for ids and secrets", async () => {
  assert.deepEqual(await contentOf(await makeOne()), await contentOf(admin));
});

test("the demo can be made at the first second of a year", async () => {
  const client = await makeOne(new Date(`${NOW.getUTCFullYear() + 2}-01-01T00:00:01Z`));
  assert.deepEqual(Object.keys(await contentOf(client)), await tenantTables());
});

test("every table of an organization has rows, but for those that are named here", async () => {
  const empty: string[] = [];
  for (const table of await tenantTables()) {
    const [row] = await rowsOf<{ some: boolean }>(`select exists (select from ${table}) as some`);
    if (!row?.some) empty.push(table);
  }
  assert.deepEqual(
    empty,
    Object.keys(EMPTY)
      .filter((table) => empty.includes(table))
      .sort(),
  );
});

/** States by column that stand for themselves; every other one must be there. */
const STATES: Record<string, string[]> = {
  "projects.projects.status": [],
  "projects.tasks.status": [],
  "crm.customers.stage": [],
  "calendar.appointments.status": [],
  "content.items.status": [],
  "commerce.orders.status": [],
  "labeling.tasks.status": [],
  "evaluation.benchmarks.status": [],
  "evaluation.submissions.status": ["processing"],
  "tasks.tasks.status": [],
  "tasks.approvals.status": ["cancelled", "done", "planned"],
  "billing.invoices.status": [],
};

for (const [place, left] of Object.entries(STATES)) {
  test(`there is one of every ${place}`, async () => {
    const [schema, table, column] = place.split(".");
    const found = await rowsOf<{ state: string }>(`select distinct ${column} as state from ${schema}.${table}`);
    const [check] = await rowsOf<{ states: string[] }>(`
      select array(select m[1] from regexp_matches(pg_get_constraintdef(c.oid), '''([a-z_]+)''::text', 'g') m) as states
      from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and c.conkey = array[a.attnum]
      where c.contype = 'c' and c.conrelid = '${schema}.${table}'::regclass and a.attname = '${column}' and pg_get_constraintdef(c.oid) like '%ANY%'`);
    assert.ok(check && check.states.length > 1);
    assert.deepEqual([...found.map(({ state }) => state), ...left].sort(), check.states.toSorted());
  });
}

test("the person who signs in as client is a contact of a customer with orders and a project", async () => {
  const rows = await rowsOf(`
    select from crm.contacts c join identity.users u on u.id = c.user_id
    join commerce.orders o on o.customer_id = c.customer_id join projects.projects p on p.customer_id = c.customer_id
    where u.email = 'client@northwind.example'`);
  assert.ok(rows.length > 0);
});

test("the dashboard shows what a recount of each kind gives", async () => {
  const [shown] = await rowsOf<Record<string, unknown>>("select * from analytics.workspace_dashboard");
  const day = "date_trunc('day', now())";
  const [counted] = await rowsOf(`
    select (select id from organizations.organizations) as organization_id, 'pro' as plan,
      (select sum(amount) from credits.ledger_entries where leg = 'account')::bigint - (select sum(amount) from credits.holds where status = 'active')::bigint as credits_available,
      (select -coalesce(sum(amount), 0) from credits.ledger_entries where leg = 'account' and kind = 'charge' and created_at >= date_trunc('month', now()))::bigint as credits_used_this_month,
      (select count(*) from tasks.tasks where status = 'pending') as pending_tasks, (select count(*) from tasks.tasks where status = 'processing') as processing_tasks,
      (select count(*) from tasks.tasks where status = 'completed' and completed_at >= ${day}) as tasks_completed_today,
      (select sum(round(total_amount * rate)) from commerce.orders where status <> 'cancelled' and order_date >= ${day} - interval '30 days')::bigint as revenue_30d,
      (select sum(round(refunded_amount * rate)) from commerce.orders where status <> 'cancelled' and order_date >= ${day} - interval '30 days')::bigint as refunded_30d,
      (select count(*) from commerce.orders where status <> 'cancelled' and order_date >= ${day}) as orders_today,
      (select count(*) from commerce.products) as total_products, (select count(*) from commerce.products where status = 'active') as active_products,
      (select count(*) from crm.customers where stage = 'active') as active_customers,
      (select count(*) from analytics.events where occurred_at >= ${day}) as events_today`);
  assert.deepEqual(shown, counted);
  // On the first day of a month nothing may have been spent in it.
  for (const [figure, value] of Object.entries(shown ?? {}))
    if (figure !== "credits_used_this_month") assert.notEqual(value, "0", figure);
});

test("the performance of tasks is what a recount of each type and day gives", async () => {
  const shown = await rowsOf("select * from tasks.task_performance order by type, day");
  const tasks = await rowsOf<{ type: string; day: Date; status: string; ms: number | null }>(
    "select type, created_at::date as day, status, processing_time_ms::float8 as ms from tasks.tasks where created_at >= now() - interval '30 days'",
  );
  const groups = Map.groupBy(tasks, ({ type, day }) => `${type} ${day.toISOString()}`);
  assert.equal(shown.length, groups.size);
  for (const row of shown) {
    const group = groups.get(`${row.type} ${row.day.toISOString()}`) ?? [];
    const having = (status: string) => group.filter((task) => task.status === status).length;
    assert.deepEqual([row.executions, row.completed, row.failed].map(Number), [
      group.length,
      having("completed"),
      having("failed"),
    ]);
    const times = group.flatMap(({ ms }) => ms ?? []);
    const average = times.length > 0 ? times.reduce((sum, ms) => sum + ms, 0) / times.length : null;
    assert.ok(
      average === null
        ? row.average_processing_time_ms === null
        : Math.abs(Number(row.average_processing_time_ms) - average) <= 0.5,
    );
  }
});

/** Figures that something keeps, beside a recount: no rows may differ. */
const RECOUNTS: Record<string, [kept: string, counted: string]> = {
  "figures of customers": [
    "select customer_id, total_orders, total_spent, total_refunded, first_order_at, last_order_at from crm.customer_figures where total_orders > 0",
    `select customer_id, count(*), sum(round(total_amount * rate))::bigint, sum(round(refunded_amount * rate))::bigint, min(order_date), max(order_date)
     from commerce.orders where status <> 'cancelled' group by 1`,
  ],
  "figures of projects": [
    "select project_id, tasks, tasks_done, actual_minutes from projects.project_figures where tasks > 0",
    `select t.project_id, count(*) filter (where status <> 'cancelled'), count(*) filter (where status = 'done'),
       coalesce((select sum(minutes) from projects.worklogs w where w.project_id = t.project_id), 0) from projects.tasks t group by 1`,
  ],
  "subtotals of bills": [
    "select id, subtotal_amount from billing.invoices",
    "select invoice_id, sum(amount)::bigint from billing.invoice_lines group by 1",
  ],
  "days of events": [
    "select day, event_type, currency, sum(events)::bigint, sum(revenue)::bigint from analytics.daily group by 1, 2, 3",
    "select occurred_at::date, event_type, coalesce(currency, ''), count(*), coalesce(sum(revenue), 0)::bigint from analytics.events group by 1, 2, 3",
  ],
  "the account's balance": [
    "select posted, held from credits.balances",
    "select (select sum(remaining) from credits.lots)::bigint, (select sum(amount) from credits.holds where status = 'active')::bigint",
  ],
  "legs of operations, which add up to zero": [
    "select operation_key, 0::numeric from credits.operations",
    "select operation_key, sum(amount) from credits.ledger_entries group by 1",
  ],
  "what labelers did": [
    "select project_id, user_id, sum(submitted)::bigint, sum(approved)::bigint, sum(rejected)::bigint, sum(lead_time_ms)::bigint from labeling.metrics group by 1, 2",
    `select project_id, user_id, count(*), count(*) filter (where status = 'approved'), sum(rework)::bigint, sum(lead_time_ms)::bigint from labeling.labels group by 1, 2`,
  ],
};

test("the books of credits hold every invariant", async () => {
  for await (const { name, shown } of verifyLedger(admin)) assert.deepEqual(shown, [], name);
});

for (const [name, [kept, counted]] of Object.entries(RECOUNTS)) {
  test(`a recount gives the same: ${name}`, async () => {
    const differing = await rowsOf(`
      (select 'kept' as only, k.* from (${kept} except ${counted}) k) union all (select 'counted', c.* from (${counted} except ${kept}) c)`);
    assert.deepEqual(differing, []);
    assert.ok((await rowsOf(kept)).length > 0);
  });
}
