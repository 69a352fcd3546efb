import assert from "node:assert/strict";
import { before, test } from "node:test";
import type pg from "pg";
import {
  atEnd,
  createScratchDatabase,
  createTenant,
  openAdmin,
  openTestDatabase,
  testServer,
} from "../../test/harness.ts";
import { MIGRATIONS_FOLDER } from "../installation.ts";
import { connect, type Login } from "./connection.ts";
import { type Migration, migrate, migrationStatus, readMigrations } from "./migrate.ts";

let scratch: Login;
let admin: pg.Client;
let shipped: Migration[];
const options = { prefix: testServer.prefix, passwordOf: () => "unused", keyId: "unused" };
// The roles belong to the whole cluster: their passwords must stay those of the other tests.
const foundation = async (client: pg.Client) => {
  const { rows } = await client.query<{ comment: string }>(
    "select shobj_description(to_regrole($1), 'pg_authid') as comment",
    [`${testServer.prefix}_member`],
  );
  return { ...options, keyId: rows[0]?.comment.replace("Tenon, key ", "") ?? "" };
};

before(async () => {
  scratch = await createScratchDatabase();
  admin = await openAdmin(scratch);
  shipped = await readMigrations(MIGRATIONS_FOLDER);
});

function next(name: string, sql: string, after: Migration[] = shipped): Migration[] {
  const number = after.length + 1;
  return [...after, { number, name: `${String(number).padStart(4, "0")}_${name}`, sql, checksum: name }];
}

test("a migration that fails changes nothing and is named with the line", async () => {
  const broken = next("broken", "create table kernel.half (id int);\ninsert into kernel.half values ('x');");
  await assert.rejects(
    migrate(admin, broken, await foundation(admin)),
    /00\d\d_broken\.sql failed and changed nothing: .*"x".*line 2/,
  );
  const { rows } = await admin.query("select to_regclass('kernel.half') as half");
  assert.equal(rows[0].half, null);
});

test("an applied file that was changed is refused by name", async () => {
  const changed = shipped.map((migration) =>
    migration.number === 3 ? { ...migration, checksum: "other" } : migration,
  );
  await assert.rejects(
    migrate(admin, changed, await foundation(admin)),
    /0003_identity\.sql was changed after it had been applied/,
  );
});

test("a database that is ahead of the program is refused", async () => {
  await assert.rejects(migrate(admin, shipped.slice(0, -1), await foundation(admin)), /does not know/);
});

test("status lists what is applied and what is not", async () => {
  const status = await migrationStatus(admin, next("later", "select 1"));
  assert.deepEqual(status.map((row) => row.state).slice(-2), ["applied", "pending"]);
});

test("a data migration reaches the rows of every organization, forced security or not", async () => {
  const database = openTestDatabase(scratch);
  const tenants = [await createTenant(database), await createTenant(database)];
  await migrate(
    admin,
    next("data", "update organizations.roles set description = 'migrated' where name = 'viewer'"),
    await foundation(admin),
  );
  const { rows } = await admin.query("select organization_id from organizations.roles where description = 'migrated'");
  assert.deepEqual(new Set(rows.map((row) => row.organization_id)), new Set(tenants.map((tenant) => tenant.id)));
  shipped = next("data", "");
});

test("a foreign key over an orphan fails instead of validating over rows it cannot see", async () => {
  await admin.query(`
    create table kernel.parents (organization_id uuid, id uuid, primary key (organization_id, id));
    create table kernel.children (organization_id uuid, id uuid, parent_id uuid, primary key (organization_id, id));
    alter table kernel.parents owner to ${testServer.prefix}_owner; alter table kernel.children owner to ${testServer.prefix}_owner;
    insert into kernel.children values (gen_random_uuid(), gen_random_uuid(), gen_random_uuid());
    alter table kernel.children enable row level security, force row level security`);
  const orphan = next(
    "orphan",
    "alter table kernel.children add foreign key (organization_id, parent_id) references kernel.parents",
  );
  await assert.rejects(migrate(admin, orphan, await foundation(admin)), /violates foreign key constraint/);
});

test("of two servers that start at once, one migrates and the other waits", async () => {
  const both = next("once", "create table kernel.once (id int)");
  const other = await connect(scratch);
  atEnd(() => other.end());
  const applied = await Promise.all(
    [admin, other].map(async (client) => migrate(client, both, await foundation(client))),
  );
  assert.deepEqual(applied.flat(), [both.at(-1)?.name]);
  shipped = both;
});

test("a table that is in use for a moment is waited for", async () => {
  const holder = await connect(scratch);
  atEnd(() => holder.end());
  await holder.query("begin; lock table kernel.once in access share mode");
  const altered = next("alter", "set local lock_timeout = '10ms'; alter table kernel.once add column n int");
  const migrating = migrate(admin, altered, await foundation(admin));
  await holder.query("commit");
  assert.deepEqual(await migrating, [altered.at(-1)?.name]);
});
