import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { createTenant, openAdmin, openTestDatabase } from "../../test/harness.ts";
import { assertBalanced, type Books, booksOf, CREDIT, openBooks, WELCOME } from "./ledger.fixture.ts";

const database = openTestDatabase();
const connections = openBooks(20);

async function openOrganization(): Promise<{ id: string; member: string; books: Books }> {
  const { id, owner } = await createTenant(database);
  return { id, member: owner.userId, books: booksOf(connections, id) };
}

/** An hour later, as far as what expires is concerned. */
async function passTime(organization: string, table: "holds" | "lots"): Promise<void> {
  await connections.query(
    `update credits.${table} set expires_at = expires_at - interval '1 hour' where organization_id = $1`,
    [organization],
  );
}

const times = (count: number) => Array.from({ length: count }, (_, index) => index);

test("of 200 reservations at once against 50 credits exactly 50 succeed", async () => {
  const { id, books } = await openOrganization();
  await books.adjust(await books.account(), -50 * CREDIT, "half");
  const answers = await Promise.all(times(200).map((index) => books.reserve(CREDIT, `wish ${index}`)));
  assert.equal(answers.filter(({ hold_id }) => hold_id).length, 50);
  assert.equal(answers.filter(({ refusal }) => refusal === "out_of_credit").length, 150);
  assert.deepEqual(await books.balance(), { posted: 50 * CREDIT, held: 50 * CREDIT, used: 0 });
  const { holds } = await books.one<{ holds: number }>(
    "select count(*)::int as holds from credits.holds where organization_id = $1",
  );
  assert.equal(holds, 50, "a refusal leaves nothing behind");
  await assertBalanced(connections, id);
});

test("each verb that is asked for twice at once is done once and answers the same", async () => {
  const { id, books } = await openOrganization();
  const main = await books.account();
  const { id: other } = await books.one<{ id: string }>(
    "insert into credits.accounts (organization_id, name) values ($1, 'other') returning id",
  );
  const twice = async <T>(ask: () => Promise<T>): Promise<T> => {
    const [first, ...rest] = await Promise.all([ask(), ask(), ask(), ask()]);
    for (const answer of rest) assert.deepEqual(answer, first);
    assert.deepEqual(await ask(), first);
    return first as T;
  };
  const { hold_id: hold } = await twice(() => books.reserve(10 * CREDIT, "hold"));
  const { hold_id: spare } = await twice(() => books.reserve(10 * CREDIT, "spare"));
  assert.ok(hold && spare);
  assert.deepEqual(await twice(() => books.settle(hold, 7 * CREDIT)), {
    status: "settled",
    charged: 7 * CREDIT,
    uncollected: 0,
  });
  assert.equal(await twice(() => books.release(spare)), "released");
  await twice(() => books.grant(3 * CREDIT, "grant"));
  await twice(() => books.refund(hold, 2 * CREDIT, "refund"));
  await twice(() => books.transfer(main, other, 5 * CREDIT, "transfer"));
  await twice(() => books.adjust(main, -1 * CREDIT, "less"));
  await twice(() => books.adjust(main, 4 * CREDIT, "more"));
  assert.deepEqual(await books.balance(), {
    posted: WELCOME + (3 - 7 + 2 - 5 - 1 + 4) * CREDIT,
    held: 0,
    used: 7 * CREDIT,
  });
  assert.deepEqual(await books.balance("other"), { posted: 5 * CREDIT, held: 0, used: 0 });
  for (const other of [
    () => books.reserve(11 * CREDIT, "hold"),
    () => books.grant(4 * CREDIT, "grant"),
    () => books.adjust(main, 4 * CREDIT, "less"),
    () => books.grant(4 * CREDIT, "refund"),
  ])
    await assert.rejects(other(), { code: "TN011" });
  await assertBalanced(connections, id);
});

