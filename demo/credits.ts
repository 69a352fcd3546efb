import { createHash } from "node:crypto";
import type pg from "pg";
import type { Row, Scene, Task } from "./scene.ts";
import { makeUsage } from "./usage.ts";

const CREDIT = 1_000_000;
const WELCOME = 100 * CREDIT;
const PLAN = 10_000 * CREDIT;
const LIMIT = 10_000 * CREDIT;
const MEMBER_LIMIT = 500 * CREDIT;

type Lot = {
  id: string;
  source: string;
  granted: number;
  remaining: number;
  priority: number;
  note: string;
  expires_at: Date | undefined;
  created_at: Date;
};

/**
 * Takes away the account that the organization was founded with today: the demo's books begin a month ago. Books only grow, so
 * their guard is let down for this, in the transaction that makes the demo, as the owner of the table alone can.
 */
export async function closeFirstBooks(admin: pg.Client, organization: string): Promise<void> {
  await admin.query("alter table credits.ledger_entries disable trigger append_only");
  for (const table of ["ledger_entries", "operations", "accounts"])
    await admin.query(`delete from credits.${table} where organization_id = $1`, [organization]);
  await admin.query("alter table credits.ledger_entries enable trigger append_only");
}

/** Makes the account with its lots, a hold per task of a model, the books of it all, and what was used. */
export async function makeCredits(scene: Scene, tasks: Task[]): Promise<void> {
  const { insert, id, clock } = scene;
  const paid = tasks
    .filter((task) => task.actual_cost !== undefined)
    .toSorted((a, b) => a.created_at.getTime() - b.created_at.getTime());
  const created_at = clock.on(-32);
  await makeEarlierPartitions(scene);
  const account = id(created_at);
  const lot = (
    source: string,
    granted: number,
    more: { priority: number; note: string; day: number; expires?: number },
  ): Lot => ({
    id: id(clock.on(more.day)),
    source,
    granted,
    remaining: granted,
    priority: more.priority,
    note: more.note,
    expires_at: more.expires === undefined ? undefined : clock.on(more.expires),
    created_at: clock.on(more.day),
  });
  const lots = [
    lot("welcome", WELCOME, { priority: 10, note: "Welcome", day: -32 }),
    lot("plan", PLAN, { priority: 20, note: "Credits of the plan", day: -30, expires: 60 }),
  ];
  const books = keepBooks(scene, account, lots, paid);
  const held = tasks.filter(({ status }) => status === "processing").map((task) => holdOf(scene, account, task));
  await insert("credits.accounts", [
    {
      id: account,
      name: "main",
      overdraft_limit: 0,
      monthly_limit: LIMIT,
      low_balance: 10 * CREDIT,
      status: "active",
      created_at,
    },
  ]);
  // The account brought its balance, with nothing on it.
  const month = clock.day(0).slice(0, 7);
  const used = books.charges.filter(({ at }) => at.toISOString().slice(0, 7) === month);
  await scene.run(
    `update credits.balances set posted = $2, held = $3, used_this_month = $4,
       month_ends_at = ($5::timestamp + interval '1 month') at time zone 'UTC' where organization_id = $1`,
    [books.posted, held.length * 2 * CREDIT, used.reduce((sum, { cost }) => sum + cost, 0), `${month}-01`],
  );
  await insert(
    "credits.lots",
    lots.map((row) => ({ ...row, account_id: account })),
  );
  await insert("credits.member_limits", [
    { account_id: account, user_id: scene.people.member, daily_limit: MEMBER_LIMIT },
  ]);
  await insert("credits.holds", [...books.holds, ...held]);
  await insert("credits.ledger_entries", books.entries);
  await insert(
    "credits.operations",
    books.entries
      .filter(({ leg }) => leg === "account")
      .map(({ operation_key, kind, balance_after, created_at: at }) => ({
        operation_key,
        kind: kind === "charge" ? "settle" : "grant",
        result: { balance: balance_after },
        created_at: at,
        request_hash: `\\x${createHash("sha256").update(String(operation_key)).digest("hex")}`,
      })),
  );
  await makeUsage(scene, paid);
}

/** What is booked stands in the month it was booked in, and the months before this one have no place yet. */
async function makeEarlierPartitions({ run, clock }: Scene): Promise<void> {
  await run(
    `select kernel.make_partition(parent, month::date)
     from unnest(array['credits.ledger_entries', 'credits.usage_events', 'analytics.events']::regclass[]) parent
     cross join generate_series(date_trunc('month', $2::timestamp), date_trunc('month', $3::timestamp), '1 month') month
     where $1::uuid is not null`,
    [clock.day(-62), clock.day(0)],
  );
}

type Charge = { at: Date; cost: number };

/** Books the grants and then every task in its order, out of the lot that is used up first. Each operation's legs add up to zero. */
function keepBooks(scene: Scene, account: string, lots: Lot[], paid: Task[]) {
  const { id, people } = scene;
  const entries: Row[] = [];
  const charges: Charge[] = [];
  let posted = 0;
  const book = (kind: string, against: string, amount: number, at: Date, more: Row) => {
    posted += amount;
    const legs = [
      { leg: "account", amount, balance_after: posted },
      { leg: against, amount: -amount, balance_after: undefined },
    ];
    for (const leg of legs)
      entries.push({
        id: id(at),
        account_id: account,
        kind,
        ...leg,
        operation_key: more.key,
        lot_id: more.lot,
        hold_id: more.hold,
        user_id: more.user,
        note: more.note,
        created_at: at,
      });
  };
  for (const lot of lots)
    book("grant", "granted", lot.granted, lot.created_at, { key: `grant:${lot.source}`, lot: lot.id, note: lot.note });
  const holds = paid.map((task) => {
    const at = task.created_at;
    const cost = task.actual_cost ?? 0;
    const lot = lots.find(({ remaining }) => remaining >= cost);
    if (!lot) throw new Error("The demo's credits do not last for its tasks.");
    lot.remaining -= cost;
    charges.push({ at, cost });
    const hold = id(at);
    book("charge", "revenue", -cost, at, {
      key: `settle:${hold}`,
      lot: lot.id,
      hold,
      user: people.member,
      note: "A task",
    });
    return { ...holdOf(scene, account, task), id: hold, settled: cost, status: "settled", closed_at: at };
  });
  return { entries, holds, charges, posted };
}

function holdOf({ id, people }: Scene, account: string, task: Task): Row {
  return {
    id: id(task.created_at),
    account_id: account,
    amount: 2 * CREDIT,
    settled: undefined,
    status: "active",
    operation_key: `hold:${task.id}`,
    task_id: task.id,
    user_id: people.member,
    expires_at: new Date(task.created_at.getTime() + 86_400_000),
    closed_at: undefined,
    created_at: task.created_at,
  };
}
