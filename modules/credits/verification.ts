import type pg from "pg";
import { BOOKS_KEPT_MONTHS } from "./retention.ts";

/** An invariant of the books that was looked at: over how many rows, how often it is broken, and where (the first 20). */
export type Checked = { name: string; rows: number; violations: number; shown: string[] };

const SHOWN_MAX = 20;

type Invariant = {
  name: string /** Gives `rows` looked at, `is_wrong`, and `what`, a group a row; `$1` is an organization or null. */;
  sql: string;
};

const OF = (alias: string) => `($1::uuid is null or ${alias}.organization_id = $1)`;
/** What was booked before this may have lost its hold or operation to retention. The day is for what took long to be booked. */
const KEPT_SINCE = `(now() - interval '${BOOKS_KEPT_MONTHS} months' + interval '1 day')`;
const ACCOUNT = "'account ' || b.account_id";
const BALANCE = "'account ' || coalesce(b.account_id, s.account_id)";

/** Sums of a table's rows beside the balance of their account. */
const balanced = (name: string, wanted: string, sum: string, table: string, condition = "true"): Invariant => ({
  name,
  sql: `
    select 1 + coalesce(s.rows, 0) as rows, coalesce(s.total, 0) is distinct from ${wanted}::numeric as is_wrong,
      ${BALANCE} || ' has ' || coalesce((${wanted})::text, 'no balance') || ', and its rows come to ' || coalesce(s.total, 0) as what
    from (select * from credits.balances x where ${OF("x")}) b full join (
      select x.organization_id, x.account_id, count(*) as rows, sum(${sum}) as total
      from credits.${table} x where ${condition} and ${OF("x")} group by 1, 2
    ) s on s.organization_id = b.organization_id and s.account_id = b.account_id`,
});

