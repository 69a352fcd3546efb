import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readConfig } from "../kernel/config.ts";
import { backUp, digestOf, fill, folder, newDatabase } from "../kernel/database/backup/backup.fixture.ts";
import { withConnection } from "../kernel/database/connection.ts";
import { ROLE_NAMES, roleName } from "../kernel/database/roles.ts";
import { openInstallation } from "../kernel/installation.ts";
import { unseal } from "../kernel/secrets/envelope.ts";
import { keyFilePath, openKeyring } from "../kernel/secrets/keyring.ts";
import { atEnd, createTenant, openTestDatabase, testServer } from "../test/harness.ts";
import { environmentOf, MAIN, runCommand } from "./command.fixture.ts";

const FILE_BLOCKS_MAX = 100;

test("a backup says where it is, what is in it, and that the key is not; a restore says how much came back", async () => {
  const source = await newDatabase();
  await createTenant(openTestDatabase(source.login));
  const path = join(folder, "spoken.tar.gz");
  const backup = runCommand(["backup", path], environmentOf(source.login, folder));
  assert.equal(backup.status, 0, backup.stderr);
  assert.match(
    backup.stdout,
    /Wrote .*spoken\.tar\.gz: [\d,]+ rows of \d+ tables in \d+\.\d MB\.\nThe key is not in it: keep TENON_KEY apart\./,
  );
  const again = runCommand(["backup", path], environmentOf(source.login, folder));
  assert.equal(again.status, 1);
  assert.match(again.stderr, /spoken\.tar\.gz is there already/);
  assert.equal(runCommand(["backup", path, "--force"], environmentOf(source.login, folder)).status, 0);

  const target = await newDatabase();
  const restore = runCommand(["restore", path], environmentOf(target.login, folder));
  assert.equal(restore.status, 0, restore.stderr);
  const rows = /([\d,]+) rows of \d+ tables/;
  assert.equal(rows.exec(restore.stdout)?.[1], rows.exec(backup.stdout)?.[1]);
  assert.doesNotMatch(restore.stdout, /sealed with key/);
  assert.deepEqual(await digestOf(target.admin), await digestOf(source.admin));
});

test("restored elsewhere, under other role names and without its key, an installation names the key and opens with it", async () => {
  const source = await newDatabase();
  await fill(source.login, source.admin);
  const path = await backUp(source.login);
  const prefix = `${testServer.prefix}_k`;
  const server = { ...testServer.admin, database: "postgres" };
  await withConnection(server, (client) => client.query(`create database ${prefix}`));
  atEnd(() =>
    withConnection(server, async (client) => {
      await client.query(`drop database ${prefix} with (force)`);
      for (const role of ROLE_NAMES) await client.query(`drop role if exists ${roleName(prefix, role)}`);
    }),
  );
  const environment = {
    ...environmentOf({ ...server, database: prefix }, folder),
    TENON_ROLES: prefix,
    TENON_DATA: join(folder, "elsewhere"),
    TENON_KEY: "",
  };
  const keyFile = join(folder, "elsewhere", "key");
  const { status, stdout, stderr } = runCommand(["restore", path], environment);
  assert.equal(status, 0, stderr);
  const needed = openKeyring({ dataFolder: "", key: testServer.key }).keys[0].id;
  const made = openKeyring({ dataFolder: join(folder, "elsewhere"), key: undefined }).keys[0].id;
  assert.match(
    stdout,
    new RegExp(`sealed with key ${needed}, but at hand is only ${made}\\. Put the key .* into the file ${keyFile}`),
  );

  const config = readConfig(environment);
  assert.equal(keyFilePath(config), keyFile);
  await assert.rejects(
    openInstallation(config, () => undefined),
    new RegExp(`sealed with key ${needed}`),
  );
  writeFileSync(keyFile, `${testServer.key}\n`);
  const installation = await openInstallation(config, () => undefined);
  try {
    const { rows } = await withConnection(installation.server.admin, (client) =>
      client.query<{ sealed: Buffer }>("select sealed from kernel.secrets"),
    );
    assert.equal(unseal(installation.keyring, rows[0]?.sealed ?? Buffer.alloc(0), "shop").toString(), "hunter2");
  } finally {
    await installation.close();
  }
});

test("a backup that the disk has no room for says so, and leaves no file", async () => {
  const { login, admin } = await newDatabase();
  await admin.query(
    "insert into identity.users (email, full_name) select gen_random_uuid() || '@example.com', 'A' from generate_series(1, 10000)",
  );
  const limited = `ulimit -f ${FILE_BLOCKS_MAX}; exec "$0" "$@"`;
  const { status, stderr } = spawnSync("sh", ["-c", limited, process.execPath, MAIN, "backup", join(folder, "large")], {
    encoding: "utf8",
    env: { ...process.env, ...environmentOf(login, folder) },
  });
  assert.equal(status, 1);
  assert.match(stderr, /The backup .*large was not written: the file would be larger than the system allows/);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith("large")),
    [],
  );
});
