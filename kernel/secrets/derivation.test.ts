import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { derive, derivePassword } from "./derivation.ts";
import { keyToHex, newKey, parseKeyList } from "./key.ts";

test("what is derived is HKDF-SHA256 (RFC 5869) of the key and the purpose", () => {
  const key = newKey();
  const extracted = createHmac("sha256", "tenon")
    .update(Buffer.from(keyToHex(key), "hex"))
    .digest();
  const expanded = createHmac("sha256", extracted).update("signing cookies").update(Buffer.of(1)).digest();
  assert.deepEqual(derive(key, "signing cookies"), expanded);
});

test("a derived password stays the same for ever, as a database role was given it", () => {
  const [key] = parseKeyList("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  assert.equal(derivePassword(key, "role tenon_member"), "9_C19Wez91Eb3kvEi0R2GtWBaBLFeILE8fd8dlpmKME");
});

test("another purpose and another key give another password of the same form", () => {
  const [key, other] = [newKey(), newKey()];
  const passwords = [
    derivePassword(key, "role tenon_member"),
    derivePassword(key, "role tenon_own"),
    derivePassword(other, "role tenon_member"),
    derive(key, "role tenon_member").toString("base64url"),
  ];
  assert.equal(new Set(passwords).size, 4);
  for (const password of passwords) assert.match(password, /^[A-Za-z0-9_-]{43}$/);
});
