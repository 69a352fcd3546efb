import assert from "node:assert/strict";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chooseAccount, findClosedFolder, isRoot } from "./account.ts";
import { makeFolder, removeFolder } from "./embedded.fixture.ts";

test("PostgreSQL runs as ourselves, or for root as the cluster's owner, and never as root", () => {
  assert.equal(chooseAccount({ uid: 4321, gid: 4321 }).uid, isRoot() ? 4321 : process.geteuid?.());
  assert.equal(chooseAccount({ uid: 0, gid: 0 }).uid === 0, false);
  assert.equal(chooseAccount().uid === 0, false);
});

test("the topmost folder that is closed to an account is found", () => {
  const folder = makeFolder();
  const inner = join(folder, "outer", "inner");
  mkdirSync(inner, { recursive: true });
  const stranger = { name: "stranger", uid: 4_000_000, gid: 4_000_000 };
  chmodSync(join(folder, "outer"), 0o755);
  chmodSync(inner, 0o755);
  assert.equal(findClosedFolder(stranger, inner), undefined);
  chmodSync(inner, 0o700);
  assert.equal(findClosedFolder(stranger, inner), inner);
  chmodSync(join(folder, "outer"), 0o700);
  assert.equal(findClosedFolder(stranger, inner), join(folder, "outer"));
  removeFolder(folder);
});
