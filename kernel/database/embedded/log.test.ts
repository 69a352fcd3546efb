import assert from "node:assert/strict";
import { closeSync, readFileSync, statSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeFolder, removeFolder } from "./embedded.fixture.ts";
import { boundLog, LOG_BYTES_MAX, openLog, tailLog } from "./log.ts";

test("a log that grows too long is moved aside under the process that writes it", () => {
  const folder = makeFolder();
  const file = join(folder, "postgres.log");
  const { handle, start } = openLog(file);
  writeSync(handle, "x".repeat(LOG_BYTES_MAX));
  boundLog(file);
  assert.equal(statSync(file).size, LOG_BYTES_MAX);
  writeSync(handle, "\nfull\n");
  boundLog(file);
  writeSync(handle, "fresh\n");
  closeSync(handle);
  assert.equal(start, 0);
  assert.equal(readFileSync(file, "utf8"), "fresh\n");
  assert.equal(statSync(`${file}.1`).size, LOG_BYTES_MAX + 6);
  removeFolder(folder);
});

test("the tail holds the lines since a position, also when the log was emptied since, and not too many", () => {
  const folder = makeFolder();
  const file = join(folder, "postgres.log");
  assert.deepEqual(tailLog(file, 0), []);
  writeFileSync(file, "one\ntwo\n");
  assert.deepEqual(tailLog(file, "one\n".length), ["two"]);
  assert.deepEqual(tailLog(file, "one\ntwo\n".length), []);
  writeFileSync(file, "new\n");
  assert.deepEqual(tailLog(file, "one\ntwo\n".length), ["new"]);
  writeFileSync(file, "many\n".repeat(100_000));
  assert.ok(tailLog(file, 0).length < 20_000);
  removeFolder(folder);
});
