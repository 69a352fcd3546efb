import assert from "node:assert/strict";
import { test } from "node:test";
import type pg from "pg";
import { createTenant, openTestDatabase } from "../../../test/harness.ts";
import { migrate } from "../migrate.ts";
import {
  backUp,
  digestOf,
  fill,
  foundation,
  keyring,
  migrationAfter,
  migrations,
  newDatabase,
  restore,
} from "./backup.fixture.ts";

/** A table with values of all kinds, and with columns that are not copied. */
const ODD = migrationAfter(
  migrations,
  "9001_odd",
  `create table kernel.odd (
     id integer generated always as identity primary key, dropped text, "Odd ""name" text, amount numeric, ratio double precision,
     bytes bytea, document jsonb, at timestamptz, span interval, list text[], address inet, seen pg_snapshot,
     doubled integer not null generated always as (id * 2) stored
   );
   alter table kernel.odd drop column dropped;
   create materialized view kernel.odd_count as select count(*) as rows from kernel.odd;
   insert into kernel.odd ("Odd ""name") values ('from the migration');`,
);
const WITH_ODD = [...migrations, ODD];

async function fillOdd(admin: pg.Client): Promise<void> {
  const texts = ["", "\\N", "\\.", "'", '"', "a\nb\r\nc\td\\n\\", "🙂 ü \u0001\u007f", "x".repeat(3_000_000), null];
  for (const text of texts) {
    await admin.query('insert into kernel.odd ("Odd ""name", document, list) values ($1, $2, $3)', [
      text,
      JSON.stringify({ text, deep: [null, "", 1e-300, { "": "\\u0041" }] }),
      [text, "", null, '{"a", b}'],
    ]);
  }
  await admin.query(
    `insert into kernel.odd (amount, ratio, bytes, at, span, address, seen) values
       ('NaN', 'NaN', '\\x', 'infinity', '-1 mon +2 days -00:00:00.000001', '::1/128', '10:20:10,14'),
       ('Infinity', '-Infinity', '\\x00ff0a5c', '4713-01-01 BC', '100000 years', '10.0.0.0/8', '1:1:'),
       (-0.000000000000000000001234567890, 0.1::float8 + 0.2, sha256(''), '2026-03-29 02:30:00.123456+01', '0', null, null),
       (12345678901234567890123456789012345678901234567890.5, 5e-324, null, '0001-01-01', '1 year', null, null)`,
  );
  await admin.query("delete from kernel.odd where id = 1");
}

test("a restored database holds the same, byte for byte, and goes on where the first one stood", async () => {
  const source = await newDatabase(WITH_ODD);
  await fill(source.login, source.admin);
  await fillOdd(source.admin);
  const target = await newDatabase();
  const summary = await restore(target.login, await backUp(source.login), WITH_ODD);
  const digest = await digestOf(source.admin);
  assert.deepEqual(await digestOf(target.admin), digest);
  const rows = Object.values(digest).reduce((sum, entry) => sum + Number.parseInt(entry, 10), 0);
  assert.deepEqual(summary.keyIds, [keyring.keys[0].id]);
  assert.equal(summary.rows, rows);

  for (const statement of [
    "select last_value, is_called from audit.entry_seq",
    'insert into kernel.odd ("Odd ""name") values (\'next\') returning id, doubled',
    "refresh materialized view kernel.odd_count; select rows from kernel.odd_count",
  ]) {
    const [expected, actual] = [await source.admin.query(statement), await target.admin.query(statement)];
    assert.deepEqual([actual].flat().at(-1)?.rows, [expected].flat().at(-1)?.rows, statement);
  }
  await createTenant(openTestDatabase(target.login));
});

test("what follows from the rows is there too: materialized views, partitions, statistics, the owner's rights", async () => {
  const source = await newDatabase(WITH_ODD);
  const tenant = await fill(source.login, source.admin);
  await fillOdd(source.admin);
  const target = await newDatabase(WITH_ODD);
  await restore(target.login, await backUp(source.login), WITH_ODD);
  const one = async (statement: string) => Object.values((await target.admin.query(statement)).rows[0] ?? {})[0];
  assert.equal(await one("select rows from kernel.odd_count"), await one("select count(*) from kernel.odd"));
  assert.equal(await one("select count(distinct xid) from audit.audit_logs"), "1");
  assert.equal(await one("select months from kernel.partitions_ahead()"), 12);
  assert.equal(await one("select reltuples::int from pg_class where oid = 'organizations.tags'::regclass"), 50);
  assert.equal(await one("select count(*) from audit.audit_logs_2024_03"), "1");
  await assert.rejects(target.admin.query("delete from audit.audit_logs"), /append-only/);
  const orphan = "insert into organizations.member_roles values ($1, gen_random_uuid(), gen_random_uuid())";
  await assert.rejects(target.admin.query(orphan, [tenant.id]), { code: "23503" });
});

test("a reader of the record goes on behind what it has read, in the same cluster too", async () => {
  const source = await newDatabase();
  await source.admin.query("select audit.next_batch('feed')");
  await fill(source.login, source.admin);
  const next = async ({ admin }: { admin: pg.Client }, most: number) =>
    (await admin.query<{ seq: string }>("select seq from audit.next_batch('feed', $1)", [most])).rows.map(
      ({ seq }) => seq,
    );
  const first = await next(source, 10);
  assert.ok(first.length > 0);
  const target = await newDatabase();
  await restore(target.login, await backUp(source.login));
  const rest = await next(source, 10_000);
  assert.ok(rest.length > 0);
  assert.deepEqual(await next(target, 10_000), rest);
  assert.deepEqual(await next(target, 10_000), []);
  const again = await newDatabase();
  await restore(again.login, await backUp(source.login));
  assert.deepEqual(await next(again, 10_000), []);
});

/** Changes the shape of a table together with its rows, as a later version of Tenon may. */
const LATER = migrationAfter(
  migrations,
  "9001_later",
  `alter table identity.users add column words integer;
   update identity.users set words = array_length(string_to_array(full_name, ' '), 1);
   alter table identity.users alter column words set not null;
   drop view projects.projects_search;
   alter table projects.projects drop column description;
   insert into organizations.permissions (name, description) values ('later.read', 'Came later');`,
);

test("an older backup is restored as it was and then migrated, into a new database and into one that was migrated further", async () => {
  const source = await newDatabase();
  await fill(source.login, source.admin);
  const path = await backUp(source.login);
  const all = [...migrations, LATER];
  await migrate(source.admin, all, foundation);
  const expected = withoutTimesOf(await digestOf(source.admin));
  for (const target of [await newDatabase(), await newDatabase(all)]) {
    await restore(target.login, path, all);
    assert.deepEqual(withoutTimesOf(await digestOf(target.admin)), expected);
    const { rows } = await target.admin.query("select distinct words from identity.users");
    assert.deepEqual(rows, [{ words: 2 }]);
  }
});

/** Keeps the number of rows only where a migration that ran twice wrote two times of day. */
function withoutTimesOf(digest: Record<string, string>): Record<string, string> {
  const written = ["identity.users", "kernel.migrations"];
  const entries = Object.entries(digest).map(([table, entry]) => [
    table,
    written.includes(table) ? Number.parseInt(entry, 10) : entry,
  ]);
  return Object.fromEntries(entries);
}
