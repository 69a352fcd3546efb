import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  lstatSync,
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
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { keyToHex, newKey } from "./key.ts";
import { createKeyFile, readKeyFile, replaceKeyFile } from "./key-file.ts";

const PROCESSES = 4;
const FOLDERS = 25;
const SOMEBODY_ELSE = 65_534;

function newFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "tenon-key-"));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function unexpected(message: string): never {
  assert.fail(`Nothing was to be reported, but: ${message}`);
}

test("a new key file holds one key of 64 digits and a line end, is private, and stays as it is", (context) => {
  const path = join(newFolder(context), "data", "key");
  assert.equal(readKeyFile(path, unexpected), undefined);
  createKeyFile(path);
  const content = readFileSync(path, "utf8");
  assert.match(content, /^[0-9a-f]{64}\n$/);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  createKeyFile(path);
  assert.equal(readFileSync(path, "utf8"), content);
  assert.deepEqual(readdirSync(join(path, "..")), ["key"]);
  assert.deepEqual(readKeyFile(path, unexpected)?.map(keyToHex), [content.trim()]);
});

test("processes that start at once in the same folder end with the same key", async (context) => {
  const folder = newFolder(context);
  const children = Array.from({ length: PROCESSES }, () => startOpener(folder));
  const answers = children.map((child) => (child.stdout ? text(child.stdout) : assert.fail()));
  await Promise.all(children.map((child) => once(child, "message")));
  for (const child of children) child.send("go");
  const ids = (await Promise.all(answers)).map((answer) => answer.trim().split("\n"));
  assert.equal(new Set(ids[0]).size, FOLDERS);
  for (const other of ids) assert.deepEqual(other, ids[0]);
  for (let index = 0; index < FOLDERS; index += 1) assert.deepEqual(readdirSync(join(folder, String(index))), ["key"]);
});

// Every process makes the same folders in the same order, so that each folder is raced for.
function startOpener(folder: string): ChildProcess {
  const program = `
    import { openKeyring } from ${JSON.stringify(new URL("./keyring.ts", import.meta.url).href)};
    process.once("message", () => {
      for (let index = 0; index < ${FOLDERS}; index += 1) {
        console.log(openKeyring({ dataFolder: ${JSON.stringify(folder)} + "/" + index, key: undefined }).keys[0].id);
      }
      process.disconnect();
    });
    process.send("ready");`;
  return spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
}

test("a key file that others may read is made private, and that is reported with its name and mode", (context) => {
  const path = join(newFolder(context), "key");
  createKeyFile(path);
  for (const mode of [0o640, 0o604, 0o620, 0o777]) {
    chmodSync(path, mode);
    const reports: string[] = [];
    assert.equal(readKeyFile(path, (message) => reports.push(message))?.length, 1);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.match(
      reports.join("\n"),
      new RegExp(`^The key file ${path} was open to .* \\(mode 0${mode.toString(8)}\\); .*0600`),
    );
  }
  readKeyFile(path, unexpected);
});

test("a key file that cannot be made private, because it belongs to somebody else, is refused", (context) => {
  const path = join(newFolder(context), "key");
  const refusal =
    /was open to other users .* cannot be made private\. Run "chmod 600 .* as its owner, or set TENON_KEY/;
  if (process.getuid?.() !== 0) {
    assert.throws(() => readKeyFile("/etc/passwd", unexpected), refusal);
    return;
  }
  createKeyFile(path);
  chmodSync(path, 0o644);
  chmodSync(dirname(path), 0o755);
  process.seteuid?.(SOMEBODY_ELSE);
  try {
    assert.throws(() => readKeyFile(path, unexpected), refusal);
  } finally {
    process.seteuid?.(0);
  }
  assert.equal(statSync(path).mode & 0o777, 0o644);
});

test("what cannot be read, written or understood is named", (context) => {
  const folder = newFolder(context);
  mkdirSync(join(folder, "key"), { mode: 0o700 });
  assert.throws(
    () => readKeyFile(join(folder, "key"), unexpected),
    /The key file .*\/key cannot be read \(EISDIR\)\. It must/,
  );
  const file = join(folder, "file");
  writeFileSync(file, "0123\n", { mode: 0o600 });
  assert.throws(
    () => createKeyFile(join(file, "key")),
    /\/file\/key cannot be written \(E(EXIST|NOTDIR)\)\. Make its folder/,
  );
  assert.throws(() => readKeyFile(file, unexpected), /^Error: Line 1 of the key file .*\/file has 4 characters/);
});

test("replacing keeps order, mode, owner and a symbolic link, and leaves nothing else behind", (context) => {
  const folder = newFolder(context);
  const target = join(folder, "target");
  const path = join(folder, "key");
  createKeyFile(target);
  symlinkSync(target, path);
  if (process.getuid?.() === 0) chownSync(target, 12_345, 12_346);
  const { uid, gid } = statSync(target);
  const keys = [newKey(), newKey()] as const;
  replaceKeyFile(path, keys);
  assert.deepEqual(readKeyFile(target, unexpected)?.map(keyToHex), keys.map(keyToHex));
  assert.ok(lstatSync(path).isSymbolicLink());
  const after = statSync(target);
  assert.deepEqual([after.mode & 0o777, after.uid, after.gid], [0o600, uid, gid]);
  assert.deepEqual(readdirSync(folder).sort(), ["key", "target"]);
});
