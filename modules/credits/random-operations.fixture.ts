import { randomUUID } from "node:crypto";
import fc from "fast-check";
import type pg from "pg";
import type { Tenant } from "../../test/harness.ts";
import { assertBalanced, type Books, booksOf, CREDIT } from "./ledger.fixture.ts";

type Place = {
  connections: pg.Pool;
  books: Books;
  accounts: string[];
  trees: string[];
  member: string;
  run: number;
  holds: string[];
};

/** One thing that somebody does with the books, in a place that is known only then. */
type Operation = (place: Place) => Promise<unknown>;

const half = (credits: number) => (credits * CREDIT) / 2;
const amount = fc.integer({ min: 1, max: 40 }).map(half);
const flag = fc.boolean();
const hold = fc.nat(200);
/** Few keys, so that some are used twice. */
const key = fc.nat(30);

/** One of the latest holds. */
const chosen = ({ holds }: Place, index: number) => holds[index % Math.max(holds.length, 1)] ?? null;

const reserve = fc
  .record({ amount, key: fc.nat(300), tree: fc.nat(2), capped: flag, forMember: flag, expired: flag })
  .map(
    (wish): Operation =>
      ({ books, accounts, trees, member, run }) =>
        books.reserve(wish.amount, `reserve ${run} ${wish.key}`, {
          account: accounts[wish.key % 2] ?? null,
          tree: trees[wish.tree] ?? null,
          member: wish.forMember ? member : null,
          treeCap: wish.capped ? 60 * CREDIT : null,
          expiresIn: wish.expired ? -1 : 60,
        }),
  );
const settle = fc.tuple(hold, fc.constantFrom(0, 0.4, 1, 1.7)).map(
  ([index, share]): Operation =>
    (place) =>
      place.books.one(
        "select count(credits.settle_hold($1, $2, (h.amount * $3::numeric)::bigint)) from credits.holds h where h.id = $2",
        [chosen(place, index), share],
      ),
);
const release = hold.map(
  (index): Operation =>
    (place) =>
      place.books.release(chosen(place, index)),
);
const extend = hold.map(
  (index): Operation =>
    (place) =>
      place.books.one("select credits.extend_holds(array[$1::uuid], array[$2::uuid], now() + interval '1 minute')", [
        chosen(place, index),
      ]),
);
const refund = fc.tuple(hold, amount, key).map(
  ([index, back, name]): Operation =>
    (place) =>
      place.books.refund(chosen(place, index), back, `refund ${place.run} ${name}`),
);
const grant = fc.tuple(amount, key, flag, fc.nat(100)).map(
  ([more, name, expired, priority]): Operation =>
    (place) =>
      place.books.grant(more, `grant ${place.run} ${name}`, { priority, ...(expired && { expiresIn: -1 }) }),
);
const transfer = fc.tuple(amount, key, fc.nat(1)).map(
  ([moved, name, from]): Operation =>
    ({ books, accounts, run }) =>
      books.transfer(accounts[from] ?? "", accounts[1 - from] ?? "", moved, `transfer ${run} ${name}`),
);
const adjust = fc.tuple(amount, key, fc.nat(1), flag).map(
  ([by, name, from, less]): Operation =>
    ({ books, accounts, run }) =>
      books.adjust(accounts[from] ?? "", less ? -by : by, `adjust ${run} ${name}`),
);
const sweep = fc.constantFrom("expire_holds", "expire_lots", "begin_month").map(
  (name): Operation =>
    ({ connections }) =>
      connections.query(`select credits.${name}(100)`),
);
const limits = fc
  .record({
    monthly: fc.integer({ min: 20, max: 500 }),
    overdraft: fc.constantFrom(0, 50),
    frozen: flag,
    daily: fc.constantFrom(10, 1000),
  })
  .map(
    (wish): Operation =>
      ({ books }) =>
        books.set(`monthly_limit = ${wish.monthly * CREDIT}, overdraft_limit = ${wish.overdraft * CREDIT},
      member_daily_limit = ${wish.daily * CREDIT}, status = '${wish.frozen ? "frozen" : "active"}'`),
  );

const operation = fc.oneof(
  { weight: 6, arbitrary: reserve },
  { weight: 5, arbitrary: settle },
  ...[release, extend, refund, sweep, limits].map((arbitrary) => ({ weight: 1, arbitrary })),
  ...[grant, transfer, adjust].map((arbitrary) => ({ weight: 2, arbitrary })),
);

/** What the ledger refuses in words, what its checks refuse, and two transactions that met: none of them changes anything. */
const REFUSALS = ["TN010", "TN011", "TN012", "23514", "40P01"];

const OPEN_OTHER = `
  insert into credits.accounts (organization_id, name, overdraft_limit) values ($1, 'other', 20000000) returning id`;
const LATEST_HOLDS = "select id from credits.holds where organization_id = $1 order by id desc limit 60";

/** Has parallel connections do random things with the books of an organization, and looks after each round whether they add up. */
export async function holdUnderRandomOperations(
  connections: pg.Pool,
  { id, owner }: Tenant,
  { runs, rounds, parallel }: { runs: number; rounds: number; parallel: number },
): Promise<void> {
  const books = booksOf(connections, id);
  const accounts = [await books.account(), (await books.one<{ id: string }>(OPEN_OTHER)).id];
  const trees = [randomUUID(), randomUUID()];
  let run = 0;
  const round = fc.array(operation, { minLength: parallel, maxLength: parallel });
  const plan = fc.array(round, { minLength: rounds, maxLength: rounds });
  const carryOut = async (operations: Operation[]) => {
    const { rows } = await connections.query<{ id: string }>(LATEST_HOLDS, [id]);
    const place = { connections, books, accounts, trees, member: owner.userId, run, holds: rows.map((row) => row.id) };
    for (const result of await Promise.allSettled(operations.map((doIt) => doIt(place))))
      if (result.status === "rejected" && !REFUSALS.includes(result.reason.code)) throw result.reason;
    await assertBalanced(connections, id);
  };
  const property = fc.asyncProperty(plan, async (operations) => {
    run += 1;
    for (const each of operations) await carryOut(each);
  });
  await fc.assert(property, { numRuns: runs, endOnFailure: true });
}
