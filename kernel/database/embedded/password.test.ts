import assert from "node:assert/strict";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeFolder, removeFolder } from "./embedded.fixture.ts";
import { ensurePassword } from "./password.ts";

test("the password is made once, random, for its owner's eyes only; a damaged one is replaced", () => {
  const folder = makeFolder();
  const file = join(folder, "postgres.password");
  const password = ensurePassword(file);
  assert.match(password, /^[\w-]{43}$/);
  assert.equal(ensurePassword(file), password);
  writeFileSync(file, password.slice(1));
  const second = ensurePassword(file);
  assert.match(second, /^[\w-]{43}$/);
  assert.notEqual(second, password);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder), ["postgres.password"]);
  removeFolder(folder);
});
