import type pg from "pg";
import type { Keyring } from "./keyring.ts";

/**
 * Enters the current key's id into `kernel.keys`, where no secret can be stored under a key that is not listed.
 * Throws when the database lists a key that is not at hand: with a lost or foreign key nothing should start.
 */
export async function registerKey(client: pg.ClientBase, keyring: Keyring): Promise<void> {
  const { rows } = await client.query<{ id: string }>("select id from kernel.keys order by id");
  const missing = rows.map((row) => row.id).filter((id) => !keyring.keys.some((key) => key.id === id));
  if (missing.length > 0) throw missingKeys(keyring, missing);
  await client.query("insert into kernel.keys (id) values ($1) on conflict (id) do nothing", [keyring.keys[0].id]);
}

function missingKeys(keyring: Keyring, missing: string[]): Error {
  const known = keyring.keys.map((key) => key.id).join(", ");
  return new Error(
    `This database's secrets are sealed with key ${missing.join(", ")}, but at hand is only ${known}. ` +
      "Put the missing key back into TENON_KEY or the key file, from a backup or another server of this installation.",
  );
}
