import type pg from "pg";
import { withRoleNames } from "../kernel/database/roles.ts";
import { type Tenant, testServer } from "../test/harness.ts";

export const ORGANIZATIONS = 200;
export const ITEMS = 1_000_000;

/** A made-up id, the same for the same number. */
export const ID_OF = (expression: string) =>
  `('01980000-0000-7000-8000-' || lpad(to_hex(${expression}), 12, '0'))::uuid`;

/** The same id, made here. */
export function idOf(number: number): string {
  return `01980000-0000-7000-8000-${number.toString(16).padStart(12, "0")}`;
}

/**
 * Makes `bench.items`, a tenant table like any other with 1,000,000 rows of 200 organizations, and `bench.bare_items`, the
 * same rows without row-level security, policies and the record. `organizations` are the owners, or none are checked.
 */
export async function makeItems(admin: pg.Client): Promise<void> {
  await makeItemTables(admin);
  await admin.query("set session_replication_role = replica");
  await admin.query(
    `insert into bench.items (organization_id, id, name, status, amount)
     select ${ID_OF(`n % ${ORGANIZATIONS}`)}, ${ID_OF("n")}, 'Item ' || n, (array['open', 'done', 'late'])[n % 3 + 1], n
     from generate_series(1, ${ITEMS}) n`,
  );
  await admin.query("insert into bench.bare_items select * from bench.items");
  await admin.query("reset session_replication_role");
  await admin.query("vacuum analyze bench.items, bench.bare_items");
}

/** Makes the tables alone. */
export async function makeItemTables(admin: pg.Client): Promise<void> {
  await admin.query(withRoleNames(TABLES, testServer.prefix));
}

const TABLES = `
  set role tenon_owner;
  call kernel.module_schema('bench');
  create table bench.items (
    organization_id uuid not null,
    id uuid not null default kernel.uuid_v7(),
    name text not null,
    status text not null,
    amount bigint not null,
    primary key (organization_id, id)
  );
  call kernel.tenant_table('bench.items');
  create index items_by_status on bench.items (organization_id, status, id);
  create table bench.bare_items (like bench.items including defaults including indexes);
  create trigger touch before update on bench.bare_items for each row execute function kernel.touch();
  grant select, insert, update, delete on bench.bare_items to tenon_member;
  reset role`;

/** What a noun shows of an item. */
export const ITEM_COLUMNS = "id, name, status, amount, version, created_at, updated_at";

/** Whose items are given to a tenant. */
const GIVEN = 7;

/** The id of one of the items that `giveItems` gives. */
export function givenId(call: number): string {
  return idOf(GIVEN + ORGANIZATIONS * (call % (ITEMS / ORGANIZATIONS)));
}

/** Gives a tenant the items of one organization, the bare ones too. */
export async function giveItems(admin: pg.Client, { id }: Tenant): Promise<void> {
  await admin.query("set session_replication_role = replica");
  for (const table of ["items", "bare_items"])
    await admin.query(
      `update bench.${table} set organization_id = $1 where organization_id = ${ID_OF(String(GIVEN))}`,
      [id],
    );
  await admin.query("reset session_replication_role");
  await admin.query("vacuum analyze bench.items, bench.bare_items");
}

/** The list that a page shows: 50 rows of one organization as JSON. */
export function listOf(table: string): string {
  return `select coalesce(json_agg(i), '[]')::text from (
    select id, name, status, amount, version from bench.${table}
    where organization_id = $1 and status = 'open' order by id limit 50) i`;
}
