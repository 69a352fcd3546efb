import assert from "node:assert/strict";
import { test } from "node:test";
import { createTenant, openAdmin, openTestDatabase } from "../../test/harness.ts";

const database = openTestDatabase();
const admin = await openAdmin();

const CREDIT = 1_000_000;
const WELCOME = 100 * CREDIT;

async function booksOf(organization: string) {
  const rowsOf = async (text: string) => (await admin.query(text, [organization])).rows;
  return {
    accounts: await rowsOf(
      `select a.name, b.posted::float8, b.held::float8, a.monthly_limit::float8, b.used_this_month::float8, a.status
       from credits.accounts a join credits.balances b on b.organization_id = a.organization_id and b.account_id = a.id
       where a.organization_id = $1`,
    ),
    lots: await rowsOf(
      "select source, granted::float8, remaining::float8, expires_at from credits.lots where organization_id = $1 order by id",
    ),
    legs: await rowsOf(
      `select kind, leg, amount::float8, balance_after::float8, operation_key
       from credits.ledger_entries where organization_id = $1 order by operation_key, leg`,
    ),
    operations: await rowsOf(
      "select operation_key, kind from credits.operations where organization_id = $1 order by operation_key",
    ),
  };
}

const FIRST_BOOKS = {
  accounts: [
    {
      name: "main",
      posted: WELCOME,
      held: 0,
      monthly_limit: 1000 * CREDIT,
      used_this_month: 0,
      status: "active",
    },
  ],
  lots: [{ source: "welcome", granted: WELCOME, remaining: WELCOME, expires_at: null }],
  legs: [
    { kind: "grant", leg: "account", amount: WELCOME, balance_after: WELCOME, operation_key: "welcome" },
    { kind: "grant", leg: "granted", amount: -WELCOME, balance_after: null, operation_key: "welcome" },
  ],
  operations: [{ operation_key: "welcome", kind: "grant" }],
};

/** Books credits onto an organization's account, on a connection of its own, and answers with the lot. */
async function grant(organization: string, key: string, amount: number): Promise<string> {
  const client = await openAdmin();
  const { rows } = await client.query<{ lot: string }>(
    `select credits.grant_credits(organization_id, id, 'promotion', $2, $3) as lot
     from credits.accounts where organization_id = $1 and name = 'main'`,
    [organization, amount, key],
  );
  return rows[0]?.lot ?? assert.fail();
}

test("an organization begins with an account and 100 credits, in its books", async () => {
  const { id } = await createTenant(database);
  assert.deepEqual(await booksOf(id), FIRST_BOOKS);
});

test("the account is opened once, however often and at once it is asked for", async () => {
  const { id } = await createTenant(database);
  await Promise.all([1, 2, 3, 4].map(async () => (await openAdmin()).query("select credits.open_account($1)", [id])));
  assert.deepEqual(await booksOf(id), FIRST_BOOKS);
});

test("credits that are granted twice under one key come once, at once too, and answer the same", async () => {
  const { id } = await createTenant(database);
  const lots = await Promise.all([1, 2, 3, 4].map(() => grant(id, "gift", 5 * CREDIT)));
  assert.equal(new Set(lots).size, 1);
  const { accounts, legs } = await booksOf(id);
  assert.equal(accounts[0]?.posted, WELCOME + 5 * CREDIT);
  assert.equal(
    legs.reduce((sum, { amount }) => sum + amount, 0),
    0,
  );
});

test("the same key for something else is refused, and so is an account of somebody else's", async () => {
  const { id } = await createTenant(database);
  const other = await createTenant(database);
  await grant(id, "gift", CREDIT);
  await assert.rejects(grant(id, "gift", 2 * CREDIT), { code: "TN011" });
  await assert.rejects(
    admin.query(
      `select credits.grant_credits($1, a.id, 'promotion', 1, 'x') from credits.accounts a where a.organization_id = $2`,
      [id, other.id],
    ),
    { code: "TN010" },
  );
});

test("grants under different keys at once are all there, one after the other", async () => {
  const { id } = await createTenant(database);
  await Promise.all(Array.from({ length: 8 }, (_, index) => grant(id, `gift ${index}`, CREDIT)));
  const { accounts, legs } = await booksOf(id);
  assert.equal(accounts[0]?.posted, WELCOME + 8 * CREDIT);
  const balances = legs.filter(({ leg }) => leg === "account").map(({ balance_after }) => balance_after / CREDIT);
  assert.deepEqual(
    balances.toSorted((a, b) => a - b),
    [100, 101, 102, 103, 104, 105, 106, 107, 108],
  );
});
