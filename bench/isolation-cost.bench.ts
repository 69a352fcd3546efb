import { runBatch } from "../kernel/database/batch.ts";
import { enterStep } from "../kernel/tenancy/context.ts";
import { contextOf, createTenant, openAdmin, openTestDatabase } from "../test/harness.ts";
import { compare, type Finding, rateRows } from "./bench.ts";
import { ID_OF, ITEMS, listOf, makeItems, ORGANIZATIONS } from "./items.ts";

const GOAL = 0.9;
const STATEMENTS = 40;

/** The same list on 1,000,000 rows with and without row-level security, many times in one entered transaction. */
export async function bench(): Promise<Finding> {
  const admin = await openAdmin();
  const database = openTestDatabase();
  await makeItems(admin);
  const tenant = await createTenant(database);
  await admin.query("set session_replication_role = replica");
  await admin.query(`update bench.items set organization_id = $1 where organization_id = ${ID_OF("7")}`, [tenant.id]);
  await admin.query(`update bench.bare_items set organization_id = $1 where organization_id = ${ID_OF("7")}`, [
    tenant.id,
  ]);
  await admin.query("vacuum analyze bench.items, bench.bare_items");

  const lists = (table: string) => {
    const list = { text: listOf(table), values: [tenant.id], fixed: true };
    const steps = [
      { text: "begin", fixed: true },
      enterStep(contextOf(database, tenant)),
      ...Array(STATEMENTS).fill(list),
      { text: "commit", fixed: true },
    ];
    return () => database.lend("member", (client) => runBatch(client, steps));
  };
  const comparison = await compare(
    { without: lists("bare_items"), "with row-level security": lists("items") },
    { calls: 1_500, callers: 4 },
  );
  const table = rateRows(comparison).map((row) => ({
    ...row,
    "lists per second": Number(row["per second"]) * STATEMENTS,
    rows: ITEMS,
    organizations: ORGANIZATIONS,
  }));
  return { table, figure: comparison.ratio, goal: GOAL };
}
