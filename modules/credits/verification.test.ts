import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import pg from "pg";
import { atEnd, createScratchDatabase, createTenant, openTestDatabase } from "../../test/harness.ts";
import { booksOf, CREDIT } from "./ledger.fixture.ts";
import { verifyLedger } from "./verification.ts";

/** What somebody with the owner's rights might do behind the ledger's back, and which invariants tell of it. */
const DAMAGES: Record<string, { sql: string; told: string[] }> = {
  "a balance that was raised": {
    sql: "update credits.balances set posted = posted + 1",
    told: ["what is on an account is the sum of its entries", "what is left of the lots is what is on the account"],
  },
  "a hold whose account forgot it": {
    sql: "update credits.balances set held = held - 1",
    told: ["what is set aside is the sum of the active holds"],
  },
  "a lot that was filled": {
    sql: "update credits.lots set remaining = remaining - 1 where source = 'plan'",
    told: ["what is left of the lots is what is on the account", "what is left of a lot is the sum of its entries"],
  },
  "a leg that was raised": {
    sql: "update credits.ledger_entries set amount = amount + 1 where leg = 'granted' and operation_key = 'plan'",
    told: ["the legs of an operation add up to zero"],
  },
  "an entry that says another balance": {
    sql: "update credits.ledger_entries set balance_after = balance_after + 1 where leg = 'account' and operation_key = 'plan'",
    told: ["each entry says what was on the account after it"],
  },
  "an operation whose entries were taken away": {
    sql: "delete from credits.ledger_entries where operation_key = 'plan'",
    told: [
      "what is on an account is the sum of its entries",
      "what is left of a lot is the sum of its entries",
      "each entry says what was on the account after it",
      "every operation that was done is in the books, and every entry is of one",
    ],
  },
  "a hold that says it was charged more": {
    sql: "update credits.holds set settled = settled + 1 where status = 'settled'",
    told: ["a hold that was settled was charged what it says", "what a tree or a member spent is the sum of the holds"],
  },
  "a hold that was taken away before its time": {
    sql: "delete from credits.holds where status = 'settled'",
    told: [
      "a hold that was settled was charged what it says",
      "what a tree or a member spent is the sum of the holds",
      "every operation that was done is in the books, and every entry is of one",
    ],
  },
  "an operation whose answer was taken away before its time": {
    sql: "delete from credits.operations where operation_key = 'plan'",
    told: ["every operation that was done is in the books, and every entry is of one"],
  },
  "a month that forgot a charge": {
    sql: "update credits.balances set used_this_month = used_this_month - 1",
    told: ["what was used this month is the sum of its charges"],
  },
  "an account that is overdrawn": {
    sql: "alter table credits.balances drop constraint balances_check; update credits.balances set held = posted + 1",
    told: ["what is set aside is the sum of the active holds", "no account is below its overdraft"],
  },
  "a limit that is another beside the balance": {
    sql: "update credits.balances set monthly_limit = 1",
    told: ["limits stand the same on the account and beside its balance"],
  },
  "a tree that forgot what it spent": {
    sql: "update credits.spending set amount = 0",
    told: ["what a tree or a member spent is the sum of the holds"],
  },
  "usage that was counted twice": {
    sql: "update credits.usage_periods set amount = amount * 2",
    told: ["usage adds up to what its events say"],
  },
};

let client: pg.Client;

before(async () => {
  const login = await createScratchDatabase();
  const { id } = await createTenant(openTestDatabase(login));
  const connections = new pg.Pool({ ...login, max: 2 });
  atEnd(() => connections.end());
  const books = booksOf(connections, id);
  await books.grant(50 * CREDIT, "plan");
  await connections.query("update credits.lots set source = 'plan' where source = 'purchase'");
  const tree = randomUUID();
  const { hold_id: hold } = await books.reserve(20 * CREDIT, "a", { tree, treeCap: 50 * CREDIT });
  await books.reserve(5 * CREDIT, "b", { tree });
  await books.settle(hold, 12 * CREDIT);
  await books.refund(hold, CREDIT, "refund");
  await books.one("select credits.record_usage($1, $2)", [
    JSON.stringify([{ key: "a", event: "ai_call", resource: "ai_tokens", amount: 7 }]),
  ]);
  client = new pg.Client(login);
  await client.connect();
  atEnd(() => client.end());
});

/** The names of the invariants that do not hold. */
async function brokenInvariants(): Promise<string[]> {
  const broken = [];
  for await (const { name, violations, shown, rows } of verifyLedger(client)) {
    assert.ok(rows > 0, `${name} looks at rows`);
    assert.equal(violations > 0, shown.length > 0);
    if (violations > 0) broken.push(name);
  }
  return broken;
}

test("books that the ledger kept hold every invariant", async () => {
  assert.deepEqual(await brokenInvariants(), []);
});

describe("what is changed behind the ledger's back is found", () => {
  for (const [damage, { sql, told }] of Object.entries(DAMAGES)) {
    test(damage, async () => {
      // The damage is taken back with the transaction, in which the reading is a part.
      await client.query("begin; set local session_replication_role = replica");
      try {
        await client.query(sql);
        assert.deepEqual(await brokenWithin(), told);
      } finally {
        await client.query("rollback");
      }
    });
  }
});

/** As `brokenInvariants`, in the transaction that is open. */
async function brokenWithin(): Promise<string[]> {
  const within = {
    query: (text: string, values?: unknown[]) =>
      /^(begin|rollback)/.test(text) ? Promise.resolve({ rows: [] }) : client.query(text, values),
  };
  const broken = [];
  for await (const { name, violations } of verifyLedger(within as unknown as pg.ClientBase))
    if (violations > 0) broken.push(name);
  return broken;
}
