import assert from "node:assert/strict";
import { test } from "node:test";
import { forms } from "./forms.ts";

const FORBIDDEN = [
  'export * from "./a.ts";',
  "export default 1;",
  "export { a as default };",
  "const a = b as any;",
  "// @ts-ignore",
  "// @ts-expect-error: for now",
  "// @ts-nocheck",
  'await pool.query("select 1");',
  'await memberPool.query("select 1");',
  "// TODO: later",
  "/* FIXME */",
  "const home = process.env.HOME;",
  "class AccountService {}",
  "export abstract class Base extends EventEmitter {",
];

for (const text of FORBIDDEN) {
  test(`found: ${text}`, () => {
    const found = forms.find([{ path: "kernel/a.ts", text: `\n${text}\n` }]);
    assert.equal(found.length, 1);
    assert.match(found[0] ?? "", /^kernel\/a\.ts/);
  });
}

const ALLOWED = [
  'export { a } from "./a.ts";',
  'import data from "./a.json" with { type: "json" };',
  "const many = [a, b];",
  "await client.query(text);",
  "export class BusyError extends Error {",
  "export class StaleError extends BusyError {}",
  "export class Keeper {",
];

for (const text of ALLOWED) {
  test(`allowed: ${text}`, () => assert.deepEqual(forms.find([{ path: "kernel/a.ts", text }]), []));
}

test("the environment is read in one file of the program, and where programs are started and tested", () => {
  const text = "const { PATH } = process.env;";
  const readers = ["kernel/config.ts", "bin/launch.mjs", "test/run.ts", "bench/run.ts", "cli/main.test.ts"];
  assert.deepEqual(forms.find(readers.map((path) => ({ path, text }))), []);
  assert.equal(forms.find([{ path: "cli/main.ts", text }]).length, 1);
});

test("a file called index is found in any folder and form", () => {
  const paths = ["index.ts", "web/index.tsx", "kernel/a/index.mjs", "kernel/reindex.ts"];
  assert.equal(forms.find(paths.map((path) => ({ path, text: "" }))).length, 3);
});

test("generated files are what their generator makes them", () => {
  assert.deepEqual(forms.find([{ path: "kernel/types.gen.ts", text: "class Row {}" }]), []);
});
