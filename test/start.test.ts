import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";

const ROOT = join(import.meta.dirname, "..");
let folder: string;
const running = new Set<ChildProcess>();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenon-start-"));
});
after(async () => {
  for (const child of running) child.kill("SIGTERM");
  await Promise.all([...running].map((child) => once(child, "exit")));
  await rm(folder, { recursive: true, force: true });
});

/** Starts `tenon start` on the test's data folder and resolves with its address once it is ready. */
async function start(): Promise<{ child: ChildProcess; address: string }> {
  const { DATABASE_URL: _, ...environment } = process.env;
  const child = spawn(process.execPath, ["cli/main.ts", "start"], {
    cwd: ROOT,
    env: { ...environment, TENON_DATA: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /ready: (\S+)/.exec(line)?.[1];
    if (address) return { child, address };
  }
  throw new Error("The server ended before it was ready.");
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  await once(child, "exit");
}

async function postmasterPid(): Promise<number> {
  const [line] = (await readFile(join(folder, "postgres", "postmaster.pid"), "utf8")).split("\n");
  return Number(line);
}

/** Asks until the server is ready again; the runner's own time limit bounds it. */
async function untilReady(address: string): Promise<void> {
  while (!(await fetch(`${address}/readyz`)).ok);
}

/** PostgreSQL removes this file when it has shut down whole. */
function databaseRuns(): boolean {
  return existsSync(join(folder, "postgres", "postmaster.pid"));
}

test("a server starts, says where it is, and is ready", async () => {
  const { child, address } = await start();
  const readiness = await fetch(`${address}/readyz`);
  assert.equal(readiness.status, 200);
  assert.match(await (await fetch(address)).text(), /Running\./);
  await stop(child, "SIGTERM");
  assert.equal(databaseRuns(), false, "PostgreSQL stops with the server");
});

test("after kill -9 of the server the next one goes on with the same PostgreSQL and stops it", async () => {
  const first = await start();
  const postmaster = await postmasterPid();
  await stop(first.child, "SIGKILL");
  const second = await start();
  assert.equal(await postmasterPid(), postmaster);
  await stop(second.child, "SIGTERM");
  assert.equal(databaseRuns(), false);
});

test("after kill -9 of PostgreSQL the server says that it is not ready, and then is again", async () => {
  const { child, address } = await start();
  const postmaster = await postmasterPid();
  process.kill(postmaster, "SIGKILL");
  await untilReady(address);
  assert.notEqual(await postmasterPid(), postmaster);
  await stop(child, "SIGTERM");
});

test("a second server in the same folder shares PostgreSQL, and the last to leave stops it", async () => {
  const [first, second] = await Promise.all([start(), start()]);
  assert.notEqual(first.address, second.address);
  await stop(first.child, "SIGTERM");
  assert.equal((await fetch(`${second.address}/readyz`)).status, 200);
  await stop(second.child, "SIGTERM");
  assert.equal(databaseRuns(), false);
});
