import assert from "node:assert/strict";
import { test } from "node:test";
import {
  backUp,
  digestOf,
  fill,
  foundation,
  isUnused,
  migrationAfter,
  migrations,
  newDatabase,
  restore,
} from "./backup.fixture.ts";

const LATER = migrationAfter(migrations, "9001_later", "create table kernel.later (id integer primary key);");

test("a backup of a newer Tenon, and one of another text of a migration, are refused by the migration's name", async () => {
  const newer = await newDatabase([...migrations, LATER]);
  const path = await backUp(newer.login);
  const target = await newDatabase();
  const before = await digestOf(target.admin);
  await assert.rejects(restore(target.login, path), /made by a newer Tenon: this one lacks its migration 9001_later/);
  const other = { ...LATER, checksum: "0".repeat(64) };
  await assert.rejects(
    restore(target.login, path, [...migrations, other]),
    /another text of migrations\/9001_later\.sql than this Tenon has/,
  );
  assert.deepEqual(await digestOf(target.admin), before);
});

test("a database that is in use is left as it is", async () => {
  const source = await newDatabase();
  await fill(source.login, source.admin);
  const path = await backUp(source.login);
  const before = await digestOf(source.admin);
  await assert.rejects(restore(source.login, path), /holds organizations and users and a record already/);
  assert.deepEqual(await digestOf(source.admin), before);
  const target = await newDatabase();
  await target.admin.query("insert into identity.users (email, full_name) values ('a@example.com', 'A')");
  await assert.rejects(restore(target.login, path), /holds users already, and a restore adds to nothing/);
});

test("a table or column that is on one side only is named, and nothing is restored", async () => {
  const source = await newDatabase();
  await fill(source.login, source.admin);
  const owner = `${foundation.prefix}_owner`;
  const path = await backUp(source.login);
  await source.admin.query(`create table kernel.by_hand (id integer); alter table kernel.by_hand owner to ${owner}`);
  const pathWithMore = await backUp(source.login);

  const target = await newDatabase();
  await target.admin.query(`create table kernel.own (id integer); alter table kernel.own owner to ${owner}`);
  await target.admin.query("alter table organizations.tags add column extra integer");
  await assert.rejects(restore(target.login, path), {
    message:
      /do not have the same tables.*\n {2}- kernel\.own is in the database only\n.*\n {2}- organizations\.tags\.extra is in the database only/,
  });
  await target.admin.query("drop table kernel.own; alter table organizations.tags drop column extra");
  await assert.rejects(restore(target.login, pathWithMore), /- kernel\.by_hand is in the backup only/);
  assert.ok(await isUnused(target.admin));
  await restore(target.login, path);
});

test("rows that point nowhere are named by their foreign key, and nothing is restored", async () => {
  const source = await newDatabase();
  const tenant = await fill(source.login, source.admin);
  await source.admin.query("set session_replication_role = replica");
  await source.admin.query(
    `insert into organizations.member_roles (organization_id, user_id, role_id) select $1, gen_random_uuid(), gen_random_uuid()
     from generate_series(1, 3)`,
    [tenant.id],
  );
  const target = await newDatabase();
  const before = await digestOf(target.admin);
  await assert.rejects(restore(target.login, await backUp(source.login)), {
    message:
      /do not fit together.*\n.*member_roles_organization_id_role_id_fkey: 3 rows of organizations\.member_roles point to no row of organizations\.roles\n.*user_id_fkey: 3 rows/,
  });
  assert.deepEqual(await digestOf(target.admin), before);
});

test("rows that the database refuses are named with their table, and nothing is restored", async () => {
  const source = await newDatabase();
  await fill(source.login, source.admin);
  await source.admin.query("alter table organizations.tags drop constraint tags_organization_id_name_key_key");
  await source.admin.query(
    "insert into organizations.tags (organization_id, name) select organization_id, name from organizations.tags where name = 'tag 7'",
  );
  const target = await newDatabase();
  await assert.rejects(
    restore(target.login, await backUp(source.login)),
    /The rows of organizations\.tags were refused, so nothing was restored: duplicate key value.*COPY tags, line \d+/,
  );
  assert.ok(await isUnused(target.admin));
});

test("while somebody else holds a table, nothing is restored, and the reason is said", async () => {
  const source = await newDatabase();
  const target = await newDatabase();
  await target.admin.query("begin; select from organizations.tags");
  const restoring = restore(target.login, await backUp(source.login));
  await assert.rejects(restoring, /Others are using this database\. Stop the servers and workers/);
  await target.admin.query("rollback");
});
