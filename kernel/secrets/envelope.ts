import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { derive } from "./derivation.ts";
import type { Key } from "./key.ts";
import { findKey, type Keyring } from "./keyring.ts";

// A sealed value: format (1 byte), key id (4), data key wrapped by the master key (60), payload (28 and the plaintext).
// Each of the two boxes is nonce (12 bytes), ciphertext, tag (16), by AES-256-GCM.
const FORMAT = 1;
const HEADER_BYTES = 5;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const DATA_KEY_BYTES = 32;
const PAYLOAD_START = HEADER_BYTES + NONCE_BYTES + DATA_KEY_BYTES + TAG_BYTES;
const SEALED_BYTES_MIN = PAYLOAD_START + NONCE_BYTES + TAG_BYTES;

/** The longest plaintext that can be sealed. A sealed value is 93 bytes longer. */
export const SECRET_BYTES_MAX = 128 * 1024;

/** A sealed value that cannot be opened: its key is not at hand, it is no such value, or it was altered or moved. */
export class SecretError extends Error {
  readonly code: "unknown_key" | "unknown_format" | "not_authentic";

  constructor(code: SecretError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "SecretError";
    this.code = code;
  }
}

/**
 * Encrypts a secret of up to `SECRET_BYTES_MAX` under a data key of its own, which the current master key wraps.
 * `context` says where the value belongs (`stores.credentials/<organization>/<id>`): it opens nowhere else.
 */
export function seal(keyring: Keyring, plaintext: Buffer | string, context: string): Buffer {
  const bytes = typeof plaintext === "string" ? Buffer.from(plaintext) : plaintext;
  if (bytes.length > SECRET_BYTES_MAX) {
    throw new RangeError(
      `The secret "${context}" has ${bytes.length} bytes, but at most ${SECRET_BYTES_MAX} can be sealed.`,
    );
  }
  const dataKey = randomBytes(DATA_KEY_BYTES);
  return Buffer.concat([wrap(keyring.keys[0], dataKey), encrypt(dataKey, bytes, payloadAuthentication(context))]);
}

/**
 * Decrypts what `seal` made with the same context. Throws a `SecretError`: `unknown_key` names the key that is missing,
 * `unknown_format` and `not_authentic` mean that the value was altered, or belongs to another context.
 */
export function unseal(keyring: Keyring, sealed: Buffer, context: string): Buffer {
  const dataKey = unwrap(keyring, sealed);
  const plaintext = decrypt(dataKey, sealed.subarray(PAYLOAD_START), payloadAuthentication(context));
  if (plaintext) return plaintext;
  const advice = "Enter the secret anew, or restore it from a backup.";
  throw new SecretError("not_authentic", `The secret "${context}" was altered, or sealed for another place. ${advice}`);
}

/**
 * Wraps the data key of a sealed value anew under the current master key. The payload stays byte for byte, so neither
 * the context nor the plaintext is needed. Throws a `SecretError` as `unseal` does.
 */
export function rewrap(keyring: Keyring, sealed: Buffer): Buffer {
  const dataKey = unwrap(keyring, sealed);
  return Buffer.concat([wrap(keyring.keys[0], dataKey), sealed.subarray(PAYLOAD_START)]);
}

function wrap(key: Key, dataKey: Buffer): Buffer {
  const header = Buffer.concat([Buffer.of(FORMAT), Buffer.from(key.id, "hex")]);
  return Buffer.concat([header, encrypt(wrappingKey(key), dataKey, header)]);
}

function unwrap(keyring: Keyring, sealed: Buffer): Buffer {
  if (sealed.length < SEALED_BYTES_MIN || sealed[0] !== FORMAT) {
    throw new SecretError(
      "unknown_format",
      `A value of ${sealed.length} bytes is not a sealed secret of format ${FORMAT}.`,
    );
  }
  const header = sealed.subarray(0, HEADER_BYTES);
  const id = header.toString("hex", 1);
  const key = findKey(keyring, id);
  if (!key) throw unknownKey(keyring, id);
  const dataKey = decrypt(wrappingKey(key), sealed.subarray(HEADER_BYTES, PAYLOAD_START), header);
  if (dataKey) return dataKey;
  throw new SecretError("not_authentic", `A secret sealed with key ${id} was altered. Restore it from a backup.`);
}

function unknownKey(keyring: Keyring, id: string): SecretError {
  const known = keyring.keys.map((key) => key.id).join(", ");
  const advice = "Add that key to TENON_KEY or to the key file, after the current one.";
  return new SecretError("unknown_key", `A secret was sealed with key ${id}, but at hand is only ${known}. ${advice}`);
}

// The master key itself only derives, so that no two algorithms ever share it.
function wrappingKey(key: Key): Buffer {
  return derive(key, "wrapping of data keys");
}

function payloadAuthentication(context: string): Buffer {
  return Buffer.concat([Buffer.of(FORMAT), Buffer.from(context)]);
}

function encrypt(key: Buffer, plaintext: Buffer, authenticated: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES }).setAAD(authenticated);
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** The plaintext, or undefined when key, box or authenticated data is not what it was. */
function decrypt(key: Buffer, box: Buffer, authenticated: Buffer): Buffer | undefined {
  const nonce = box.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(authenticated).setAuthTag(box.subarray(-TAG_BYTES));
  const plaintext = decipher.update(box.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([plaintext, decipher.final()]);
  } catch {
    return undefined;
  }
}