/** Every invariant of the books. Each is one pass over its tables, and sums and sorts that do not fit into memory go to disk. */
const INVARIANTS: readonly Invariant[] = [
  balanced(
    "what is on an account is the sum of its entries",
    "b.posted",
    "x.amount",
    "ledger_entries",
    "x.leg = 'account'",
  ),
  balanced("what is set aside is the sum of the active holds", "b.held", "x.amount", "holds", "x.status = 'active'"),
  balanced("what is left of the lots is what is on the account", "greatest(b.posted, 0)", "x.remaining", "lots"),
  {
    name: "what is left of a lot is the sum of its entries",
    sql: `
      select 1 + coalesce(s.rows, 0) as rows, coalesce(s.total, 0) is distinct from l.remaining or l.account_id is distinct from coalesce(s.account_id, l.account_id) as is_wrong,
        'lot ' || coalesce(l.id, s.lot_id) || ' has ' || coalesce(l.remaining::text, 'no row') || ', and its entries come to ' || coalesce(s.total, 0) as what
      from (select * from credits.lots x where ${OF("x")}) l full join (
        select x.organization_id, x.account_id, x.lot_id, count(*) as rows, sum(x.amount) as total from credits.ledger_entries x
        where x.leg = 'account' and x.lot_id is not null and ${OF("x")} group by 1, 2, 3
      ) s on s.organization_id = l.organization_id and s.lot_id = l.id`,
  },
  {
    name: "the legs of an operation add up to zero",
    sql: `
      select count(*) as rows, sum(x.amount) <> 0 as is_wrong, 'operation ' || x.operation_key || ' comes to ' || sum(x.amount) as what
      from credits.ledger_entries x where ${OF("x")} group by x.organization_id, x.operation_key`,
  },
  {
    name: "each entry says what was on the account after it",
    sql: `
      select 1 as rows, x.balance_after <> x.running as is_wrong,
        'entry ' || x.id || ' says ' || x.balance_after || ', and with those before it the account has ' || x.running as what
      from (select e.id, e.balance_after, sum(e.amount) over (partition by e.organization_id, e.account_id order by e.created_at, e.id) as running
        from credits.ledger_entries e where e.leg = 'account' and ${OF("e")}) x`,
  },
  {
    name: "a hold that was settled was charged what it says",
    sql: `
      select 1 + coalesce(s.rows, 0) as rows, case when h.id is null then s.since >= ${KEPT_SINCE}
          else coalesce(s.charged, 0) <> coalesce(h.settled, 0) - h.uncollected or coalesce(s.refunded, 0) <> h.refunded end as is_wrong,
        'hold ' || coalesce(h.id, s.hold_id) || ' is settled at ' || coalesce(h.settled::text, 'nothing') || ' with ' || coalesce(h.uncollected, 0) || ' uncollected and ' ||
          coalesce(h.refunded, 0) || ' given back, and its entries charge ' || coalesce(s.charged, 0) || ' and give back ' || coalesce(s.refunded, 0) as what
      from (select * from credits.holds x where ${OF("x")}) h full join (
        select x.organization_id, x.hold_id, count(*) as rows, min(x.created_at) as since, -sum(x.amount) filter (where x.kind = 'charge') as charged, sum(x.amount) filter (where x.kind = 'refund') as refunded
        from credits.ledger_entries x where x.leg = 'account' and x.hold_id is not null and ${OF("x")} group by 1, 2
      ) s on s.organization_id = h.organization_id and s.hold_id = h.id`,
  },
  {
    name: "what was used this month is the sum of its charges",
    sql: `
      select 1 + count(x.id) as rows, b.used_this_month <> coalesce(-sum(x.amount), 0) as is_wrong,
        ${ACCOUNT} || ' says ' || b.used_this_month || ', and its charges come to ' || coalesce(-sum(x.amount), 0) as what
      from credits.balances b left join credits.ledger_entries x on x.organization_id = b.organization_id and x.account_id = b.account_id
        and x.leg = 'account' and x.kind = 'charge' and x.created_at < b.month_ends_at and x.created_at >= b.month_ends_at - interval '1 month'
      where ${OF("b")} group by b.organization_id, b.account_id, b.used_this_month`,
  },
  {
    name: "no account is below its overdraft",
    sql: `
      select 1 as rows, b.held < 0 or b.posted - b.held < -b.overdraft_limit as is_wrong,
        ${ACCOUNT} || ' has ' || b.posted || ' with ' || b.held || ' set aside, and may be overdrawn by ' || b.overdraft_limit as what
      from credits.balances b where ${OF("b")}`,
  },
  {
    name: "limits stand the same on the account and beside its balance",
    sql: `
      select 1 as rows, b.account_id is null or (a.overdraft_limit, a.monthly_limit, a.low_balance, a.status = 'active') is distinct from
        (b.overdraft_limit, b.monthly_limit, b.low_balance, b.is_active) as is_wrong, 'account ' || a.id || ' has other limits than its balance' as what
      from credits.accounts a left join credits.balances b on b.organization_id = a.organization_id and b.account_id = a.id where ${OF("a")}`,
  },
  {
    name: "what a tree or a member spent is the sum of the holds",
    sql: `
      select 1 + count(h.id) as rows, s.amount <> coalesce(sum(case h.status when 'active' then h.amount else coalesce(h.settled, 0) end), 0) as is_wrong,
        s.kind || ' ' || s.subject_id || ' says ' || s.amount || ', and its holds come to ' ||
          coalesce(sum(case h.status when 'active' then h.amount else coalesce(h.settled, 0) end), 0) as what
      from credits.spending s left join credits.holds h on h.organization_id = s.organization_id and h.account_id = s.account_id
        and case s.kind when 'tree' then h.tree_id else h.user_id end = s.subject_id
        and (s.kind = 'tree' or (h.created_at at time zone 'UTC')::date = s.day)
      where ${OF("s")} group by s.organization_id, s.account_id, s.kind, s.subject_id, s.day, s.amount`,
  },
  {
    name: "every operation that was done is in the books, and every entry is of one",
    sql: `
      select 1 as rows, e.operation_key is null or o.operation_key is null and e.since >= ${KEPT_SINCE} as is_wrong,
        'operation ' || coalesce(o.operation_key, e.operation_key) || case when o.operation_key is null then ' is in the books alone' else ' is not in the books' end as what
      from (select x.organization_id, x.operation_key from credits.operations x where ${OF("x")}
        union select x.organization_id, 'settle:' || x.id from credits.holds x where x.settled > x.uncollected and ${OF("x")}) o
      full join (select x.organization_id, x.operation_key, min(x.created_at) as since from credits.ledger_entries x where ${OF("x")} group by 1, 2) e
        on e.organization_id = o.organization_id and e.operation_key = o.operation_key`,
  },
  {
    name: "usage adds up to what its events say",
    sql: `
      select coalesce(e.rows, 0) + 1 as rows,
        (p.amount, p.credits_consumed, p.events) is distinct from (case r.aggregation when 'sum' then e.total when 'max' then e.highest else e.latest end, e.credits, e.rows) as is_wrong,
        coalesce(p.resource_type, e.resource_type) || ' in ' || coalesce(p.billing_period, e.month) || ' says ' || coalesce(p.amount, 0) || ' of ' || coalesce(p.events, 0) ||
          ' events, and there are ' || coalesce(e.rows, 0) as what
      from (select * from credits.usage_periods x where ${OF("x")} and x.billing_period >= (select coalesce(min(created_at), now()) from credits.usage_events) at time zone 'UTC' - interval '1 month') p
      full join (
        select x.organization_id, date_trunc('month', x.occurred_at at time zone 'UTC')::date as month, x.resource_type, x.resource_name,
          coalesce(x.user_id, '00000000-0000-0000-0000-000000000000') as member_key, count(*) as rows, sum(x.amount) as total, max(x.amount) as highest,
          (array_agg(x.amount order by x.occurred_at desc, x.operation_key desc))[1]::numeric as latest, sum(x.credits_consumed) as credits
        from credits.usage_events x where ${OF("x")} group by 1, 2, 3, 4, 5
      ) e on e.organization_id = p.organization_id and e.month = p.billing_period and e.resource_type = p.resource_type and e.resource_name = p.resource_name and e.member_key = p.member_key
      left join credits.resources r on r.resource_type = coalesce(p.resource_type, e.resource_type)`,
  },
];

/**
 * Works out anew what the books say, of one organization or of all, in one picture of the database, and gives each invariant as soon as
 * it was looked at. `admin` is a superuser's connection.
 */
export async function* verifyLedger(admin: pg.ClientBase, organization?: string): AsyncGenerator<Checked> {
  await admin.query("begin isolation level repeatable read read only");
  try {
    for (const { name, sql } of INVARIANTS) {
      const { rows } = await admin.query<Omit<Checked, "name">>(
        `with looked as materialized (${sql})
         select coalesce((select sum(rows) from looked), 0)::float8 as rows, (select count(*) from looked where is_wrong)::float8 as violations,
           array(select what from looked where is_wrong order by what limit ${SHOWN_MAX}) as shown`,
        [organization ?? null],
      );
      yield { name, ...(rows[0] ?? { rows: 0, violations: 0, shown: [] }) };
    }
  } finally {
    await admin.query("rollback");
  }
}
