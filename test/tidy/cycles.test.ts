import assert from "node:assert/strict";
import { test } from "node:test";
import { cycles } from "./cycles.ts";

function importing(path: string, ...specifiers: string[]) {
  return { path, text: specifiers.map((specifier) => `import { x } from "${specifier}";`).join("\n") };
}

test("a circle is found, wherever one enters it", () => {
  const files = [importing("k/a.ts", "./b.ts"), importing("k/b.ts", "./c.ts"), importing("k/c.ts", "./b.ts")];
  assert.deepEqual(cycles.find(files), ["k/b.ts → k/c.ts → k/b.ts"]);
});

test("a file that imports itself is a circle", () => {
  assert.deepEqual(cycles.find([importing("k/a.ts", "./a.ts")]), ["k/a.ts → k/a.ts"]);
});

test("two ways to one file are no circle", () => {
  const files = [importing("a.ts", "./b.ts", "./c.ts"), importing("b.ts", "./d.ts"), importing("c.ts", "./d.ts")];
  assert.deepEqual(cycles.find([...files, importing("d.ts", "node:fs")]), []);
});
