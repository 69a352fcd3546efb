import assert from "node:assert/strict";
import { randomBytes, randomInt } from "node:crypto";
import { test } from "node:test";
import { rewrap, SECRET_BYTES_MAX, SecretError, seal, unseal } from "./envelope.ts";
import { type Key, keyToHex, newKey } from "./key.ts";
import { type Keyring, openKeyring } from "./keyring.ts";

const CONTEXT = "stores.credentials/0198f2f0-0000-7000-8000-000000000001/7";
const PAYLOAD_START = 65;
const OVERHEAD_BYTES = 93;

function keyringOf(...keys: Key[]): Keyring {
  return openKeyring({ dataFolder: "/nonexistent", key: keys.map(keyToHex).join(",") });
}

function withCode(code: SecretError["code"], message: RegExp = /./) {
  return (error: unknown) => {
    assert.ok(error instanceof SecretError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}

test("secrets of any length open to what was sealed, and are 93 bytes longer", () => {
  const keyring = keyringOf(newKey());
  const random = Array.from({ length: 60 }, () => randomInt(100_000));
  for (const length of [0, 1, 15, 16, 17, 31, 32, 33, 100_000, SECRET_BYTES_MAX, ...random]) {
    const plaintext = randomBytes(length);
    const sealed = seal(keyring, plaintext, CONTEXT);
    assert.equal(sealed.length, length + OVERHEAD_BYTES);
    assert.ok(unseal(keyring, sealed, CONTEXT).equals(plaintext), `length ${length}`);
  }
  assert.equal(unseal(keyring, seal(keyring, "pässword ✓", CONTEXT), CONTEXT).toString(), "pässword ✓");
});

test("a value sealed by the first format opens for ever", () => {
  const keyring = openKeyring({
    dataFolder: "/",
    key: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
  });
  const sealed = Buffer.from(
    "AWMNzSnqMEl8kFWiC8heqUEa0hh/rHMkmtea2Oqzj5uz5HcIKTGznm0isEEwH2WRrtBkyewF+gDwTzpBtIOYaFaU+PqdYoZViMMoaoYBEgmLhFTb0oQZylIMS9eD+BUcVBKYEg==",
    "base64",
  );
  assert.equal(unseal(keyring, sealed, CONTEXT).toString(), "hunter2");
});

test("the same secret sealed twice shares no part but the header", () => {
  const keyring = keyringOf(newKey());
  const [one, two] = [seal(keyring, "the same", CONTEXT), seal(keyring, "the same", CONTEXT)];
  assert.ok(one.subarray(0, 5).equals(two.subarray(0, 5)));
  assert.equal(one.toString("hex", 1, 5), keyring.keys[0].id);
  for (const [start, end] of [
    [5, 17],
    [17, 49],
    [49, 65],
    [65, 77],
    [77, 85],
    [85, 101],
  ]) {
    assert.ok(!one.subarray(start, end).equals(two.subarray(start, end)), `bytes ${start} to ${end}`);
  }
});

test("a secret altered in any bit, shortened or lengthened does not open", () => {
  const keyring = keyringOf(newKey());
  const sealed = seal(keyring, randomBytes(20), CONTEXT);
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const altered = Buffer.from(sealed);
    altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.throws(() => unseal(keyring, altered, CONTEXT), SecretError, `bit ${bit}`);
    if (bit < PAYLOAD_START * 8) assert.throws(() => rewrap(keyring, altered), SecretError, `rewrap, bit ${bit}`);
  }
  for (let length = 0; length < sealed.length; length += 1) {
    assert.throws(() => unseal(keyring, sealed.subarray(0, length), CONTEXT), SecretError, `length ${length}`);
  }
  assert.throws(() => unseal(keyring, Buffer.concat([sealed, Buffer.of(0)]), CONTEXT), withCode("not_authentic"));
});

test("a secret altered in one byte anywhere in a long payload does not open", () => {
  const keyring = keyringOf(newKey());
  const sealed = seal(keyring, randomBytes(100_000), CONTEXT);
  for (let round = 0; round < 40; round += 1) {
    const altered = Buffer.from(sealed);
    const place = randomInt(altered.length);
    altered[place] = (altered[place] ?? 0) ^ randomInt(1, 256);
    assert.throws(() => unseal(keyring, altered, CONTEXT), SecretError, `byte ${place}`);
  }
});

test("a secret does not open in another context, nor with the payload or the data key of another", () => {
  const keyring = keyringOf(newKey());
  const other = CONTEXT.replace("1/7", "2/7");
  const [mine, theirs] = [seal(keyring, "mine", CONTEXT), seal(keyring, "theirs", other)];
  for (const context of [other, "", CONTEXT.slice(0, -1), `${CONTEXT}0`]) {
    assert.throws(
      () => unseal(keyring, mine, context),
      withCode("not_authentic", /was altered, or sealed for another place/),
    );
  }
  const mixed = Buffer.concat([mine.subarray(0, PAYLOAD_START), theirs.subarray(PAYLOAD_START)]);
  assert.throws(() => unseal(keyring, mixed, CONTEXT), withCode("not_authentic"));
  assert.throws(() => unseal(keyring, mixed, other), withCode("not_authentic"));
});

test("a secret of a key that is not at hand names that key and those at hand", () => {
  const [mine, theirs] = [newKey(), newKey()];
  const sealed = seal(keyringOf(theirs), "secret", CONTEXT);
  const message = new RegExp(`sealed with key ${theirs.id}, but at hand is only ${mine.id}\\. Add that key`);
  assert.throws(() => unseal(keyringOf(mine), sealed, CONTEXT), withCode("unknown_key", message));
  assert.throws(() => rewrap(keyringOf(mine), sealed), withCode("unknown_key", message));
});

test("what is no sealed secret is said to be none", () => {
  const keyring = keyringOf(newKey());
  const later = seal(keyring, "secret", CONTEXT);
  later[0] = 2;
  for (const value of [Buffer.alloc(0), Buffer.alloc(OVERHEAD_BYTES), later]) {
    assert.throws(() => unseal(keyring, value, CONTEXT), withCode("unknown_format", /not a sealed secret of format 1/));
  }
});

test("after a rotation old secrets open, and new ones are sealed with the new key", () => {
  const [older, newer] = [newKey(), newKey()];
  const sealed = seal(keyringOf(older), "secret", CONTEXT);
  const rotated = keyringOf(newer, older);
  assert.equal(unseal(rotated, sealed, CONTEXT).toString(), "secret");
  const sealedNow = seal(rotated, "secret", CONTEXT);
  assert.equal(unseal(keyringOf(newer), sealedNow, CONTEXT).toString(), "secret");
});

test("wrapping anew keeps the payload byte for byte, and needs only the new key from then on", () => {
  const [older, newer] = [newKey(), newKey()];
  for (const length of [0, 1, 40, 100_000, ...Array.from({ length: 20 }, () => randomInt(100_000))]) {
    const plaintext = randomBytes(length);
    const sealed = seal(keyringOf(older), plaintext, CONTEXT);
    const rewrapped = rewrap(keyringOf(newer, older), sealed);
    assert.ok(rewrapped.subarray(PAYLOAD_START).equals(sealed.subarray(PAYLOAD_START)));
    assert.ok(unseal(keyringOf(newer), rewrapped, CONTEXT).equals(plaintext));
    assert.throws(() => unseal(keyringOf(older), rewrapped, CONTEXT), withCode("unknown_key"));
    assert.throws(() => unseal(keyringOf(newer), rewrapped, "elsewhere"), withCode("not_authentic"));
  }
});

test("a secret above the limit is refused with its size and the limit", () => {
  const keyring = keyringOf(newKey());
  assert.throws(() => seal(keyring, Buffer.alloc(SECRET_BYTES_MAX + 1), CONTEXT), {
    name: "RangeError",
    message: /has 131073 bytes, but at most 131072 can be sealed/,
  });
});
