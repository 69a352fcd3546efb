import type pg from "pg";
import { runBatch } from "../kernel/database/batch.ts";
import { enterStep } from "../kernel/tenancy/context.ts";
import { contextOf, createTenant, openAdmin, openTestDatabase } from "../test/harness.ts";
import { compare, type Finding, rateRows } from "./bench.ts";
import { ID_OF, makeItems } from "./items.ts";

const GOAL = 0.6;
const ROWS = 5_000;

/** One-row updates of an entered request with the record against without it; both count versions. */
export async function bench(): Promise<Finding> {
  const admin = await openAdmin();
  const database = openTestDatabase();
  await makeItems(admin);
  const tenant = await createTenant(database);
  const ids = await giveItems(admin, tenant.id);

  const update = (table: string) => (call: number) => {
    const text = `update bench.${table} set name = $3 where organization_id = $1 and id = $2`;
    const steps = [
      { text: "begin", fixed: true },
      enterStep(contextOf(database, tenant)),
      { text, values: [tenant.id, ids[call % ids.length], `Item ${call}`], fixed: true },
      { text: "commit", fixed: true },
    ];
    return database.lend("member", (client) => runBatch(client, steps));
  };
  const comparison = await compare(
    { "without the record": update("bare_items"), "with the record": update("items") },
    { calls: 4_000, callers: 4 },
  );
  return { table: rateRows(comparison), figure: comparison.ratio, goal: GOAL };
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
