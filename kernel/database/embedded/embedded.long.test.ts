import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { connect, withConnection } from "../connection.ts";
import { isRoot } from "./account.ts";
import { FAST, makeFolder, openInProcess, postmasterPid, removeFolder, startOpener } from "./embedded.fixture.ts";
import { openEmbedded } from "./embedded.ts";

const PROCESSES = 4;
const ROUNDS = 8;
const MEBIBYTE = 1024 * 1024;

/** Waits for what another process does. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextTurn();
}

function holds(folder: string, prefix: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => name.startsWith(prefix));
}

const MOMENTS: [string, (folder: string) => boolean][] = [
  ["the engine is copied", (folder) => holds(join(folder, "engine"), ".tenon-copy-")],
  ["initdb begins", (folder) => holds(folder, ".tenon-initdb-")],
  [
    "initdb is half done",
    (folder) => readdirSync(folder).some((name) => existsSync(join(folder, name, "cluster", "base", "1"))),
  ],
  ["the cluster is there", (folder) => existsSync(join(folder, "postgres"))],
  ["PostgreSQL starts", (folder) => existsSync(join(folder, "postgres", "postmaster.pid"))],
];

for (const [moment, isThere] of MOMENTS) {
  test(`a process killed at its first start, when ${moment}, leaves nothing in the way`, async () => {
    const folder = makeFolder();
    const process = startOpener(folder);
    await until(() => isThere(folder));
    await process.kill();
    const server = await openEmbedded(folder, { settings: FAST });
    await withConnection(server.admin, (client) => client.query("select 1"));
    await server.close();
    assert.deepEqual(readdirSync(folder).sort(), ["engine", "postgres", "postgres.log", "postgres.password"]);
    assert.equal(readdirSync(join(folder, "engine")).length, 1);
    removeFolder(folder);
  });
}

test("processes that come and go at the same time never lose PostgreSQL, and none leaves it behind", async () => {
  const folder = makeFolder();
  const comeAndGo = async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const server = await openInProcess(folder);
      await withConnection(server.admin, (client) => client.query("select 1"));
      await server.close();
    }
  };
  await Promise.all(Array.from({ length: PROCESSES }, comeAndGo));
  assert.equal(postmasterPid(join(folder, "postgres")), undefined);
  removeFolder(folder);
});

test("sessions that outlive a killed PostgreSQL are waited for", async () => {
  const folder = makeFolder();
  const killed = await openInProcess(folder);
  const session = await connect(killed.admin);
  const { rows } = await session.query<{ pid: number }>("select pg_backend_pid() as pid");
  const pid = rows[0]?.pid ?? 0;
  process.kill(pid, "SIGSTOP");
  await killed.kill();
  process.kill(postmasterPid(join(folder, "postgres")) ?? 0, "SIGKILL");
  const opening = openEmbedded(folder, { settings: FAST });
  const log = join(folder, "postgres.log");
  await until(() => readFileSync(log, "utf8").includes("pre-existing shared memory block"));
  process.kill(pid, "SIGCONT");
  const server = await opening;
  await withConnection(server.admin, (client) => client.query("select 1"));
  await server.close();
  removeFolder(folder);
});

/** A small disk of its own, with a way to leave only so many MiB of it. */
function mountDisk(t: TestContext): { folder: string; leave(mebibytes: number): void; release(): void } {
  const folder = makeFolder();
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=250m,mode=755", "tmpfs", folder]);
  t.after(() => {
    execFileSync("umount", [folder]);
    removeFolder(folder);
  });
  const ballast = join(folder, "ballast");
  const leave = (mebibytes: number) => {
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(ballast, Buffer.alloc(bavail * bsize - mebibytes * MEBIBYTE));
  };
  return { folder, leave, release: () => rmSync(ballast) };
}

const FULL_DISK =
  "a full disk is named, nothing half made stays, and with space it goes on with all that was committed";

test(FULL_DISK, async (t) => {
  if (!isRoot()) return t.diagnostic("NOT TRIED: only root can mount a small disk to fill.");
  const disk = mountDisk(t);
  const data = join(disk.folder, "data");
  const isFull = /The disk that holds .* is full\. Free some space/;
  for (const mebibytes of [0, 30, 64]) {
    disk.leave(mebibytes);
    await assert.rejects(openEmbedded(data, { settings: FAST }), isFull);
    assert.deepEqual(findHalfMade(data), []);
    disk.release();
  }
  await (await openEmbedded(data, { settings: FAST })).close();
  disk.leave(0);
  await assert.rejects(openEmbedded(data, { settings: FAST }), isFull);
  disk.release();
  await fillWhileRunning(data, disk);
});

function findHalfMade(data: string): string[] {
  const folders = [data, join(data, "engine")].filter((folder) => existsSync(folder));
  return folders.flatMap((folder) => readdirSync(folder).filter((name) => name.startsWith(".")));
}

async function fillWhileRunning(data: string, disk: ReturnType<typeof mountDisk>): Promise<void> {
  const { promise: answersAgain, resolve } = Promise.withResolvers<void>();
  const { promise: fails, resolve: isFailing } = Promise.withResolvers<void>();
  const report = (line: string) => {
    if (line.startsWith("The disk that holds")) isFailing();
    if (line === "PostgreSQL answers again.") resolve();
  };
  const server = await openEmbedded(data, { settings: FAST, report });
  await withConnection(server.admin, (client) => client.query("create table numbers (number int, filler text)"));
  disk.leave(20);
  let committed = 0;
  const insert = "insert into numbers select number, repeat('x', 1000) from generate_series(1, 1000) number";
  const insertForever = async (client: { query(sql: string): Promise<unknown> }) => {
    for (; ; committed++) await client.query(insert);
  };
  await assert.rejects(withConnection(server.admin, insertForever), /No space left on device|terminat/);
  await fails;
  disk.release();
  await answersAgain;
  const { rows } = await withConnection(server.admin, (client) => client.query("select count(*)::int from numbers"));
  assert.equal(rows[0].count, committed * 1000);
  await server.close();
}
