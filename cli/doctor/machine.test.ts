import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { formatFinding } from "./finding.ts";
import { checkDataFolder, checkEngine, checkKey, checkNode } from "./machine.ts";

let dataFolder = "";
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), "tenon-doctor-"));
});
afterEach(() => rmSync(dataFolder, { recursive: true }));

test("another Node than the one Tenon is tested with is doubtful", () => {
  assert.equal(checkNode().state, "good");
  const { state, detail } = checkNode("20.0.0");
  assert.equal(state, "doubtful");
  assert.match(detail, /^20\.0\.0, but .* npm start/);
});

test("PostgreSQL comes from npm, or is a server of one's own", () => {
  assert.match(checkEngine({ databaseUrl: undefined }).detail, /^\d+\.\d+.*, from \//);
  assert.match(checkEngine({ databaseUrl: "postgres://db/tenon" }).detail, /DATABASE_URL/);
});

test("a data folder that does not exist yet is fine where it can be made", () => {
  assert.equal(checkDataFolder({ dataFolder }).detail, dataFolder);
  const { state, detail } = checkDataFolder({ dataFolder: join(dataFolder, "a/b") });
  assert.equal(state, "good");
  assert.match(detail, /a\/b, made at the first start$/);
});

test("a data folder that cannot be made is bad, and the advice names it", () => {
  const file = join(dataFolder, "file");
  writeFileSync(file, "", { mode: 0o600 });
  const { state, detail } = checkDataFolder({ dataFolder: join(file, "data") });
  assert.equal(state, "bad");
  assert.ok(detail.startsWith(`${file} cannot be written (`) && detail.includes("TENON_DATA"), detail);
});

test("a key that others may read is doubtful, and a private one is good", () => {
  const path = join(dataFolder, "key");
  writeFileSync(path, "key");
  chmodSync(path, 0o640);
  assert.match(formatFinding(checkKey({ dataFolder, key: undefined })), /^check {2}Key .*mode 640.*chmod 600/);
  chmodSync(path, 0o600);
  assert.match(formatFinding(checkKey({ dataFolder, key: undefined })), /^ok .*\/key$/);
});

test("no key is fine before the first start, and bad once there is a database", () => {
  assert.match(checkKey({ dataFolder, key: undefined }).detail, /made at the first start/);
  mkdirSync(join(dataFolder, "postgres"));
  assert.equal(checkKey({ dataFolder, key: undefined }).state, "bad");
  assert.equal(checkKey({ dataFolder, key: "0".repeat(64) }).state, "good");
});
