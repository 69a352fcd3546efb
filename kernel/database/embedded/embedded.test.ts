import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { withConnection } from "../connection.ts";
import { ask, makeFolder, open, openInProcess, postmasterPid, removeFolder, shareFolder } from "./embedded.fixture.ts";

const { folder, cluster } = shareFolder();

test("a new folder gets a database, which is still there after a restart", async (t) => {
  const first = await open(t, folder);
  await withConnection(first.admin, (client) => client.query("create table kept as select 42 as answer"));
  await first.close();
  assert.equal(postmasterPid(cluster), undefined);
  const second = await open(t, folder);
  assert.equal(await ask(second.admin, "select answer from kept"), 42);
  assert.deepEqual([first.attached, second.attached], [false, false]);
  assert.match(second.version, /^18\./);
  await second.close();
});

test("it listens on a Unix socket only, asks for a password, has checksums and takes the given settings", async (t) => {
  const server = await open(t, folder);
  assert.equal(await ask(server.admin, "show listen_addresses"), "");
  assert.equal(await ask(server.admin, "show data_checksums"), "on");
  assert.equal(await ask(server.admin, "show fsync"), "off");
  await assert.rejects(ask({ ...server.admin, password: "wrong" }, "select 1"), { code: "28P01" });
  assert.equal(statSync(join(folder, "postgres.password")).mode & 0o777, 0o600);
  await server.close();
});

test("letters of every script count as letters", async (t) => {
  const server = await open(t, folder);
  await withConnection(server.admin, (client) => client.query("create extension pg_trgm"));
  assert.equal(await ask(server.admin, "select cardinality(show_trgm('привет'))"), 7);
  assert.equal(await ask(server.admin, "select lower('ÀÉП')"), "àéп");
  await server.close();
});

test("two processes that start at once on an empty folder share one cluster", async () => {
  const empty = makeFolder();
  const openers = await Promise.all([openInProcess(empty), openInProcess(empty)]);
  const identify = "select system_identifier::text from pg_control_system()";
  const [one, two] = await Promise.all(openers.map(({ admin }) => ask(admin, identify)));
  assert.equal(one, two);
  assert.deepEqual(openers.map(({ attached }) => attached).sort(), [false, true]);
  await Promise.all(openers.map((opener) => opener.close()));
  assert.equal(postmasterPid(join(empty, "postgres")), undefined);
  assert.deepEqual(readdirSync(empty).sort(), ["engine", "postgres", "postgres.log", "postgres.password"]);
  removeFolder(empty);
});
