import assert from "node:assert/strict";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { withConnection } from "../connection.ts";
import { isRoot } from "./account.ts";
import { ask, makeFolder, open, removeFolder } from "./embedded.fixture.ts";
import { openEmbedded } from "./embedded.ts";

test("a folder that cannot be used is named, with its user", async () => {
  const closed = makeFolder();
  chmodSync(closed, 0o555);
  await asOrdinaryUser(async () => {
    await assert.rejects(
      openEmbedded(closed),
      new RegExp(`the user .* cannot use the data folder ${closed} .*TENON_DATA`),
    );
    await assert.rejects(openEmbedded(join(closed, "data")), /EACCES: permission denied, mkdir/);
  });
  const file = join(closed, "file");
  chmodSync(closed, 0o755);
  writeFileSync(file, "");
  await assert.rejects(openEmbedded(file), /EEXIST: file already exists.* Make it a folder/);
  removeFolder(closed);
});

/** Root may write everywhere, so for a while it is somebody else. */
async function asOrdinaryUser(work: () => Promise<void>): Promise<void> {
  const root = isRoot();
  if (root) process.seteuid?.("nobody");
  try {
    await work();
  } finally {
    if (root) process.seteuid?.(0);
  }
}

test("a path too long for a socket gets its socket elsewhere, for one user alone", async (t) => {
  const folder = makeFolder();
  const { admin, close } = await open(t, join(folder, "l".repeat(100)));
  assert.equal(await ask(admin, "select 1"), 1);
  assert.equal(statSync(admin.host).mode & 0o777, 0o700);
  await close();
  for (const path of [admin.host, folder]) removeFolder(path);
});

test("in a folder that only its owner may enter it works, for root by a home elsewhere", async (t) => {
  const parent = makeFolder();
  chmodSync(parent, 0o700);
  const data = join(parent, "data");
  const lines: string[] = [];
  for (const round of [1, 2]) {
    const server = await open(t, data, { report: (line) => lines.push(line) });
    assert.equal(await ask(server.admin, `select ${round}`), round);
    await server.close();
  }
  assert.equal(lines.length, isRoot() ? 1 : 0);
  if (isRoot()) {
    const home = dirname(readlinkSync(join(data, "postgres")));
    assert.match(home, /^\/var\/lib\/tenon\//);
    assert.match(lines[0] ?? "", new RegExp(`the database is kept in ${home}`));
    removeFolder(home);
  }
  removeFolder(parent);
});

test("a link to data that is not there is no reason to begin with an empty database", async () => {
  const folder = makeFolder();
  const [target, entry] = [join(folder, "unmounted", "data"), join(folder, "postgres")];
  symlinkSync(target, entry);
  await assert.rejects(openEmbedded(folder), new RegExp(`${entry} points to ${target}, which is not there`));
  assert.deepEqual(readdirSync(folder), ["postgres"]);
  removeFolder(folder);
});

test("the cluster may be a link to another disk", async (t) => {
  const folder = makeFolder();
  const { admin, close } = await open(t, folder);
  await withConnection(admin, (client) => client.query("create table kept as select 42 as answer"));
  await close();
  mkdirSync(join(folder, "disk"));
  renameSync(join(folder, "postgres"), join(folder, "disk", "data"));
  symlinkSync(join(folder, "disk", "data"), join(folder, "postgres"));
  const moved = await open(t, folder);
  assert.equal(await ask(moved.admin, "select answer from kept"), 42);
  await moved.close();
  removeFolder(folder);
});
