import assert from "node:assert/strict";
import { mkdirSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { makeProject, removeProject, root, run, start, write } from "./project.fixture.ts";

before(makeProject);
after(removeProject);

test("a script is run in the project's folder, with its arguments and its exit code, from wherever it is called", async () => {
  write("test/run.ts", "console.log(process.cwd(), process.argv.slice(2)); process.exitCode = 7;");
  const { exitCode, output } = await run("run.mjs", ["test", "--long", "a b"], { cwd: tmpdir() });
  assert.equal(exitCode, 7);
  assert.ok(output.includes(`${realpathSync(root)} [ '--long', 'a b' ]`), output);
});

test("bin/tenon stays in the folder where it is called, and finds the project's data", async () => {
  write("cli/main.ts", "console.log(process.cwd(), process.env.TENON_DATA, process.argv.slice(2));");
  mkdirSync(join(root, "elsewhere"));
  const cwd = realpathSync(join(root, "elsewhere"));
  const { output } = await run("tenon", ["backup", "file"], { cwd, environment: { TENON_DATA: "" } });
  assert.ok(output.includes(`${cwd} ${realpathSync(root)}/.data [ 'backup', 'file' ]`), output);
});

test("an unknown script is refused, with those that there are", async () => {
  const { exitCode, output } = await run("run.mjs", ["tset"]);
  assert.equal(exitCode, 1);
  assert.match(output, /no script "tset"\. There are: start, dev, test, bench\./);
});

test("a Node that is too old is told so, and nothing is installed", async () => {
  const versions = "Object.defineProperty(process, 'versions', { value: { node: '18.19.0' } })";
  const environment = { NODE_OPTIONS: `--import="data:text/javascript,${encodeURIComponent(versions)}"` };
  for (const file of ["run.mjs", "tenon"]) {
    const { exitCode, output } = await run(file, ["start"], { environment });
    assert.equal(exitCode, 1);
    assert.match(output, /^tenon: this is Node 18\.19\.0 .* Node 20 or later is needed.*\n$/);
  }
});

test("a signal reaches the program once, though it arrives twice, and its exit code is passed on", async () => {
  write(
    "cli/main.ts",
    `let interrupts = 0;
    process.on("SIGINT", () => console.log("interrupt", ++interrupts));
    process.on("SIGTERM", () => process.exit(interrupts));
    setInterval(() => {}, 1_000);
    console.log("ready");`,
  );
  const { child, ended, printed } = start("run.mjs", ["start"]);
  await printed("ready");
  child.kill("SIGINT");
  await printed("interrupt 1");
  child.kill("SIGINT");
  child.kill("SIGTERM");
  assert.equal((await ended).exitCode, 1);
});

test("when a signal ends the program, the exit code says which", async () => {
  write("cli/main.ts", 'process.kill(process.pid, "SIGKILL");');
  assert.equal((await run("tenon", [])).exitCode, 137);
});
