import { createHash, randomBytes } from "node:crypto";

const SECRET_BYTES = 32;

/** A secret that is handed out once, and what the database keeps of it. */
export type Secret = { text: string; hash: Buffer };

/** A new secret of 256 random bits, as base64url. */
export function newSecret(): Secret {
  const text = randomBytes(SECRET_BYTES).toString("base64url");
  return { text, hash: hashSecret(text) };
}

/** SHA-256: the secret is random, so that nothing slower is needed. */
export function hashSecret(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
