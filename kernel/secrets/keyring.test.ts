import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { keyToHex, newKey } from "./key.ts";
import { replaceKeyFile } from "./key-file.ts";
import { findKey, keyFilePath, openKeyring } from "./keyring.ts";

function newConfig(context: TestContext) {
  const dataFolder = mkdtempSync(join(tmpdir(), "tenon-keyring-"));
  context.after(() => rmSync(dataFolder, { recursive: true }));
  return { dataFolder, key: undefined };
}

test("the key of the environment comes before the file, which is then not made", (context) => {
  const config = newConfig(context);
  const [newer, older] = [newKey(), newKey()];
  const keyring = openKeyring({ ...config, key: `${keyToHex(newer)},${keyToHex(older)}` });
  assert.deepEqual(
    keyring.keys.map((key) => key.id),
    [newer.id, older.id],
  );
  assert.equal(existsSync(keyFilePath(config)), false);
  assert.equal(findKey(keyring, older.id)?.id, older.id);
  assert.equal(findKey(keyring, "00000000"), undefined);
});

test("the key of the first start is there at the second", (context) => {
  const config = newConfig(context);
  const first = openKeyring(config);
  assert.equal(openKeyring(config).keys[0].id, first.keys[0].id);
});

test("an open keyring finds a key that was added to the file since, and takes the new current one", (context) => {
  const config = newConfig(context);
  const keyring = openKeyring(config);
  const [before] = keyring.keys;
  const added = newKey();
  replaceKeyFile(keyFilePath(config), [added, before]);
  assert.equal(findKey(keyring, before.id)?.id, before.id);
  assert.equal(keyring.keys.length, 1);
  assert.equal(findKey(keyring, added.id)?.id, added.id);
  assert.equal(keyring.keys[0].id, added.id);
});

test("a key file that disappeared is missed, and not made anew, while the keyring is open", (context) => {
  const config = newConfig(context);
  const keyring = openKeyring(config);
  rmSync(keyFilePath(config));
  assert.throws(() => findKey(keyring, "00000000"), /The key file .* has disappeared\. Put it back/);
  assert.equal(existsSync(keyFilePath(config)), false);
});
