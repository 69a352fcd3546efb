import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { createForeignDatabase } from "../kernel/data-model/foreign.fixture.ts";
import { createScratchDatabase } from "../test/harness.ts";
import { environmentOf, runCommand } from "./command.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "tenon-model-"));
after(() => rmSync(folder, { recursive: true }));
const foreign = await createForeignDatabase(
  "create table boats (id int primary key); create schema sea; create table sea.ports (id int)",
);
const url = environmentOf(foreign.login, folder).DATABASE_URL ?? "";
const own = environmentOf(await createScratchDatabase(), folder);

function document(...args: string[]) {
  return runCommand(["data-model", ...args], own);
}

test("the document of one's own database goes to the standard output, and nothing else does", () => {
  const { status, stdout, stderr } = document("labels");
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^# Data Model: Labels\n/);
});

test("another database is read by its address, and only in the schemas that are asked for", () => {
  const { stdout } = document("--database", url, "--schema", "sea", "--format", "json");
  assert.match(stdout, /"id": "sea\.ports"/);
  assert.doesNotMatch(stdout, /boats/);
  const both = document("--database", url, "--schema", "sea", "--schema", "public").stdout;
  assert.match(both, /boats/);
  assert.match(both, /^\*\*Date\*\*: \d{4}-\d{2}-\d{2} {2}$/m);
});

test("words that match nothing end with exit code 1 and the nearest domains", () => {
  const { status, stdout, stderr } = document("--database", url, "botas");
  assert.equal(status, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /Nothing in this database is about "botas"\. The nearest domains: boats/);
});

test("a checked document is fresh on any day, and stale when the database changed, with the first difference", async () => {
  const file = join(folder, "boats.md");
  const args = ["--database", url, "--out", file];
  assert.equal(document(...args).status, 0);
  writeFileSync(file, readFileSync(file, "utf8").replace(/^(\*\*Date\*\*: ).*$/m, "$12020-01-01  "));
  assert.equal(document(...args, "--check").status, 0);
  await foreign.client.query("comment on table boats is 'What swims.'");
  const { status, stderr } = document(...args, "--check");
  assert.equal(status, 1);
  assert.match(stderr, /boats\.md is stale: line \d+ is\n.*\nand should be\n.*/);
  assert.equal(document("--check").status, 1);
});

test("a folder gets a file for each schema", () => {
  const out = `${join(folder, "all")}/`;
  assert.equal(document("--database", url, "--out", out, "--format", "sql").status, 0);
  assert.deepEqual(readdirSync(out), ["public.sql", "sea.sql"]);
  assert.equal(document("--database", url, "--out", out, "--format", "sql", "--check").status, 0);
});

const DESIGN = join(import.meta.dirname, "../kernel/data-model/design/label-suite.fixture.yaml");

test("a design becomes a migration and a document, printed or written to a folder", () => {
  const { status, stdout, stderr } = document("--design", DESIGN);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^-- Benchmarks that people submit predictions to\.\n/);
  assert.match(stdout, /^# Data Model: Label_suite$/m);
  const out = join(folder, "designed");
  assert.equal(document("--design", DESIGN, "--out", out).status, 0);
  assert.deepEqual(readdirSync(out), ["label_suite.md", "label_suite.sql"]);
  assert.ok(stdout.startsWith(readFileSync(join(out, "label_suite.sql"), "utf8")));
});

test("a design with faults, or that is not there, ends with exit code 1, its faults and no stack", () => {
  const file = join(folder, "faulty.yaml");
  writeFileSync(file, "module: shop\nentities: { goods: { fields: { size: huge, order: text } } }");
  const { status, stdout, stderr } = document("--design", file, "--out", join(folder, "nothing"));
  assert.equal(status, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /2 things are wrong\.\n {2}entity goods, field size, type: .*\n {2}entity goods, field order: /);
  assert.doesNotMatch(stderr, /\n\s+at /);
  const missing = document("--design", join(folder, "nowhere.yaml"));
  assert.equal(missing.status, 1);
  assert.doesNotMatch(missing.stderr, /\n\s+at /);
  assert.match(document("--design", DESIGN, "words", "--check").stderr, /leave out words and --check/);
});
