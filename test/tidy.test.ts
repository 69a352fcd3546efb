import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { cycles } from "./tidy/cycles.ts";
import { documents, proofs } from "./tidy/documents.ts";
import { forms } from "./tidy/forms.ts";
import { layers, moduleOrder } from "./tidy/layers.ts";
import { completeLock, onePackage } from "./tidy/packages.ts";
import { fileSizes, functionSizes } from "./tidy/sizes.ts";
import { readProject } from "./tidy/source.ts";
import { findUnused } from "./tidy/unused.ts";

const ROOT = join(import.meta.dirname, "..");
const RULES = [layers, cycles, forms, fileSizes, functionSizes, documents, proofs, onePackage, completeLock];

// Its examples break the rules on purpose.
const files = readProject(ROOT).filter(({ path }) => path !== "test/tidy/forms.test.ts");

test("the rules are given the whole project, and the order of its modules", () => {
  const paths = files.map(({ path }) => path);
  for (const path of ["app.ts", "bin/run.mjs", "kernel/config.ts", "README.md"]) assert.ok(paths.includes(path), path);
  assert.ok(moduleOrder(files).includes("identity"));
});

for (const { name, find } of RULES) {
  test(name, () => assert.deepEqual(find(files), []));
}

test("no file, export or package is unused, and none that is used is missing", () => {
  assert.equal(findUnused(ROOT), "");
});
