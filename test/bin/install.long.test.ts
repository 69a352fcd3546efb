import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { makeProject, removeProject, root, run, start, write, writeLock, writeProgram } from "./project.fixture.ts";

const INSTALLING = "tenon: installing the packages (npm ci)";

beforeEach(() => {
  makeProject();
  write("test/run.ts", 'console.log("the program ran");');
  // An npm that begins when the lock names it, and does not come to an end.
  const begin = "until grep -q ' ' .install-lock; do sleep 0.05; done; mkdir -p node_modules/node; echo npm has begun";
  writeProgram("slow/npm", `${begin}; exec sleep 3600`);
});
afterEach(removeProject);

function slowNpm(): Record<string, string> {
  return { PATH: `${join(root, "slow")}:${process.env.PATH}` };
}

function countIn(text: string, part: string): number {
  return text.split(part).length - 1;
}

async function runTest(environment?: Record<string, string>) {
  const { exitCode, output } = await run("run.mjs", ["test"], { environment });
  return { exitCode, output, installed: output.includes(INSTALLING), ran: output.includes("the program ran") };
}

test("what is missing is installed, once", async () => {
  const first = await runTest();
  assert.ok(first.installed && first.ran, first.output);
  assert.equal((await runTest()).output, "the program ran\n");
});

test("packages that a person installed count", async () => {
  execFileSync("npm", ["install", "--offline"], { cwd: root, stdio: "pipe" });
  assert.equal((await runTest()).output, "the program ran\n");
});

test("what was left half-done, or is not what is locked, is installed again", async () => {
  await runTest();
  for (const path of ["node_modules/.package-lock.json", "node_modules/node"]) {
    rmSync(join(root, path), { recursive: true });
    const { installed, ran } = await runTest();
    assert.ok(installed && ran, path);
  }
  write("node-package/package.json", '{ "name": "node", "version": "24.0.1" }');
  writeLock("24.0.1");
  const { installed, ran } = await runTest();
  assert.ok(installed && ran);
});

test("of two that start at once, one installs and the other waits", async () => {
  const both = await Promise.all([runTest(), runTest()]);
  assert.equal(both.filter(({ installed }) => installed).length, 1);
  assert.ok(both.every(({ ran }) => ran));
  assert.equal(existsSync(join(root, ".install-lock")), false);
});

test("a signal ends the installation, and the next start does it", async () => {
  const { child, ended, printed } = start("run.mjs", ["test"], { environment: slowNpm() });
  await printed("npm has begun");
  child.kill("SIGTERM");
  const { exitCode, output } = await ended;
  assert.equal(exitCode, 143);
  assert.match(output, /interrupted; the next start begins it anew/);
  assert.ok((await runTest()).ran);
});

test("while the npm of a killed process goes on, others wait; when it is killed too, the next one installs", async () => {
  const killed = start("run.mjs", ["test"], { environment: slowNpm() });
  await killed.printed("npm has begun");
  const [, npmId] = readFileSync(join(root, ".install-lock"), "utf8").split(" ");
  killed.child.kill("SIGKILL");
  await once(killed.child, "exit");
  const { ended, printed } = start("run.mjs", ["test"]);
  await printed("waiting for it");
  process.kill(Number(npmId), "SIGKILL");
  const { output } = await ended;
  assert.equal(countIn(output, INSTALLING), 1);
  assert.match(output, /the program ran/);
});

test("when npm fails, its message is followed by ours, and the program is not run", async () => {
  write("package-lock.json", '{ "lockfileVersion": 3, "packages": {} }');
  const { exitCode, output, ran } = await runTest();
  assert.equal(exitCode, 1);
  assert.equal(ran, false);
  assert.match(output, /npm error.*tenon: npm ci failed \(exit code 1\); its own message stands above/s);
  assert.equal(existsSync(join(root, ".install-lock")), false);
});

test("without npm the message says so", async () => {
  const { exitCode, output } = await runTest({ PATH: "/nowhere" });
  assert.equal(exitCode, 1);
  assert.match(output, /npm could not be run .*install it and try again/);
});

test("an npm that leaves something out is not believed", async () => {
  writeProgram("idle/npm", "exit 0");
  const { exitCode, output } = await runTest({ PATH: `${join(root, "idle")}:${process.env.PATH}` });
  assert.equal(exitCode, 1);
  assert.match(output, /npm ci left out what is needed here: .*node_modules\/node/);
});
