import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { writeNewFile } from "./new-file.ts";

const root = mkdtempSync(join(tmpdir(), "tenon-new-file-"));
after(() => rmSync(root, { recursive: true }));

function newFolder(): string {
  return mkdtempSync(join(root, "f-"));
}

async function* content(...parts: (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield Buffer.from(part);
}

test("the file is whole, private and alone in its folder", async () => {
  const folder = newFolder();
  const path = join(folder, "new");
  const bytes = await writeNewFile(path, content("one, ", "two"), { overwrite: false });
  assert.equal(gunzipSync(readFileSync(path)).toString(), "one, two");
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(path).size, bytes);
  assert.deepEqual(readdirSync(folder), ["new"]);
});

test("a file that is there stays as it is, unless it may be overwritten", async () => {
  const folder = newFolder();
  const path = join(folder, "there");
  writeFileSync(path, "mine");
  await assert.rejects(writeNewFile(path, content("new"), { overwrite: false }), /is there already.*--force/);
  assert.equal(readFileSync(path, "utf8"), "mine");
  await writeNewFile(path, content("new"), { overwrite: true });
  assert.equal(gunzipSync(readFileSync(path)).toString(), "new");
  assert.deepEqual(readdirSync(folder), ["there"]);
});

test("a file that appears while ours is being written stays as it is", async () => {
  const folder = newFolder();
  const path = join(folder, "race");
  async function* racing(): AsyncGenerator<Buffer> {
    yield Buffer.from("new");
    writeFileSync(path, "theirs");
  }
  await assert.rejects(writeNewFile(path, racing(), { overwrite: false }), /is there already/);
  assert.equal(readFileSync(path, "utf8"), "theirs");
  assert.deepEqual(readdirSync(folder), ["race"]);
});

test("what is no ordinary file is never replaced", async () => {
  const folder = newFolder();
  mkdirSync(join(folder, "folder"));
  symlinkSync("/dev/null", join(folder, "link"));
  for (const name of ["folder", "link"]) {
    const writing = writeNewFile(join(folder, name), content("new"), { overwrite: true });
    await assert.rejects(writing, /it is no ordinary file/);
  }
});

test("when the content fails or is interrupted half-way, nothing is left, and what was there stays", async () => {
  const folder = newFolder();
  const path = join(folder, "kept");
  writeFileSync(path, "before");
  async function* failing(): AsyncGenerator<Buffer> {
    yield randomBytes(1_000_000);
    throw new Error("no more rows");
  }
  await assert.rejects(writeNewFile(path, failing(), { overwrite: true }), /no more rows/);
  const interrupt = new AbortController();
  async function* interrupted(): AsyncGenerator<Buffer> {
    yield randomBytes(1_000_000);
    interrupt.abort();
    yield randomBytes(1_000_000);
  }
  const writing = writeNewFile(path, interrupted(), { overwrite: true, signal: interrupt.signal });
  await assert.rejects(writing, { name: "AbortError" });
  assert.equal(readFileSync(path, "utf8"), "before");
  assert.deepEqual(readdirSync(folder), ["kept"]);
});

test("a folder that is not there is named", async () => {
  const path = join(root, "nowhere", "file");
  await assert.rejects(
    writeNewFile(path, content("new"), { overwrite: false }),
    /was not written: its folder does not exist/,
  );
});