test("work that costs more takes what is free, and the rest is written down as uncollected", async () => {
  const { id, books } = await openOrganization();
  const { hold_id: small } = await books.reserve(10 * CREDIT, "small");
  const { hold_id: other } = await books.reserve(60 * CREDIT, "other");
  assert.deepEqual(await books.settle(small, 50 * CREDIT), {
    status: "settled",
    charged: 40 * CREDIT,
    uncollected: 10 * CREDIT,
  });
  assert.deepEqual(await books.balance(), { posted: 60 * CREDIT, held: 60 * CREDIT, used: 40 * CREDIT });
  assert.deepEqual(await books.settle(other, 0), { status: "settled", charged: 0, uncollected: 0 });
  await assert.rejects(books.refund(small, 41 * CREDIT, "too much"), { code: "TN011" });
  await books.refund(small, 40 * CREDIT, "all of it");
  assert.deepEqual(await books.balance(), { posted: WELCOME, held: 0, used: 40 * CREDIT });
  await assertBalanced(connections, id);
});

test("an account may be overdrawn as far as it is allowed, and what comes covers the debt first", async () => {
  const { id, books } = await openOrganization();
  await books.set("overdraft_limit = 30000000");
  assert.equal((await books.reserve(131 * CREDIT, "too much")).refusal, "out_of_credit");
  const { hold_id: hold } = await books.reserve(130 * CREDIT, "all");
  assert.equal((await books.settle(hold, 130 * CREDIT)).charged, 130 * CREDIT);
  assert.equal((await books.balance()).posted, -30 * CREDIT);
  await assertBalanced(connections, id);
  await books.grant(20 * CREDIT, "a part");
  await assertBalanced(connections, id);
  await books.grant(20 * CREDIT, "more than all");
  assert.equal((await books.balance()).posted, 10 * CREDIT);
  await assertBalanced(connections, id);
});

test("a hold ends when its work is not heard of any more, and work that was done all the same is paid out of what is free", async () => {
  const { id, books } = await openOrganization();
  const [lost, alive, late] = await Promise.all(
    ["lost", "alive", "late"].map((key) => books.reserve(30 * CREDIT, key)),
  );
  const { extended } = await books.one<{ extended: number }>(
    "select credits.extend_holds(array[$1::uuid], array[$2::uuid], now() + interval '2 hours') as extended",
    [alive?.hold_id],
  );
  assert.equal(extended, 1);
  await passTime(id, "holds");
  await books.one("select credits.expire_holds(1000) from (select $1::uuid) o");
  assert.equal((await books.balance()).held, 30 * CREDIT);
  assert.equal(await books.release(lost?.hold_id ?? null), "expired");
  assert.deepEqual(await books.settle(late?.hold_id ?? null, 80 * CREDIT), {
    status: "settled",
    charged: 70 * CREDIT,
    uncollected: 10 * CREDIT,
  });
  await assertBalanced(connections, id);
});

test("a hold tells under what it was made and closed, and of no address", async () => {
  const { id, owner } = await createTenant(database);
  const admin = await openAdmin();
  const request_id = randomUUID();
  const under = (operation: string) =>
    admin.query("select set_config('tenon.request', $1, false)", [
      JSON.stringify({ actor: "user", operation, request_id, address: "127.0.0.1", agent: "test" }),
    ]);
  await under("papers.read");
  const { rows } = await admin.query("select credits.reserve($1, 5, $2, $3, now() + interval '1 minute') as id", [
    id,
    request_id,
    owner.userId,
  ]);
  await under("papers.keep");
  await admin.query("select credits.settle_hold($1, $2, 3)", [id, rows[0].id]);
  const told = await admin.query("select user_id, opened_under, closed_under from credits.holds where id = $1", [
    rows[0].id,
  ]);
  assert.deepEqual(told.rows, [
    {
      user_id: owner.userId,
      opened_under: { actor: "user", operation: "papers.read", request_id },
      closed_under: { actor: "user", operation: "papers.keep", request_id },
    },
  ]);
});

test("what a hold tells of its beginning and its end is bounded, for whoever writes it", async () => {
  const { books } = await openOrganization();
  const { hold_id: hold } = await books.reserve(CREDIT, "hold");
  for (const column of ["opened_under", "closed_under"])
    await assert.rejects(
      connections.query(
        `update credits.holds set ${column} = (select jsonb_object_agg(n, gen_random_uuid()) from generate_series(1, 50) n) where id = $1`,
        [hold],
      ),
      { code: "23514" },
      column,
    );
});

