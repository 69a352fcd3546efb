import assert from "node:assert/strict";
import { chownSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chooseAccount } from "./account.ts";
import { makeFolder, removeFolder } from "./embedded.fixture.ts";
import { openEmbedded } from "./embedded.ts";

/** A data folder with something in the cluster's place. */
function makeData(name: string, text: string): { folder: string; cluster: string } {
  const folder = makeFolder();
  const cluster = join(folder, "postgres");
  mkdirSync(cluster);
  writeFileSync(join(cluster, name), text);
  const { uid, gid } = chooseAccount();
  chownSync(cluster, uid, gid);
  return { folder, cluster };
}

test("data of another major version is refused by name", async () => {
  const { folder } = makeData("PG_VERSION", "17\n");
  const refusal = /was made by PostgreSQL 17, but this Tenon brings PostgreSQL 18\. .*tenon restore/;
  await assert.rejects(openEmbedded(folder), refusal);
  removeFolder(folder);
});

test("something else in the cluster's place is left alone", async () => {
  const { folder, cluster } = makeData("diary.txt", "dear diary");
  await assert.rejects(openEmbedded(folder), /holds no PostgreSQL data/);
  assert.deepEqual(readdirSync(cluster), ["diary.txt"]);
  removeFolder(folder);
});
