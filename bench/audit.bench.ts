import pg from "pg";
import { runBatch } from "../kernel/database/batch.ts";
import { enterStep } from "../kernel/tenancy/context.ts";
import { atEnd, contextOf, createTenant, openAdmin, openTestDatabase, testServer } from "../test/harness.ts";
import { compare, type Finding, rateRows } from "./bench.ts";
import { ID_OF, makeItems } from "./items.ts";

const GOAL = 0.6;
const ROWS = 5_000;
const CALLERS = 4;
const BEGIN = { text: "begin", fixed: true };
const COMMIT = { text: "commit", fixed: true };

/**
 * One-row updates with the record against without it; both count versions. What counts is the whole request, since nobody
 * changes anything without entering; the statement alone shows what the triggers themselves cost.
 */
export async function bench(): Promise<Finding> {
  const admin = await openAdmin();
  const database = openTestDatabase();
  await makeItems(admin);
  const tenant = await createTenant(database);
  const ids = await giveItems(admin, tenant.id);

  const statement = (table: string, call: number) => ({
    text: `update bench.${table} set name = $3 where organization_id = $1 and id = $2`,
    values: [tenant.id, ids[call % ids.length], `Item ${call}`],
    fixed: true,
  });
  const request = (table: string) => (call: number) => {
    const steps = [BEGIN, enterStep(contextOf(database, tenant)), statement(table, call), COMMIT];
    return database.lend("member", (client) => runBatch(client, steps));
  };
  const pool = new pg.Pool({ ...testServer.admin, max: CALLERS });
  atEnd(() => pool.end());
  const alone = (table: string) => async (call: number) => {
    const client = await pool.connect();
    await runBatch(client, [statement(table, call)]);
    client.release();
  };

  const load = { calls: 28_000, callers: CALLERS };
  const requests = await compare(
    { "a request, off the record": request("bare_items"), "on the record": request("items") },
    load,
  );
  const statements = await compare(
    { "the statement alone, off": alone("bare_items"), "on the record": alone("items") },
    load,
  );
  return { table: [...rateRows(requests), ...rateRows(statements)], figure: requests.ratio, goal: GOAL };
}

async function giveItems(admin: pg.Client, organization: string): Promise<string[]> {
  await admin.query("set session_replication_role = replica");
  for (const table of ["items", "bare_items"]) {
    await admin.query(`update bench.${table} set organization_id = $1 where organization_id = ${ID_OF("7")}`, [
      organization,
    ]);
  }
  await admin.query("vacuum analyze");
  const { rows } = await admin.query<{ id: string }>("select id from bench.items where organization_id = $1 limit $2", [
    organization,
    ROWS,
  ]);
  return rows.map((row) => row.id);
}
