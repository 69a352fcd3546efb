import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeFolder, removeFolder } from "./embedded.fixture.ts";
import { findEngine, installEngine, removeOtherEngines } from "./engine.ts";

test("a system without a PostgreSQL of ours is pointed to DATABASE_URL", () => {
  assert.throws(() => findEngine("sunos", "sparc"), /no PostgreSQL for sunos-sparc\. Set DATABASE_URL/);
  assert.throws(() => findEngine("win32", "x64"), /no PostgreSQL for win32-x64\. Set DATABASE_URL/);
});

test("a package that is not installed is named, with the command that installs it", () => {
  const [platform, arch] = process.platform === "darwin" ? ["linux", "ppc64"] : ["darwin", "arm64"];
  assert.throws(() => findEngine(platform, arch), new RegExp(`${platform}-${arch}.* is not installed\\. Run "npm ci`));
});

test("the engine is copied once, and the copies of other versions can be removed", () => {
  const folder = makeFolder();
  const engines = join(folder, "engine");
  mkdirSync(join(engines, "17.0.0"), { recursive: true });
  const engine = findEngine();
  const bin = installEngine(engine, engines);
  assert.equal(installEngine(engine, engines), bin);
  assert.ok(existsSync(join(bin, "postgres")));
  assert.deepEqual(readdirSync(engines).sort(), ["17.0.0", engine.version]);
  removeOtherEngines(engine, engines);
  assert.deepEqual(readdirSync(engines), [engine.version]);
  removeFolder(folder);
});
