import { createHash, createSecretKey, type KeyObject, randomBytes } from "node:crypto";

/**
 * A master key of 32 bytes. `id` is the first 8 hexadecimal digits of its SHA-256.
 * `secret` is a KeyObject, so that a key printed or logged by mistake shows nothing.
 */
export type Key = { readonly id: string; readonly secret: KeyObject };

/** One key or more. The first is the current one: it seals; the others only open what they sealed. */
export type Keys = readonly [Key, ...Key[]];

export const KEYS_MAX = 16;

const KEY_BYTES = 32;
const KEY_FORM = /^[0-9a-f]{64}$/i;

/** Makes a new random key. */
export function newKey(): Key {
  return toKey(randomBytes(KEY_BYTES));
}

/** The key as it is written down: 64 hexadecimal digits. */
export function keyToHex(key: Key): string {
  return key.secret.export().toString("hex");
}

/**
 * Reads the keys out of the content of a key file: one per line, the current one first. Empty lines are passed over.
 * Throws an error that names the file and the line, and never shows the line itself.
 */
export function parseKeyLines(content: string, file: string): Keys {
  return parseKeys(content.split("\n"), `the key file ${file}`, (number) => `Line ${number} of the key file ${file}`);
}

/** Reads the keys out of `TENON_KEY`: separated by commas, the current one first. Throws as `parseKeyLines` does. */
export function parseKeyList(value: string): Keys {
  return parseKeys(value.split(","), "TENON_KEY", (number) => `Key ${number} in TENON_KEY`);
}

function parseKeys(parts: string[], source: string, describe: (number: number) => string): Keys {
  const keys: Key[] = [];
  for (const [index, part] of parts.entries()) {
    const text = part.trim();
    if (text === "") continue;
    const key = parseKey(text, describe(index + 1));
    if (keys.some((other) => other.id === key.id)) {
      throw new Error(`${describe(index + 1)} repeats key ${key.id}. Remove one of the two.`);
    }
    keys.push(key);
  }
  return checkCount(keys, source);
}

function parseKey(text: string, description: string): Key {
  if (KEY_FORM.test(text)) return toKey(Buffer.from(text, "hex"));
  const fault = text.length === 64 ? "other characters than hexadecimal digits" : `${text.length} characters`;
  throw new Error(
    `${description} has ${fault}, but a key is 64 hexadecimal digits. Put back the key from your backup.`,
  );
}

function checkCount(keys: Key[], source: string): Keys {
  const [current, ...older] = keys;
  if (!current) {
    throw new Error(`There is no key in ${source}, but it must hold at least one of 64 hexadecimal digits.`);
  }
  if (keys.length > KEYS_MAX) {
    throw new Error(`There are ${keys.length} keys in ${source}, but at most ${KEYS_MAX} may be. Drop old ones.`);
  }
  return [current, ...older];
}

function toKey(bytes: Buffer): Key {
  return { id: createHash("sha256").update(bytes).digest("hex").slice(0, 8), secret: createSecretKey(bytes) };
}
