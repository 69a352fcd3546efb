import assert from "node:assert/strict";
import { test } from "node:test";
import { completeLock, onePackage } from "./packages.ts";

function empty(...paths: string[]) {
  return paths.map((path) => ({ path, text: "" }));
}

test("a second package.json and a second lock file are found", () => {
  assert.deepEqual(onePackage.find(empty("package.json", "package-lock.json")), []);
  assert.deepEqual(onePackage.find(empty("package.json", "package-lock.json", "web/package.json", "yarn.lock")), [
    "web/package.json is one too many",
    "yarn.lock is one too many",
  ]);
});

test("no package.json and no lock file are missed", () => {
  assert.deepEqual(onePackage.find([]), ["package.json is missing", "package-lock.json is missing"]);
});

test("a package that only another system needs must be locked too", () => {
  const parser = { optionalDependencies: { "@parser/linux": "1.0.0", "@parser/darwin": "1.0.0" } };
  const packages = { "": {}, "node_modules/parser": parser, "node_modules/x/node_modules/@parser/linux": {} };
  assert.deepEqual(completeLock.find([{ path: "package-lock.json", text: JSON.stringify({ packages }) }]), [
    "node_modules/parser may need @parser/darwin, which is not locked",
  ]);
});
