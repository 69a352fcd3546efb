import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { inspect } from "node:util";
import { KEYS_MAX, keyToHex, newKey, parseKeyLines, parseKeyList } from "./key.ts";

const hexOf = (count: number) => Array.from({ length: count }, () => keyToHex(newKey()));

test("a key's id is the first 8 digits of its SHA-256", () => {
  const key = newKey();
  const sum = createHash("sha256")
    .update(Buffer.from(keyToHex(key), "hex"))
    .digest("hex");
  assert.equal(key.id, sum.slice(0, 8));
});

test("keys are read in their order, from lines and from a list, in either case, with spaces around them", () => {
  const hex = hexOf(3);
  const lines = parseKeyLines(`${hex[0]}\r\n\n  ${hex[1]?.toUpperCase()}\n${hex[2]}\n`, "/data/key");
  const list = parseKeyList(`${hex[0]}, ${hex[1]},${hex[2]},`);
  assert.deepEqual(lines.map(keyToHex), hex);
  assert.deepEqual(list.map(keyToHex), hex);
});

test("a malformed key is refused by place and form, and is not shown", () => {
  const [good] = hexOf(1);
  const short = "ab".repeat(31);
  const foreign = "xy".repeat(32);
  assert.throws(() => parseKeyLines(`${good}\n\n${short}\n`, "/data/key"), {
    message: /^Line 3 of the key file \/data\/key has 62 characters, but a key is 64 hexadecimal digits\./,
  });
  assert.throws(() => parseKeyList(`${good},${foreign}`), {
    message: /^Key 2 in TENON_KEY has other characters than hexadecimal digits, but a key is 64 hexadecimal digits\./,
  });
  assert.throws(
    () => parseKeyList(foreign),
    (error: Error) => !error.message.includes("xy"),
  );
});

test("no key, the same key twice, and too many keys are refused", () => {
  const hex = hexOf(KEYS_MAX + 1);
  assert.throws(() => parseKeyLines("\n \n", "/data/key"), /There is no key in the key file \/data\/key/);
  assert.throws(() => parseKeyList(","), /There is no key in TENON_KEY/);
  assert.throws(() => parseKeyLines(`${hex[0]}\n${hex[0]}\n`, "/data/key"), /Line 2 of .* repeats key [0-9a-f]{8}\./);
  assert.throws(() => parseKeyList(hex.join(",")), /There are 17 keys in TENON_KEY, but at most 16 may be/);
  assert.equal(parseKeyList(hex.slice(0, KEYS_MAX).join(",")).length, KEYS_MAX);
});

test("a printed or serialized key shows nothing of itself", () => {
  const key = newKey();
  const hex = keyToHex(key);
  const bytes = inspect(Buffer.from(hex, "hex")).slice(8, 20);
  for (const shown of [inspect(key, { depth: 9, showHidden: true }), JSON.stringify(key), String(key.secret)]) {
    assert.ok(!shown.includes(hex.slice(0, 12)) && !shown.includes(bytes), shown);
  }
});
