import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runScript } from "./program.ts";

const EXECUTE = join(import.meta.dirname, "execute.ts");
const HANGS = "setInterval(() => {}, 1_000);";

const folder = mkdtempSync(join(tmpdir(), "tenon-run-"));
after(() => rmSync(folder, { recursive: true }));

async function execute(fileTimeoutMs: number, ...bodies: string[]) {
  const files = bodies.map((body, index) => {
    const file = join(folder, `${index}.test.ts`);
    writeFileSync(file, `import { test } from "node:test";\n${body}\n`);
    return file;
  });
  return runScript(EXECUTE, [`--file-timeout-ms=${fileTimeoutMs}`, ...files], {
    output: "kept",
    // With this, Node takes what it is to run for a part of this test, and runs nothing.
    environment: { NODE_TEST_CONTEXT: undefined },
    signal: new AbortController().signal,
  });
}

test("when every test passes, the closing figures stand last", async () => {
  const { exitCode, output } = await execute(
    60_000,
    'test("one", () => {});',
    'test("two", () => {}); test("three", () => {});',
  );
  assert.equal(exitCode, 0, output);
  assert.match(output, /✔ one .*\n# tests 3\n.*# pass 3\n# fail 0\n/s);
});

test("a failing test, and a file that cannot be loaded, are failures", async () => {
  const { exitCode, output } = await execute(
    60_000,
    'test("one", () => { throw new Error("wrong"); });',
    "import './nothing.ts';",
  );
  assert.equal(exitCode, 1);
  assert.match(output, /✖ one .*\n# pass 0\n# fail 2\n.*Some tests failed/s);
});

test("a file without a test is a failure, and so is no file", async () => {
  const empty = await execute(60_000, 'test("one", () => {});', "void test;");
  assert.equal(empty.exitCode, 1);
  assert.match(empty.output, /There is no test in .*1\.test\.ts/);
  const none = await execute(60_000);
  assert.equal(none.exitCode, 1);
  assert.match(none.output, /No test was executed/);
});

test("a file that does not end is named, with the test that hangs or as one that leaves something open", async () => {
  const bodies = {
    [`test("one", () => {}); test("two", () => new Promise(() => { ${HANGS} }));`]: /^Under way: two$/m,
    [`test("one", () => {}); ${HANGS}`]: /^Something of it is left open/m,
  };
  for (const [body, reason] of Object.entries(bodies)) {
    const { exitCode, output } = await execute(1_000, body);
    assert.equal(exitCode, 1);
    assert.match(output, /0\.test\.ts has not ended after 1 s/);
    assert.match(output, reason);
    assert.doesNotMatch(output, /Under way: one/);
  }
});
