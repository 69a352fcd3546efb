import assert from "node:assert/strict";
import pg from "pg";
import { atEnd, testServer } from "../../test/harness.ts";
import { verifyLedger } from "./verification.ts";

export const CREDIT = 1_000_000;
/** What every organization is founded with. */
export const WELCOME = 100 * CREDIT;

/** Connections on which the ledger's functions run as other modules' run them, at once. */
export function openBooks(most: number, login = testServer.admin): pg.Pool {
  const connections = new pg.Pool({ ...login, max: most });
  atEnd(() => connections.end());
  return connections;
}

export type Reserved = { hold_id: string | null; refusal: string | null };
export type Settled = { status: string; charged: number; uncollected: number };

/** What differs from a reservation of the main account for nobody. Times are from now on, in seconds. */
export type Wish = Partial<{
  account: string | null;
  task: string | null;
  tree: string | null;
  member: string | null;
  treeCap: number | null;
  expiresIn: number;
}>;

/** Asks for one row on behalf of an organization, which is the first value. */
type One = <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row>;

async function reserve(one: One, amount: number, key: string, wish: Wish): Promise<Reserved> {
  const { account = null, task = null, tree = null, member = null, treeCap = null, expiresIn = 60 } = wish;
  const { refusal } = await one<Pick<Reserved, "refusal">>(
    "select credits.try_reserve($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(secs => $9)) as refusal",
    [account, amount, key, task, tree, member, treeCap, expiresIn],
  );
  if (refusal !== null) return { hold_id: null, refusal };
  return { ...(await one<Pick<Reserved, "hold_id">>("select credits.hold_under($1, $2) as hold_id", [key])), refusal };
}

/** The ledger's verbs for one organization. Amounts are in micro-credits. */
export function booksOf(connections: pg.Pool, organization: string) {
  const one: One = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row> => {
    const { rows } = await connections.query<Row>(text, [organization, ...values]);
    return rows[0] ?? assert.fail(`No row: ${text}`);
  };
  return {
    one,
    reserve: (amount: number, key: string, wish: Wish = {}) => reserve(one, amount, key, wish),
    settle: (hold: string | null, actual: number) =>
      one<Settled>(
        "select status, charged::float8, uncollected::float8 from credits.settle_hold($1, $2, $3, 'A test')",
        [hold, actual],
      ),
    release: async (hold: string | null) =>
      (await one<{ status: string }>("select credits.release_hold($1, $2) as status", [hold])).status,
    grant: async (
      amount: number,
      key: string,
      more: { expiresIn?: number; priority?: number; account?: string } = {},
    ) =>
      (
        await one<{ lot: string }>(
          `select credits.grant_credits($1, coalesce($6, a.id), 'purchase', $2, $3, '', now() + make_interval(secs => $4), $5) as lot
           from credits.accounts a where a.organization_id = $1 and a.name = 'main'`,
          [amount, key, more.expiresIn ?? null, more.priority ?? 50, more.account ?? null],
        )
      ).lot,
    refund: async (hold: string | null, amount: number, key: string) =>
      (await one<{ lot: string }>("select credits.refund_credits($1, $2, $3, $4) as lot", [hold, amount, key])).lot,
    transfer: (from: string, to: string, amount: number, key: string) =>
      one<{ done: object }>("select credits.transfer_credits($1, $2, $3, $4, $5) as done", [from, to, amount, key]),
    adjust: (account: string, amount: number, key: string) =>
      one<{ done: object }>("select credits.adjust_credits($1, $2, $3, $4, 'A test') as done", [account, amount, key]),
    account: async (name = "main") =>
      (await one<{ id: string }>("select id from credits.accounts where organization_id = $1 and name = $2", [name]))
        .id,
    balance: (name = "main") =>
      one<{ posted: number; held: number; used: number }>(
        `select b.posted::float8, b.held::float8, b.used_this_month::float8 as used from credits.balances b
         join credits.accounts a on a.organization_id = b.organization_id and a.id = b.account_id where b.organization_id = $1 and a.name = $2`,
        [name],
      ),
    set: (columns: string) =>
      connections.query(`update credits.accounts set ${columns} where organization_id = $1`, [organization]),
    notices: async () =>
      (
        await connections.query<{ kind: string }>(
          "select kind from credits.notices where organization_id = $1 order by created_at, kind",
          [organization],
        )
      ).rows.map(({ kind }) => kind),
  };
}

export type Books = ReturnType<typeof booksOf>;

/** Fails unless every invariant of the organization's books holds. */
export async function assertBalanced(connections: pg.Pool, organization: string): Promise<void> {
  const client = await connections.connect();
  try {
    const broken: string[] = [];
    for await (const { name, shown } of verifyLedger(client, organization))
      broken.push(...shown.map((what) => `${name}: ${what}`));
    assert.deepEqual(broken, []);
  } finally {
    client.release();
  }
}
