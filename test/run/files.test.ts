import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { findTestFiles } from "./files.ts";

const EXISTING = ["a.test.ts", "kernel/b.test.ts", "kernel/b.long.test.ts", "kernel/b.ts", "node_modules/c/c.test.ts"];
const folder = mkdtempSync(join(tmpdir(), "tenon-files-"));

before(() => {
  for (const path of EXISTING) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), "");
  }
  process.chdir(folder);
});
after(() => rmSync(folder, { recursive: true }));

test("the tests of the project are found, the long ones only when they are asked for", () => {
  assert.deepEqual(findTestFiles([], { long: false }), ["a.test.ts", "kernel/b.test.ts"]);
  assert.deepEqual(findTestFiles([], { long: true }), ["kernel/b.long.test.ts"]);
});

test("a pattern is part of a path, or a glob", () => {
  assert.deepEqual(findTestFiles(["kernel"], { long: false }), ["kernel/b.test.ts"]);
  assert.deepEqual(findTestFiles(["*.test.ts", "nowhere"], { long: false }), ["a.test.ts"]);
});

test("finding nothing is an error that says where else to look", () => {
  assert.throws(() => findTestFiles(["b.long"], { long: false }), /matches b\.long\.$/);
  assert.throws(() => findTestFiles(["b.long"], { long: false }), /npm run test:long/);
  assert.throws(() => findTestFiles(["nowhere"], { long: true }), /^Error: No long test matches nowhere\.$/);
});
