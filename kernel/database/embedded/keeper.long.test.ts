import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, withConnection } from "../connection.ts";
import { ask, open, openInProcess, postmasterPid, shareFolder } from "./embedded.fixture.ts";
import { joinUsers, leaveUsers } from "./usage.ts";

const { folder, cluster } = shareFolder();

test("PostgreSQL is left running while another process uses it, and the last one stops it", async (t) => {
  const first = await openInProcess(folder);
  const second = await open(t, folder);
  assert.deepEqual([first.attached, second.attached], [false, true]);
  await first.close();
  assert.equal(await ask(second.admin, "select 1"), 1);
  await second.close();
  assert.equal(postmasterPid(cluster), undefined);
});

test("of two that leave at once, one stops PostgreSQL", async (t) => {
  const openers = [await open(t, folder), await openInProcess(folder)];
  await Promise.all(openers.map((opener) => opener.close()));
  assert.equal(postmasterPid(cluster), undefined);
});

test("who comes while another decides whether PostgreSQL is still needed waits for the decision", async (t) => {
  const { admin } = await open(t, folder);
  const [leaver, comer] = [await connect(admin), await connect(admin)];
  await leaveUsers(leaver);
  let joined = false;
  const joining = joinUsers(comer).then(() => {
    joined = true;
  });
  while ((await ask(admin, "select count(*)::int from pg_locks where locktype = 'advisory' and not granted")) === 0);
  assert.equal(joined, false);
  await leaver.end();
  await joining;
  await comer.end();
});

test("a foreign session keeps PostgreSQL running", async (t) => {
  const first = await open(t, folder);
  await withConnection(first.admin, async (client) => {
    await first.close();
    assert.equal((await client.query("select 1")).rowCount, 1);
  });
  const second = await open(t, folder);
  assert.equal(second.attached, true);
  await second.close();
  assert.equal(postmasterPid(cluster), undefined);
});

test("after a killed process the next one attaches to the PostgreSQL that it left", async (t) => {
  const killed = await openInProcess(folder);
  await killed.kill();
  const next = await open(t, folder);
  assert.equal(next.attached, true);
  await next.close();
  assert.equal(postmasterPid(cluster), undefined);
});

test("a killed PostgreSQL is started again, with all that was committed", async (t) => {
  const { promise: answersAgain, resolve } = Promise.withResolvers<void>();
  const report = (line: string) => line === "PostgreSQL answers again." && resolve();
  const server = await open(t, folder, { report });
  await withConnection(server.admin, (client) => client.query("create table survivor as select 7 as answer"));
  process.kill(postmasterPid(cluster) ?? 0, "SIGKILL");
  await answersAgain;
  assert.equal(await ask(server.admin, "select answer from survivor"), 7);
  await server.close();
  assert.equal(postmasterPid(cluster), undefined);
});
