import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { findUnused } from "./unused.ts";

const root = mkdtempSync(join(tmpdir(), "tenon-unused-"));
after(() => rmSync(root, { recursive: true }));

test("files, exports and packages that nobody uses are found, and packages that are not declared", () => {
  mkdirSync(join(root, "kernel"));
  copyFileSync(join(import.meta.dirname, "../../knip.json"), join(root, "knip.json"));
  const write = (path: string, text: string) => writeFileSync(join(root, path), text);
  write("package.json", '{ "name": "example", "type": "module", "dependencies": { "needless-package": "1.0.0" } }');
  write("app.ts", 'import { used } from "./kernel/a.ts";\nimport "undeclared-package";\nused();\n');
  write("kernel/a.ts", "export function used() {}\nexport function deadExport() {}\n");
  write("kernel/dead-file.ts", "export const nothing = 0;\n");
  const found = findUnused(root);
  for (const name of ["needless-package", "undeclared-package", "deadExport", "kernel/dead-file.ts"]) {
    assert.ok(found.includes(name), found);
  }
  assert.doesNotMatch(found, /\bused\b/);
});
