import type pg from "pg";
import { DAYS, FUNCTIONS, KINDS, rowsOf, SHARES, type Size } from "./plan.ts";

const LABELERS = 5;

/** Everyone of the large demo: nobody has a password. The first owns all organizations, the second reviews, the others label. */
const PEOPLE = `
  create temporary table large_people as
  with made as (
    insert into identity.users (email, full_name, email_verified_at)
    select 'large-' || n || '@northwind.example', 'Person ' || n, now() from generate_series(1, ${2 + LABELERS}) n
    returning id, full_name
  ) select id, split_part(full_name, ' ', 2)::integer as place from made`;

const ORGANIZATIONS = `
  create temporary table large_organizations as
  select n as place, organizations.found_organization((select id from large_people where place = 1), 'Large ' || n, 'large-' || n, '{"operation": "demo.large"}') as id
  from generate_series(1, $1::integer) n`;

const MEMBERS = `
  select count(organizations.add_member(o.id, p.id, array[case p.place when 2 then 'reviewer' else 'labeler' end])::text)
  from large_organizations o cross join large_people p where p.place > 1`;

const PARTITIONS = `
  select kernel.make_partition('analytics.events', month::date)
  from generate_series(date_trunc('month', (now() - interval '${DAYS} days') at time zone 'UTC'), now() at time zone 'UTC', '1 month') month`;

/** Makes the organizations and their people, as anyone else's are made, and says whose the rows will be. */
export async function makeOrganizations(admin: pg.Client, size: Size): Promise<void> {
  await admin.query(FUNCTIONS);
  await admin.query(PEOPLE);
  await admin.query(ORGANIZATIONS, [size.organizations]);
  await admin.query(MEMBERS);
  await admin.query("select set_config('tenon.user_id', '', true), set_config('tenon.request', '', true)");
  await admin.query(PARTITIONS);
  await admin.query(SHARES, [size.organizations, KINDS, KINDS.map((kind) => rowsOf(kind, size))]);
}
