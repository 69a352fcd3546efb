import type pg from "pg";
import { runBatch } from "../kernel/database/batch.ts";
import type { Context } from "../kernel/tenancy/context.ts";
import { queryText } from "../kernel/tenancy/transaction.ts";
import { contextOf, createTenant, openAdmin, openTestDatabase, type Tenant } from "../test/harness.ts";
import { compare, type Finding, rateRows } from "./bench.ts";
import { ID_OF, listOf, makeItems } from "./items.ts";

const GOAL = 0.6;
const PEOPLE = 100_000;
const ORGANIZATIONS = 1_000;
const SESSIONS_EACH = 3;
const TENANTS = 8;

/** A list with entering, in one batch, against the bare statement by the same driver on the same connections. */
export async function bench(): Promise<Finding> {
  const admin = await openAdmin();
  const database = openTestDatabase();
  await makeItems(admin);
  await makePeople(admin);
  const tenants = await Promise.all(Array.from({ length: TENANTS }, () => createTenant(database)));
  await giveItems(admin, tenants);

  const contexts = tenants.map((tenant) => contextOf(database, tenant));
  const contextAt = (call: number): Context => contexts[call % TENANTS] as Context;
  const step = (table: string, { organization }: Context) => ({
    text: listOf(table),
    values: [organization.id],
    fixed: true,
  });
  const comparison = await compare(
    {
      "bare statement": (call) =>
        database.lend("member", (client) => runBatch(client, [step("bare_items", contextAt(call))])),
      "entered, in one batch": (call) => queryText(contextAt(call), step("items", contextAt(call))),
    },
    { calls: 42_000, callers: 16 },
  );
  return { table: rateRows(comparison), figure: comparison.ratio, goal: GOAL };
}

/** 100,000 people in 1,000 organizations with 300,000 sessions, so that the look-ups have something to look through. */
async function makePeople(admin: pg.Client): Promise<void> {
  await admin.query("set session_replication_role = replica");
  await admin.query(`insert into identity.users (id, email, full_name)
    select ${ID_OF("n")}, 'person' || n || '@example.com', 'Person ' || n from generate_series(1, ${PEOPLE}) n`);
  await admin.query(`insert into organizations.organizations (id, name, slug)
    select ${ID_OF("n")}, 'Organization ' || n, 'organization-' || n from generate_series(1, ${ORGANIZATIONS}) n`);
  await admin.query(`insert into organizations.memberships (organization_id, user_id, display_name, email, effective_permissions)
    select ${ID_OF(`n % ${ORGANIZATIONS} + 1`)}, ${ID_OF("n")}, 'Person ' || n, 'person' || n || '@example.com',
           (select jsonb_object_agg(name, 'organization') from organizations.permissions)
    from generate_series(1, ${PEOPLE}) n`);
  await admin.query(`insert into identity.user_sessions (user_id, kind, secret_hash, expires_at, ends_at)
    select ${ID_OF("n")}, 'browser', sha256(convert_to(n || 'secret' || s, 'UTF8')), now() + interval '30 days', now() + interval '30 days'
    from generate_series(1, ${PEOPLE}) n cross join generate_series(1, ${SESSIONS_EACH}) s`);
  await admin.query("reset session_replication_role");
  await admin.query("vacuum analyze");
}

async function giveItems(admin: pg.Client, tenants: Tenant[]): Promise<void> {
  await admin.query("set session_replication_role = replica");
  for (const [index, tenant] of tenants.entries()) {
    for (const table of ["items", "bare_items"]) {
      await admin.query(
        `update bench.${table} set organization_id = $1 where organization_id = ${ID_OF(String(index + 1))}`,
        [tenant.id],
      );
    }
  }
  await admin.query("vacuum analyze");
}
