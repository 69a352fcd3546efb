import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { makeFolder, removeFolder } from "./embedded.fixture.ts";
import { removeLeftovers, temporaryPath } from "./temporary.ts";

test("what a dead process left half made is removed; what a living one makes, and all else, stays", () => {
  const folder = makeFolder();
  const ours = temporaryPath(folder, "copy");
  mkdirSync(ours);
  // No process has so high an id.
  mkdirSync(join(folder, ".tenon-copy-99999999-00000000", "bin"), { recursive: true });
  writeFileSync(join(folder, ".notes-99999999-00000000"), "");
  removeLeftovers(folder);
  assert.deepEqual(readdirSync(folder).sort(), [".notes-99999999-00000000", basename(ours)]);
  removeLeftovers(join(folder, "missing"));
  removeFolder(folder);
});
