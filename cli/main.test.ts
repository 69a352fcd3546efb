import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const MAIN = join(import.meta.dirname, "main.ts");
const folder = mkdtempSync(join(tmpdir(), "tenon-cli-"));
after(() => rmSync(folder, { recursive: true }));

function tenon(args: string[], environment: Record<string, string> = {}) {
  const env = { ...process.env, TENON_DATA: folder, ...environment };
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8", env });
}

test("the help has a line for each subcommand", () => {
  const { status, stdout } = tenon(["--help"]);
  assert.equal(status, 0);
  const commands = stdout.slice(stdout.indexOf("Commands:")).trim().split("\n").slice(1);
  assert.ok(commands.length >= 2, stdout);
  for (const line of commands) assert.match(line, /^ {2}\S.*? {2,}\S/);
});

test("an unknown command and an unknown option get a suggestion", () => {
  const command = tenon(["docter"]);
  assert.match(command.stderr, /unknown command 'docter'\n\(Did you mean doctor\?\)/);
  assert.notEqual(command.status, 0);
  const option = tenon(["doctor", "--verbos"]);
  assert.match(option.stderr, /unknown option '--verbos'\n\(Did you mean --verbose\?\)/);
  assert.notEqual(option.status, 0);
});

test("an error is told in one line and ends in exit code 1; --verbose adds where it arose, before or behind the command", () => {
  const impossible = { PORT: "none" };
  const brief = tenon(["doctor"], impossible);
  assert.equal(brief.status, 1);
  assert.match(brief.stderr, /^tenon: PORT is "none", but must be .*\n$/);
  for (const args of [
    ["--verbose", "doctor"],
    ["doctor", "--verbose"],
  ]) {
    assert.match(tenon(args, impossible).stderr, /config\.ts:\d+/);
  }
});

test("the doctor finds nothing missing on a machine that runs these tests", () => {
  const { status, stdout } = tenon(["doctor"]);
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^ok .*PostgreSQL/m);
});
