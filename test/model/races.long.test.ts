import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import pg from "pg";
import { createTenant, openAdmin, openTestDatabase } from "../harness.ts";

// What holds however many work at once: on connections of their own, each statement a transaction.

const CONNECTIONS = 4;
const BOOKINGS = 50;
const DEADLOCK = "40P01";

const database = openTestDatabase();
const clients: pg.Client[] = [];
while (clients.length < CONNECTIONS) clients.push(await openAdmin());
const admin = await openAdmin();

type Change =
  | { kind: "order"; customer: number; total: number; day: number }
  | { kind: "cancel" | "revive" | "delete"; order: number }
  | { kind: "refund" | "reprice"; order: number; amount: number }
  | { kind: "move"; order: number; customer: number };

const order = fc.nat(30);
const customer = fc.nat(2);
const amount = fc.nat(10_000);
const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("order" as const), customer, total: amount, day: fc.nat(300) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom("cancel" as const, "revive" as const, "delete" as const), order }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("refund" as const, "reprice" as const), order, amount }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("move" as const), order, customer }) },
);

/** The order of an organization at a place; several connections may mean the same one. */
const CHOSEN = "organization_id = $1 and order_number = $2";

function statementOf(
  change: Change,
  organization: string,
  customers: string[],
  next: () => number,
): [string, unknown[]] {
  switch (change.kind) {
    case "order":
      return [
        `insert into commerce.orders (organization_id, order_number, customer_id, total_amount, currency, rate, order_date)
         values ($1, $2, $3, $4, 'EUR', 1.5, timestamptz '2026-01-01Z' + make_interval(days => $5))`,
        [organization, next(), customers[change.customer], change.total, change.day],
      ];
    case "delete":
      return [`delete from commerce.orders where ${CHOSEN}`, [organization, change.order]];
    case "cancel":
    case "revive":
      return [
        `update commerce.orders set status = $3 where ${CHOSEN}`,
        [organization, change.order, change.kind === "cancel" ? "cancelled" : "confirmed"],
      ];
    case "refund":
    case "reprice": {
      const column = change.kind === "refund" ? "refunded_amount" : "total_amount";
      return [`update commerce.orders set ${column} = $3 where ${CHOSEN}`, [organization, change.order, change.amount]];
    }
    case "move":
      return [
        `update commerce.orders set customer_id = $3 where ${CHOSEN}`,
        [organization, change.order, customers[change.customer]],
      ];
  }
}

const DIFFERENCES = `
  with counted as (
    select c.id, count(o.id) as orders, coalesce(sum(round(o.total_amount * o.rate)), 0) as spent,
           coalesce(sum(round(o.refunded_amount * o.rate)), 0) as refunded, min(o.order_date) as first, max(o.order_date) as last
    from crm.customers c left join commerce.orders o on o.organization_id = c.organization_id and o.customer_id = c.id and o.status <> 'cancelled'
    where c.organization_id = $1 group by c.id
  )
  select * from crm.customer_figures f join counted c on c.id = f.customer_id
  where f.organization_id = $1 and (f.total_orders, f.total_spent, f.total_refunded, f.first_order_at, f.last_order_at, f.lifetime_value)
    is distinct from (c.orders, c.spent, c.refunded, c.first, c.last, c.spent - c.refunded)`;

test("customer figures equal a recount after any order changes by parallel connections", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(change, { maxLength: 12 }), { minLength: CONNECTIONS, maxLength: CONNECTIONS }),
      async (scripts) => {
        const { id: organization } = await createTenant(database);
        const customers = [randomUUID(), randomUUID(), randomUUID()];
        await admin.query("insert into crm.customers (organization_id, id, name) select $1, unnest($2::uuid[]), 'C'", [
          organization,
          customers,
        ]);
        let orders = 0;
        await Promise.all(
          scripts.map(async (script, place) => {
            for (const one of script)
              await clients[place]?.query(...statementOf(one, organization, customers, () => orders++));
          }),
        );
        const { rows } = await admin.query(DIFFERENCES, [organization]);
        assert.deepEqual(rows, []);
      },
    ),
    { numRuns: 15 },
  );
});

