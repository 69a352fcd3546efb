import assert from "node:assert/strict";
import { randomBytes, randomInt } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { FORMAT, type Manifest, type Table } from "./format.ts";
import { writeNewFile } from "./new-file.ts";
import { packBackup } from "./pack.ts";
import { withBackup } from "./unpack.ts";

const folder = await mkdtemp(join(tmpdir(), "tenon-unpack-"));
after(() => rm(folder, { recursive: true }));

const GZIP_HEADER_BYTES = 10;
const LARGE = Array.from({ length: 40_000 }, (_, row) => `${row}\t${randomBytes(24).toString("base64")}\n`).join("");
const CONTENT: Record<string, string> = { small: "1\ta\n2\t\\N\n", none: "", large: LARGE };
const TABLES = Object.keys(CONTENT).map(
  (name): Table => ({ schema: "test", name, columns: ["id", "value"], months: null }),
);
const MANIFEST: Manifest = {
  format: FORMAT,
  version: 1,
  created_at: "2026-11-20T12:00:00.000Z",
  postgres: "18.4",
  migrations: [],
  tables: TABLES,
  sequences: [],
};

async function* contentOf(table: Table): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(CONTENT[table.name] ?? "");
  for (let start = 0; start < bytes.length; start += 65_000) yield bytes.subarray(start, start + 65_000);
}

const rows: Record<string, number> = {};
const path = join(folder, "backup.tar.gz");
await writeNewFile(
  path,
  packBackup(MANIFEST, contentOf, (table, count) => {
    rows[table.name] = count;
  }),
  { overwrite: false },
);
const whole = await readFile(path);

function readAll(file: string): Promise<Record<string, string>> {
  return withBackup(file, undefined, async (backup) => {
    assert.equal(backup.manifest.tables.length, TABLES.length);
    const content: Record<string, string> = {};
    for (const table of backup.manifest.tables) {
      const chunks: Buffer[] = [];
      for await (const chunk of backup.contentOf(table)) chunks.push(chunk);
      content[table.name] = Buffer.concat(chunks).toString();
    }
    await backup.readFooter();
    return content;
  });
}

async function readChanged(bytes: Buffer): Promise<unknown> {
  const changed = join(folder, "changed");
  await writeFile(changed, bytes);
  return readAll(changed);
}

test("a backup holds what was put in, cut into chunks, and counts the rows", async () => {
  assert.deepEqual(await readAll(path), CONTENT);
  assert.deepEqual(rows, { small: 2, none: 0, large: 40_000 });
});

test("a file that is cut off anywhere is said to be", async () => {
  const lengths = [whole.length - 1, whole.length - 8, Math.floor(whole.length / 2)];
  for (let round = 0; round < 20; round += 1) lengths.push(randomInt(2_000, whole.length));
  for (const length of lengths) {
    await assert.rejects(
      readChanged(whole.subarray(0, length)),
      /changed is cut off: its end is missing/,
      `${length} bytes`,
    );
  }
});

test("a file with a changed byte anywhere is said to be damaged or no backup", async () => {
  const places = [whole.length - 1, whole.length - 5];
  for (let round = 0; round < 60; round += 1) places.push(randomInt(GZIP_HEADER_BYTES, whole.length));
  for (const place of places) {
    const changed = Buffer.from(whole);
    changed[place] = (changed[place] ?? 0) ^ (1 << randomInt(8));
    await assert.rejects(readChanged(changed), /is damaged|is cut off|is not a backup made by/, `byte ${place}`);
  }
});

test("a change that was compressed anew, with a right checksum, is damage", async () => {
  const archive = gunzipSync(whole);
  const places = [archive.indexOf("created_at"), archive.indexOf("1\ta\n2"), archive.indexOf(LARGE.slice(-200, -1))];
  for (const place of places) {
    assert.ok(place > 0);
    const changed = Buffer.from(archive);
    changed[place] = (changed[place] ?? 0) ^ 1;
    await assert.rejects(readChanged(gzipSync(changed)), /is damaged: it is not as it was written/);
  }
});

test("a table that is missing, and one that is there twice, is damage", async () => {
  const archive = gunzipSync(whole);
  const start = archive.indexOf("00000001.copy");
  const length = 1024;
  const without = Buffer.concat([archive.subarray(0, start), archive.subarray(start + length)]);
  await assert.rejects(readChanged(gzipSync(without)), /is damaged/);
  const twice = Buffer.concat([archive.subarray(0, start + length), archive.subarray(start)]);
  await assert.rejects(readChanged(gzipSync(twice)), /is damaged/);
});

test("a file that is no backup is said to be none", async () => {
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from("select 1;\n"),
    randomBytes(5_000),
    gzipSync("text"),
    gzipSync(randomBytes(5_000)),
  ]) {
    await assert.rejects(readChanged(bytes), /changed is not a backup made by tenon backup/);
  }
});

test("a backup of a newer format, a folder and a missing file are each named", async () => {
  const newer = join(folder, "newer");
  const content = packBackup({ ...MANIFEST, version: 2 }, contentOf, () => undefined);
  await writeNewFile(newer, content, { overwrite: false });
  await assert.rejects(readAll(newer), /is a backup of format 2, but this Tenon reads format 1/);
  await assert.rejects(readAll(folder), /is a folder/);
  await assert.rejects(readAll(join(folder, "nowhere")), /does not exist/);
});
