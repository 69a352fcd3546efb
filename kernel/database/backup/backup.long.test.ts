import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createTenant, openAdmin, openTestDatabase, testServer } from "../../../test/harness.ts";
import { backUp, digestOf, folder, isUnused, newDatabase, restore } from "./backup.fixture.ts";
import { writeBackup } from "./backup.ts";
import { withBackup } from "./unpack.ts";

const BALANCE = 1_000;
const TAGS = 5_000;

test("a backup made while others write holds one moment of all tables", async () => {
  const source = await newDatabase();
  const database = openTestDatabase(source.login);
  const [from, to] = [await createTenant(database), await createTenant(database)];
  const balance =
    "update organizations.organizations set settings = jsonb_build_object('balance', $2::int, 'tags', 0) where id = $1";
  await source.admin.query(balance, [from.id, BALANCE]);
  await source.admin.query(balance, [to.id, 0]);
  await source.admin.query(
    "insert into organizations.tags (organization_id, name) select $1, 'bulk ' || i from generate_series(1, $2::int) i",
    [to.id, TAGS],
  );

  // Each transfer moves 1 from one organization to the other, and adds a tag, which the receiver counts.
  let transfers = 0;
  let writing = true;
  const write = async () => {
    const client = await openAdmin(source.login);
    while (writing) {
      const move = `update organizations.organizations set settings = jsonb_build_object(
        'balance', (settings ->> 'balance')::int + $2, 'tags', (settings ->> 'tags')::int + $3) where id = $1`;
      await client.query("begin");
      await client.query(move, [from.id, -1, 0]);
      await client.query(
        "insert into organizations.tags (organization_id, name) values ($1, gen_random_uuid()::text)",
        [to.id],
      );
      await client.query(move, [to.id, 1, 1]);
      await client.query("commit");
      transfers += 1;
    }
  };
  const writers = [write(), write()];
  let path: string;
  let before: number;
  do {
    before = transfers;
    path = await backUp(source.login);
  } while (before === 0 || transfers - before < 5);
  writing = false;
  await Promise.all(writers);

  const target = await newDatabase();
  await restore(target.login, path);
  const { rows } = await target.admin.query(
    `select sum((settings ->> 'balance')::int)::int as balance, sum((settings ->> 'tags')::int)::int as counted,
       (select count(*)::int - $1 from organizations.tags) as tags,
       (select count(*)::int from audit.audit_logs where resource_type = 'organizations.tags' and resource_id is not null) as recorded
     from organizations.organizations`,
    [TAGS],
  );
  const [found] = rows;
  assert.ok(found.tags > 0);
  assert.deepEqual(found, { balance: BALANCE, counted: found.tags, tags: found.tags, recorded: found.tags });
});

test("a backup changes nothing, and its file tells what is in it without a database", async () => {
  const { login, admin } = await newDatabase();
  await createTenant(openTestDatabase(login));
  const before = await digestOf(admin);
  const lines: string[] = [];
  const path = await backUp(login, (line) => lines.push(line));
  assert.deepEqual(await digestOf(admin), before);
  await withBackup(path, undefined, async ({ manifest }) => {
    const names = manifest.tables.map(({ schema, name }) => `${schema}.${name}`);
    assert.deepEqual(names.toSorted(), Object.keys(before).toSorted());
    const columnsOf = (name: string) => manifest.tables.find((table) => table.name === name)?.columns;
    assert.ok(columnsOf("users")?.includes("email") && !columnsOf("users")?.includes("email_key"), "generated");
    assert.ok(columnsOf("audit_logs")?.includes("seq") && !columnsOf("audit_logs")?.includes("xid"), "transaction ids");
    assert.equal(lines.length, names.length);
    assert.match(lines.join("\n"), /^ *\d+\/\d+ {2}identity\.users +1 row, 0\.0 MB$/m);
  });
});

test("tables outside of Tenon's schemas are not in a backup and not in the way of a restore", async () => {
  const [source, target] = [await newDatabase(), await newDatabase()];
  for (const { admin } of [source, target]) {
    await admin.query(
      "create schema theirs; create table theirs.own (id integer); create table public.own (id integer)",
    );
    await admin.query("insert into theirs.own values (1)");
  }
  await restore(target.login, await backUp(source.login));
  const { rows } = await target.admin.query("select count(*)::int as count from theirs.own");
  assert.deepEqual(rows, [{ count: 1 }]);
});

test("an existing file, a database without Tenon, and roles of another name are each refused, and no file is written", async () => {
  const { login, admin } = await newDatabase();
  const path = await backUp(login);
  const options = { path, overwrite: false, prefix: testServer.prefix };
  await assert.rejects(
    writeBackup(login, options),
    /is there already\. Choose another name, or overwrite it with --force/,
  );
  const nowhere = { ...options, path: join(folder, "nothing") };
  await assert.rejects(writeBackup({ ...login, database: "postgres" }, nowhere), /There is no Tenon in this database/);
  await assert.rejects(writeBackup(login, { ...nowhere, prefix: "other" }), /it has no role other_owner.*TENON_ROLES/);
  assert.ok(!readdirSync(folder).some((name) => /nothing|partial/.test(name)));
  assert.ok(await isUnused(admin));
});

test("when the connection breaks in the middle, the reason is said and no file is left", async () => {
  const { login, admin } = await newDatabase();
  await createTenant(openTestDatabase(login));
  const options = { path: join(folder, "broken"), overwrite: false, prefix: testServer.prefix };
  const end =
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'tenon backup'";
  let ending: Promise<unknown> | undefined;
  const report = () => {
    ending ??= admin.query(end);
  };
  await admin.query(
    "insert into identity.users (email, full_name) select i || '@example.com', repeat('x', 200) from generate_series(1, 20000) i",
  );
  await assert.rejects(
    writeBackup(login, { ...options, report }),
    /The connection to PostgreSQL broke|terminating connection/,
  );
  await ending;
  assert.ok(!readdirSync(folder).some((name) => name.startsWith("broken")));
});
