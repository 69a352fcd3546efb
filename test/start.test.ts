import assert from "node:assert/strict";
import { test } from "node:test";
import { createServerFolder } from "./server-process.ts";

const folder = await createServerFolder();

/** Asks until the server is ready again; the runner's own time limit bounds it. */
async function untilReady(address: string): Promise<void> {
  while (!(await fetch(`${address}/readyz`)).ok);
}

test("a server starts with a demo organization, says where it is, and is ready", async () => {
  const server = await folder.start();
  assert.equal((await fetch(`${server.address}/readyz`)).status, 200);
  assert.match(await (await fetch(server.address)).text(), /<title>Tenon/);
  const mailbox = server.lines.flatMap((line) => /No mail server.* at (\S+)\/mailbox#(\S+)$/.exec(line) ?? []);
  assert.equal(mailbox[1], server.address);
  const init = { method: "POST", headers: { "content-type": "application/json" } };
  const mails = await fetch(`${mailbox[1]}/api/mailbox`, { ...init, body: JSON.stringify({ key: mailbox[2] }) });
  assert.deepEqual(await mails.json(), { items: [] });
  assert.ok(server.lines.some((line) => /labeler@northwind\.example +\S{12}/.test(line)));
  await folder.stop(server, "SIGTERM");
  assert.equal(folder.databaseRuns(), false, "PostgreSQL stops with the server");
});

test("after kill -9 of the server the next one goes on with the same PostgreSQL and stops it", async () => {
  const first = await folder.start();
  const postmaster = await folder.postmasterPid();
  await folder.stop(first, "SIGKILL");
  const second = await folder.start();
  assert.equal(await folder.postmasterPid(), postmaster);
  assert.ok(!second.lines.some((line) => line.includes("northwind")), "the demo is made once");
  await folder.stop(second, "SIGTERM");
  assert.equal(folder.databaseRuns(), false);
});

test("after kill -9 of PostgreSQL the server becomes ready again by itself", async () => {
  const server = await folder.start();
  const postmaster = await folder.postmasterPid();
  process.kill(postmaster, "SIGKILL");
  await untilReady(server.address);
  assert.notEqual(await folder.postmasterPid(), postmaster);
  await folder.stop(server, "SIGTERM");
});

test("a second server in the same folder shares PostgreSQL, and the last to leave stops it", async () => {
  const [first, second] = await Promise.all([folder.start(), folder.start()]);
  assert.notEqual(first.address, second.address);
  await folder.stop(first, "SIGTERM");
  assert.equal((await fetch(`${second.address}/readyz`)).status, 200);
  await folder.stop(second, "SIGTERM");
  assert.equal(folder.databaseRuns(), false);
});