test("no two appointments of a person overlap, however many book at once", async () => {
  const { id: organization, owner } = await createTenant(database);
  const booked = await Promise.all(
    Array.from({ length: BOOKINGS }, async (_, place) => {
      const client = clients[place % CONNECTIONS];
      const start = new Date(Date.UTC(2026, 0, 1, 0, Math.floor(Math.random() * 600)));
      const end = new Date(start.getTime() + (1 + Math.floor(Math.random() * 60)) * 60_000);
      try {
        await client?.query(
          "insert into calendar.appointments (organization_id, title, assigned_to, start_time, end_time) values ($1, 'A', $2, $3, $4)",
          [organization, owner.userId, start, end],
        );
        return true;
      } catch (error) {
        assert.ok(error instanceof pg.DatabaseError && ["23P01", DEADLOCK].includes(error.code ?? ""), String(error));
        return false;
      }
    }),
  );
  const { rows } = await admin.query(
    `select count(*)::int as appointments, (select count(*)::int from calendar.appointments a join calendar.appointments b
       on b.organization_id = a.organization_id and b.id > a.id and tstzrange(a.start_time, a.end_time) && tstzrange(b.start_time, b.end_time)
       where a.organization_id = $1) as overlaps from calendar.appointments where organization_id = $1`,
    [organization],
  );
  assert.deepEqual(rows, [{ appointments: booked.filter((is) => is).length, overlaps: 0 }]);
  assert.ok(booked.includes(true));
});

test("a graph of tasks never goes round in a circle, whoever draws its arrows at once", async () => {
  const { id: organization } = await createTenant(database);
  const tasks = Array.from({ length: 5 }, () => randomUUID());
  await admin.query(
    "insert into tasks.tasks (organization_id, id, type, category, name, input) select $1, unnest($2::uuid[]), 'a.b', 'content', 'T', '{}'",
    [organization, tasks],
  );
  const arrows = tasks.flatMap((from) => tasks.filter((to) => to !== from).map((to) => [from, to]));
  const codes = await Promise.all(
    arrows.map(async ([from, to], place) => {
      const client = clients[place % CONNECTIONS];
      try {
        await client?.query(
          "insert into tasks.task_dependencies (organization_id, task_id, depends_on_id) values ($1, $2, $3)",
          [organization, from, to],
        );
        return "drawn";
      } catch (error) {
        return error instanceof pg.DatabaseError ? error.code : String(error);
      }
    }),
  );
  assert.deepEqual([...new Set(codes)].sort(), ["TN011", "drawn"]);
  const { rows } = await admin.query(
    `with recursive path (start, id) as (
       select task_id, depends_on_id from tasks.task_dependencies where organization_id = $1
       union select p.start, d.depends_on_id from path p join tasks.task_dependencies d on d.organization_id = $1 and d.task_id = p.id
     ) select * from path where start = id`,
    [organization],
  );
  assert.deepEqual(rows, []);
  assert.equal(codes.filter((code) => code === "drawn").length, (tasks.length * (tasks.length - 1)) / 2);
});

test("of two connections that close a circle at once, one is refused", async () => {
  const { id: organization } = await createTenant(database);
  const [one, two] = [randomUUID(), randomUUID()];
  await admin.query(
    "insert into tasks.tasks (organization_id, id, type, category, name, input) select $1, unnest($2::uuid[]), 'a.b', 'content', 'T', '{}'",
    [organization, [one, two]],
  );
  const [first, second] = clients;
  const draw = "insert into tasks.task_dependencies (organization_id, task_id, depends_on_id) values ($1, $2, $3)";
  await first?.query("begin");
  await first?.query(draw, [organization, one, two]);
  const waiting = second?.query(draw, [organization, two, one]).then(
    () => "drawn",
    (error: pg.DatabaseError) => error.code,
  );
  await first?.query("commit");
  assert.equal(await waiting, "TN011");
});

test("no quota is passed by submissions at once", async () => {
  const { id: organization, owner } = await createTenant(database);
  const { rows: made } = await admin.query<{ id: string }>(
    `with d as (insert into datasets.datasets (organization_id, name) values ($1, 'D') returning id),
          v as (insert into datasets.versions (organization_id, dataset_id, number, status, last_position, published_at)
                select $1, id, 1, 'published', 1, now() from d returning id, dataset_id)
     insert into evaluation.benchmarks (organization_id, name, dataset_id, version_id, daily_quota)
       select $1, 'B', dataset_id, id, 3 from v returning id`,
    [organization],
  );
  const benchmark = made[0]?.id;
  await admin.query("update evaluation.benchmarks set status = 'open' where id = $1", [benchmark]);
  await admin.query(
    "insert into evaluation.participants (organization_id, benchmark_id, user_id) values ($1, $2, $3)",
    [organization, benchmark, owner.userId],
  );
  const handed = await Promise.allSettled(
    Array.from({ length: 12 }, (_, place) =>
      clients[place % CONNECTIONS]?.query(
        "insert into evaluation.submissions (organization_id, benchmark_id, user_id) values ($1, $2, $3)",
        [organization, benchmark, owner.userId],
      ),
    ),
  );
  assert.equal(handed.filter(({ status }) => status === "fulfilled").length, 3);
});
