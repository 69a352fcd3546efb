import { hkdfSync } from "node:crypto";
import type { Key } from "./key.ts";

const DERIVED_BYTES = 32;
const SALT = "tenon";

/**
 * Derives 32 bytes from a key by HKDF-SHA256: the same for the same key and purpose, unrelated for any other purpose.
 * Another key gives other bytes, so whatever is derived changes with a rotation.
 */
export function derive(key: Key, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", key.secret, SALT, purpose, DERIVED_BYTES));
}

/**
 * Derives a password of 43 letters, digits, `-` and `_`. The purpose says whose it is: `role tenon_member`.
 * While a rotation is under way the password in force may be that of an older key: try every key's, the current first.
 */
export function derivePassword(key: Key, purpose: string): string {
  return derive(key, `password of ${purpose}`).toString("base64url");
}
