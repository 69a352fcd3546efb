import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import type pg from "pg";
import { backUp, digestOf, fill, folder, newDatabase } from "../kernel/database/backup/backup.fixture.ts";
import type { Login } from "../kernel/database/connection.ts";
import { openAdmin } from "../test/harness.ts";
import { type Child, environmentOf, runCommand, startCommand } from "./command.fixture.ts";

const OURS = "select from pg_stat_activity where datname = current_database() and application_name = 'tenon backup'";

async function isTrue(client: pg.Client, condition: string): Promise<boolean> {
  const { rows } = await client.query<{ met: boolean }>(`select ${condition} as met`);
  return rows[0]?.met === true;
}

/** Waits until the command waits for a lock. */
async function untilBlocked(watcher: pg.Client, child: Child): Promise<void> {
  while (!(await isTrue(watcher, `exists (${OURS} and wait_event_type = 'Lock')`))) {
    assert.equal(child.exitCode, null, "The command ended without waiting for anything.");
  }
}

async function newBackup(): Promise<string> {
  const { login, admin } = await newDatabase();
  await fill(login, admin);
  return backUp(login);
}

/** A restore that has copied every table and waits for a lock: the record's sequence is being altered by someone else. */
async function beginRestore(login: Login, path: string): Promise<{ child: Child; letGo(): Promise<void> }> {
  // Two connections: within a transaction, PostgreSQL shows the same activity again and again.
  const [blocker, watcher] = [await openAdmin(login), await openAdmin(login)];
  await blocker.query("begin; alter sequence audit.entry_seq increment by 1");
  const child = startCommand(["restore", path], environmentOf(login, folder));
  await untilBlocked(watcher, child);
  return {
    child,
    letGo: async () => {
      await blocker.query("rollback");
      while (await isTrue(watcher, `exists (${OURS})`));
    },
  };
}

test("a restore killed when all rows are copied leaves the database as it was", async () => {
  const path = await newBackup();
  const { login, admin } = await newDatabase();
  const before = await digestOf(admin);
  const { child, letGo } = await beginRestore(login, path);
  const output = text(child.stdout);
  child.kill("SIGKILL");
  assert.match(await output, /organizations\.tags +50 rows/);
  await letGo();
  assert.deepEqual(await digestOf(admin), before);
  assert.equal(runCommand(["restore", path], environmentOf(login, folder)).status, 0);
});

test("a restore that is interrupted says so, and leaves the database as it was", async () => {
  const path = await newBackup();
  const { login, admin } = await newDatabase();
  const before = await digestOf(admin);
  const { child, letGo } = await beginRestore(login, path);
  const errors = text(child.stderr);
  child.kill("SIGINT");
  const [status] = await once(child, "exit");
  assert.equal(status, 1);
  assert.equal(await errors, "tenon: Interrupted. The database is left empty.\n");
  await letGo();
  assert.deepEqual(await digestOf(admin), before);
});

test("a backup that is interrupted says so, and leaves no file", async () => {
  const { login, admin } = await newDatabase();
  await admin.query("begin; lock table organizations.tags in access exclusive mode");
  const child = startCommand(["backup", join(folder, "interrupted")], environmentOf(login, folder));
  const errors = text(child.stderr);
  await untilBlocked(await openAdmin(login), child);
  child.kill("SIGINT");
  const [status] = await once(child, "exit");
  assert.equal(status, 1);
  assert.equal(await errors, "tenon: Interrupted. No backup was written.\n");
  await admin.query("rollback");
  assert.ok(!existsSync(join(folder, "interrupted")));
});
