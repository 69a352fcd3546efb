import { randomUUID } from "node:crypto";
import pg from "pg";
import { runBatch } from "../kernel/database/batch.ts";
import { atEnd, createTenant, openAdmin, openTestDatabase, testServer } from "../test/harness.ts";
import { compare, type Finding, rateRows } from "./bench.ts";

const HOT_GOAL = 0.5;
const COLD_GOAL = 0.4;
/** An account is hot when many connections want it at once. */
const CALLERS = 20;
const ACCOUNTS = 1_000;
const LOAD = { calls: 28_000, callers: CALLERS };
/** Enough for every reservation of every round. */
const BALANCE = 1_000_000_000_000;

const RESERVE = `select credits.try_reserve($1, $2, 1000, $3, $4, $5, $6, null, now() + interval '1 minute')`;
const UPDATE = "update bench.counters set held = held + 1000 where organization_id = $1 and id = $2";

/**
 * Reservations against a bare update of one row, each its own transaction on the same connections, in which the functions run
 * as the task engine's run them: with no policy between them and the tables. Once on one account, once on a thousand.
 */
export async function bench(): Promise<Finding> {
  const admin = await openAdmin();
  const tenant = await createTenant(openTestDatabase());
  const accounts = await makeAccounts(admin, tenant.id);
  // Under a request, as everything is that is done for somebody.
  const options = `-c tenon.request=${JSON.stringify({ actor: "user", operation: "credits.reserve", request_id: randomUUID() })}`;
  const pool = new pg.Pool({ ...testServer.admin, max: CALLERS, options });
  atEnd(() => pool.end());
  const ask = async (text: string, values: unknown[]) => {
    const client = await pool.connect();
    await runBatch(client, [{ text, values, fixed: true }]);
    client.release();
  };
  const person = tenant.owner.userId;
  const reserve = (account: string) => {
    const task = randomUUID();
    return ask(RESERVE, [tenant.id, account, task, task, task, person]);
  };
  const accountOf = (call: number) => accounts[call % accounts.length] ?? "";
  const hot = await compare(
    {
      "a bare update of one row": () => ask(UPDATE, [tenant.id, accountOf(0)]),
      "reservations on one account": () => reserve(accountOf(0)),
    },
    LOAD,
  );
  const cold = await compare(
    {
      "bare updates of many rows": (call) => ask(UPDATE, [tenant.id, accountOf(call)]),
      "reservations on many accounts": (call) => reserve(accountOf(call)),
    },
    LOAD,
  );
  return {
    table: [...rateRows(hot), ...rateRows(cold)],
    figure: hot.ratio,
    goal: HOT_GOAL,
    more: [{ name: "many accounts", figure: cold.ratio, goal: COLD_GOAL }],
  };
}

/** Accounts with credits in their books, and as many bare rows with the same keys. */
async function makeAccounts(admin: pg.Client, organization: string): Promise<string[]> {
  await admin.query(`
    create schema bench;
    create table bench.counters (organization_id uuid, id uuid, held bigint not null default 0, primary key (organization_id, id)) with (fillfactor = 50)`);
  const { rows } = await admin.query<{ id: string }>(
    `insert into credits.accounts (organization_id, name, monthly_limit)
     select $1, 'Account ' || n, $2 from generate_series(1, ${ACCOUNTS}) n returning id`,
    [organization, BALANCE],
  );
  await admin.query(
    `select credits.grant_credits(organization_id, id, 'plan', ${BALANCE}, id::text) from credits.accounts where organization_id = $1 and name <> 'main'`,
    [organization],
  );
  await admin.query("insert into bench.counters select organization_id, id from credits.accounts where name <> 'main'");
  await admin.query("vacuum analyze");
  return rows.map(({ id }) => id);
}
