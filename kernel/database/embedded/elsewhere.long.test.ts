import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readlinkSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { followLink, moveElsewhere } from "./elsewhere.ts";
import { makeFolder, removeFolder } from "./embedded.fixture.ts";

const silently = () => undefined;

/** A data folder with a home elsewhere, in which something stands for the cluster. */
function makeHome(homes: string): { data: string; base: string } {
  const data = makeFolder();
  const cluster = moveElsewhere(join(data, "postgres"), "it is a test", silently, homes);
  mkdirSync(cluster);
  return { data, base: dirname(cluster) };
}

test("who comes second follows the link of the first, also before there is a cluster", () => {
  const homes = makeFolder();
  const data = makeFolder();
  const entry = join(data, "postgres");
  const first = moveElsewhere(entry, "it is a test", silently, homes);
  assert.equal(moveElsewhere(entry, "it is a test", silently, homes), first);
  assert.equal(followLink(entry), first);
  assert.equal(readdirSync(homes).length, 1);
  assert.equal(readlinkSync(join(dirname(first), "data-folder")), data);
  for (const folder of [homes, data]) removeFolder(folder);
});

test("the home of a temporary data folder is removed when that is gone, and no other", () => {
  const homes = makeFolder();
  const [gone, kept, running, mounted] = [makeHome(homes), makeHome(homes), makeHome(homes), makeHome(homes)];
  for (const { data } of [gone, running, mounted]) removeFolder(data);
  writeFileSync(join(running.base, "postgres", "postmaster.pid"), `${process.pid}\n`);
  renameSync(join(mounted.base, "data-folder"), join(mounted.base, "was"));
  symlinkSync("/not-mounted/data", join(mounted.base, "data-folder"));
  const last = makeHome(homes);
  assert.deepEqual(
    [gone, kept, running, mounted, last].map(({ base }) => existsSync(base)),
    [false, true, true, true, true],
  );
  for (const folder of [homes, kept.data, last.data]) removeFolder(folder);
});
