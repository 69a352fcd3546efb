import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { createTenant, openTestDatabase } from "../../test/harness.ts";
import { assertBalanced, booksOf, CREDIT, openBooks } from "./ledger.fixture.ts";

const database = openTestDatabase();
const connections = openBooks(10);

async function openOrganization() {
  const { id, owner } = await createTenant(database);
  return { id, member: owner.userId, email: owner.email, books: booksOf(connections, id) };
}

const times = (count: number) => Array.from({ length: count }, (_, index) => index);
const granted = (answers: { hold_id: string | null }[]) => answers.filter(({ hold_id }) => hold_id).length;

test("a tree of tasks stays under its cap, also when its tasks reserve at once, and counts what they cost", async () => {
  const { id, books } = await openOrganization();
  const tree = randomUUID();
  const { hold_id: uncapped } = await books.reserve(2 * CREDIT, "before anybody caps it", { tree });
  const ask = (key: string) => books.reserve(CREDIT, key, { tree, treeCap: 10 * CREDIT });
  const answers = await Promise.all(times(30).map((index) => ask(`wish ${index}`)));
  assert.equal(granted(answers), 8);
  assert.equal(answers.filter(({ refusal }) => refusal === "tree_cap").length, 22);
  await books.settle(uncapped, CREDIT);
  await books.release(answers.find(({ hold_id }) => hold_id)?.hold_id ?? null);
  assert.equal(granted([await ask("x"), await ask("y"), await ask("z")]), 2);
  assert.equal((await books.reserve(CREDIT, "other tree", { tree: randomUUID(), treeCap: CREDIT })).refusal, null);
  assert.ok((await ask("x")).hold_id, "what was reserved is still the same when the cap is reached");
  await assertBalanced(connections, id);
});

test("a tree's cap holds where the clock was set back, so that the tree is of later than its holds", async () => {
  const { id, books } = await openOrganization();
  const inAnHour = (Date.now() + 3_600_000).toString(16).padStart(12, "0");
  const tree = `${inAnHour.slice(0, 8)}-${inAnHour.slice(8)}-7000-8000-000000000001`;
  const ask = (key: string) => books.reserve(6 * CREDIT, key, { tree, treeCap: 10 * CREDIT });
  assert.equal((await ask("first")).refusal, null);
  assert.equal((await ask("second")).refusal, "tree_cap");
  await assertBalanced(connections, id);
});

test("a member stays under the limit of a day, unless they have one of their own; others go on", async () => {
  const { id, member, books } = await openOrganization();
  const { hold_id: yesterday } = await books.reserve(50 * CREDIT, "yesterday", { member });
  await connections.query(
    `update credits.holds set created_at = created_at - interval '1 day', id = overlay(id::text placing '01900000' from 1 for 8)::uuid where id = $1`,
    [yesterday],
  );
  await books.reserve(CREDIT, "before there is a limit", { member });
  await books.set("member_daily_limit = 5000000");
  const ask = (key: string) => books.reserve(CREDIT, key, { member });
  const answers = await Promise.all(times(20).map((index) => ask(`wish ${index}`)));
  assert.equal(granted(answers), 4);
  assert.equal(answers.filter(({ refusal }) => refusal === "member_limit").length, 16);
  assert.equal((await books.reserve(CREDIT, "nobody")).refusal, null);
  await connections.query(
    `insert into credits.member_limits (organization_id, account_id, user_id, daily_limit) select organization_id, id, $2, 6000000 from credits.accounts where organization_id = $1`,
    [id, member],
  );
  assert.equal(granted([await ask("one more"), await ask("too many")]), 1);
  await assertBalanced(connections, id);
});

test("the limit of the month counts what is used and what is set aside, and begins anew with the month", async () => {
  const { id, books } = await openOrganization();
  await books.set("monthly_limit = 20000000");
  const answers = await Promise.all(times(30).map((index) => books.reserve(CREDIT, `wish ${index}`)));
  assert.equal(granted(answers), 20);
  assert.equal(answers.filter(({ refusal }) => refusal === "monthly_limit").length, 10);
  const holds = answers.flatMap(({ hold_id }) => hold_id ?? []);
  await Promise.all(holds.map((hold) => books.settle(hold, CREDIT)));
  assert.equal((await books.reserve(CREDIT, "beyond")).refusal, "monthly_limit");
  await endMonth(id);
  assert.equal((await books.reserve(CREDIT, "in the new month")).refusal, null);
  assert.equal((await books.balance()).used, 0);
});

test("the month ends for an account on which nothing happens, and with the first charge", async () => {
  const { id, books } = await openOrganization();
  const { hold_id: hold } = await books.reserve(CREDIT, "hold");
  await books.settle((await books.reserve(CREDIT, "old")).hold_id, CREDIT);
  await endMonth(id);
  await books.settle(hold, CREDIT);
  assert.equal((await books.balance()).used, CREDIT);
  await endMonth(id);
  await books.one("select credits.begin_month(1000) from (select $1::uuid) o");
  assert.equal((await books.balance()).used, 0);
});

/** What was charged this month was charged in the one before. */
async function endMonth(organization: string): Promise<void> {
  await connections.query(
    "update credits.balances set month_ends_at = date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' where organization_id = $1",
    [organization],
  );
}

test("people are told once at 80 and once at 100 per cent, however many cross it at once", async () => {
  const { id, email, books } = await openOrganization();
  await books.set("monthly_limit = 20000000, low_balance = 0");
  const holds = await Promise.all(times(20).map((index) => books.reserve(CREDIT, `wish ${index}`)));
  const settle = (some: typeof holds) => Promise.all(some.map(({ hold_id }) => books.settle(hold_id, CREDIT)));
  await settle(holds.slice(0, 15));
  assert.deepEqual(await books.notices(), []);
  await settle(holds.slice(15, 19));
  assert.deepEqual(await books.notices(), ["month_80"]);
  await settle(holds.slice(19));
  await Promise.all(times(10).map((index) => books.reserve(CREDIT, `more ${index}`)));
  assert.deepEqual((await books.notices()).toSorted(), ["month_100", "month_80"]);
  const mails = await connections.query("select template from kernel.mails where recipient = $1 order by template", [
    email,
  ]);
  assert.deepEqual(
    mails.rows.map(({ template }) => template),
    ["credits_mostly_used", "credits_used_up"],
  );
  await assertBalanced(connections, id);
});

test("people are told that little is left, and again after more came", async () => {
  const { books } = await openOrganization();
  const run = (from: number) => Promise.all(times(8).map((index) => books.reserve(2 * CREDIT, `wish ${from + index}`)));
  await books.reserve(85 * CREDIT, "much");
  assert.deepEqual(await books.notices(), []);
  await run(0);
  await run(10);
  assert.deepEqual(await books.notices(), ["low_balance"]);
  await books.grant(10 * CREDIT, "more");
  await run(20);
  assert.deepEqual(await books.notices(), ["low_balance", "low_balance"]);
});
