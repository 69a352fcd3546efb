import { ensureSigningKey, type KeyOffice } from "./signing-keys.ts";

/** Publishes a new key for access tokens, which signs a day later; the one before retires a day after that. */
export async function rotateSigningKey(office: KeyOffice): Promise<void> {
  await ensureSigningKey(office, true);
}
