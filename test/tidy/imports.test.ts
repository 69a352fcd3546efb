import assert from "node:assert/strict";
import { test } from "node:test";
import { importsOf } from "./imports.ts";

function specifiersIn(...lines: string[]): string[] {
  return importsOf({ path: "kernel/a.ts", text: lines.join("\n") }).map(({ specifier }) => specifier);
}

test("every way to import is seen", () => {
  const seen = specifiersIn(
    'import pg from "pg";',
    "import { type A,",
    "  b,",
    '} from "./b.ts";',
    'import type { C } from "./c.ts";',
    'import * as d from "./d.ts";',
    'import "./e.ts";',
    'export { f } from "./f.ts";',
    'export * from "./g.ts";',
    '  const h = await import("./h.ts");',
    'import data from "./i.json" with { type: "json" };',
  );
  assert.deepEqual(seen.sort(), [
    "./b.ts",
    "./c.ts",
    "./d.ts",
    "./e.ts",
    "./f.ts",
    "./g.ts",
    "./h.ts",
    "./i.json",
    "pg",
  ]);
});

test("what only looks like an import is not taken for one", () => {
  const seen = specifiersIn(
    "export function rows() {",
    '  return Array.from("abc");',
    "}",
    '// import { a } from "./commented.ts";',
    'const sql = `select a from "b"`;',
  );
  assert.deepEqual(seen, []);
});

test("relative paths are followed from the importing file, packages are not", () => {
  const text = 'import { x } from "../modules/x.ts";\nimport { y } from "node:fs";';
  assert.deepEqual(
    importsOf({ path: "kernel/deep/a.ts", text }).map(({ path }) => path),
    ["kernel/modules/x.ts", undefined],
  );
});