test("what was released is not charged any more", async () => {
  const { id, books } = await openOrganization();
  const { hold_id: hold } = await books.reserve(CREDIT, "hold");
  await books.release(hold);
  assert.deepEqual(await books.settle(hold, CREDIT), { status: "released", charged: 0, uncollected: 0 });
  await assertBalanced(connections, id);
});

test("lots are used up by priority, then by what expires first, then by age", async () => {
  const { id, books } = await openOrganization();
  const later = await books.grant(CREDIT, "later", { expiresIn: 7200, priority: 5 });
  const sooner = await books.grant(CREDIT, "sooner", { expiresIn: 3600, priority: 5 });
  const never = await books.grant(CREDIT, "never", { priority: 5 });
  const first = await books.grant(CREDIT, "first", { priority: 1 });
  const order: unknown[] = [];
  for (const index of times(4)) {
    await books.settle((await books.reserve(CREDIT, `wish ${index}`)).hold_id, CREDIT);
    const { rows } = await connections.query(
      "select id from credits.lots where organization_id = $1 and remaining = 0 and id <> all ($2)",
      [id, order],
    );
    order.push(rows[0]?.id);
  }
  assert.deepEqual(order, [first, sooner, later, never]);
  await assertBalanced(connections, id);
});

test("what expires is void, but never what is set aside", async () => {
  const { id, books } = await openOrganization();
  await books.grant(20 * CREDIT, "short", { expiresIn: 60, priority: 1 });
  const { hold_id: hold } = await books.reserve(110 * CREDIT, "hold");
  await passTime(id, "lots");
  const expire = () => books.one("select credits.expire_lots(1000) as expired from (select $1::uuid) o");
  await Promise.all([expire(), expire(), expire()]);
  assert.deepEqual(await books.balance(), { posted: 110 * CREDIT, held: 110 * CREDIT, used: 0 });
  await expire();
  assert.equal((await books.balance()).posted, 110 * CREDIT);
  await books.settle(hold, CREDIT);
  await expire();
  assert.equal(
    (await books.balance()).posted,
    100 * CREDIT,
    "the charge took one of those that expire, the rest is void",
  );
  await assertBalanced(connections, id);
});

test("what is moved to another account expires when it would have", async () => {
  const { id, books } = await openOrganization();
  await books.grant(5 * CREDIT, "short", { expiresIn: 3600, priority: 1 });
  const { id: other } = await books.one<{ id: string }>(
    "insert into credits.accounts (organization_id, name) values ($1, 'other') returning id",
  );
  await books.transfer(await books.account(), other, 8 * CREDIT, "move");
  const { rows } = await connections.query(
    "select granted::float8, expires_at is not null as expires, priority from credits.lots where organization_id = $1 and account_id = $2 order by id",
    [id, other],
  );
  assert.deepEqual(rows, [
    { granted: 5 * CREDIT, expires: true, priority: 1 },
    { granted: 3 * CREDIT, expires: false, priority: 10 },
  ]);
  await books.reserve(90 * CREDIT, "hold");
  await assert.rejects(books.transfer(await books.account(), other, 8 * CREDIT, "held"), { code: "TN011" });
  await assertBalanced(connections, id);
});

test("a frozen account pays nothing new, and work under way is settled", async () => {
  const { id, books } = await openOrganization();
  const { hold_id: hold } = await books.reserve(10 * CREDIT, "hold");
  await books.set("status = 'frozen'");
  assert.equal((await books.reserve(CREDIT, "new")).refusal, "frozen");
  assert.equal((await books.settle(hold, 12 * CREDIT)).charged, 10 * CREDIT);
  await assertBalanced(connections, id);
});

test("nobody reserves what is less than nothing, or from an account that is not there", async () => {
  const { books } = await openOrganization();
  await assert.rejects(books.reserve(-1, "less"), { code: "TN012" });
  await assert.rejects(books.reserve(1, "nowhere", { account: randomUUID() }), { code: "TN010" });
  await assert.rejects(books.settle(randomUUID(), 1), { code: "TN010" });
});
