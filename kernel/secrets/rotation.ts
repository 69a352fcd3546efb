import type pg from "pg";
import type { Config } from "../config.ts";
import { hasState } from "../database/errors.ts";
import { KEYS_MAX, type Keys, newKey } from "./key.ts";
import { replaceKeyFile } from "./key-file.ts";
import { type Keyring, keyFilePath, openKeyring } from "./keyring.ts";
import { registerKey } from "./registry.ts";
import { SEALED_PLACES } from "./sealed-places.ts";

const NO_KEY_DROPPED = "No key was dropped, because rows still need old ones";

type KeyConfig = Pick<Config, "dataFolder" | "key">;

/**
 * Puts a new current key into the key file and registers it; the older keys stay for reading. Wrap the secrets anew
 * afterwards. Throws when the keys come from `TENON_KEY`, which only the operator can change, and says how.
 */
export async function rotateKey(client: pg.ClientBase, config: KeyConfig): Promise<Keyring> {
  if (config.key !== undefined) {
    const form = "TENON_KEY=<new key>,<present keys>";
    const advice = `Set ${form} everywhere ("openssl rand -hex 32" makes a key), then wrap the secrets anew.`;
    throw new Error(`The key comes from TENON_KEY, which cannot be changed from here. ${advice}`);
  }
  return await withKeyLock(client, async () => {
    const keyring = openKeyring(config);
    await registerKey(client, keyring);
    replaceKeyFile(keyFilePath(config), prependNewKey(keyring.keys));
    keyring.reload();
    await registerKey(client, keyring);
    return keyring;
  });
}

/**
 * Drops all keys but the current one, from the database's list and from the key file, and returns their ids. Throws,
 * and drops nothing, while a secret is sealed with one of them. Keys in `TENON_KEY` the operator then removes there.
 * Backups made before still need the old keys.
 */
export async function dropOldKeys(client: pg.ClientBase, config: KeyConfig): Promise<string[]> {
  return await withKeyLock(client, async () => {
    const keyring = openKeyring(config);
    await registerKey(client, keyring);
    const [current, ...older] = keyring.keys;
    await deleteOldKeys(client, current.id);
    if (config.key === undefined && older.length > 0) replaceKeyFile(keyFilePath(config), [current]);
    return older.map((key) => key.id);
  });
}

async function deleteOldKeys(client: pg.ClientBase, currentId: string): Promise<void> {
  await client.query("begin");
  try {
    // Foreign keys refuse this while a row, even one stored a moment ago, needs an old key. Mails have none: they are counted.
    await client.query("lock table kernel.mails in share row exclusive mode");
    await client.query("delete from kernel.keys where id <> $1", [currentId]);
    const fault = await describeUses(client, currentId);
    if (fault) throw new Error(fault);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    if (!isForeignKeyViolation(error)) throw error;
    throw new Error((await describeUses(client, currentId)) ?? NO_KEY_DROPPED, { cause: error });
  }
}

// Two commands at once would each write the file without the other's key. The lock goes when the connection does.
async function withKeyLock<T>(client: pg.ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query("select pg_advisory_lock(hashtextextended('tenon key file', 0))");
  try {
    return await work();
  } finally {
    await client.query("select pg_advisory_unlock(hashtextextended('tenon key file', 0))").catch(() => undefined);
  }
}

function prependNewKey(keys: Keys): Keys {
  if (keys.length < KEYS_MAX) return [newKey(), ...keys];
  throw new Error(`There are ${keys.length} keys already, and at most ${KEYS_MAX} may be. Drop the old ones first.`);
}

/** PostgreSQL has two names for it: the second is what `on delete restrict` gives since version 18. */
function isForeignKeyViolation(error: unknown): boolean {
  return hasState(error, "foreign_key_violation") || hasState(error, "restrict_violation");
}

/** Which old keys are still needed, as a sentence; undefined when none is. What a key made references the list of keys, but for mails. */
async function describeUses(client: pg.ClientBase, currentId: string): Promise<string | undefined> {
  const { rows: tables } = await client.query<{ table: string; keyId: string }>(
    `select c.conrelid::regclass::text as table, quote_ident(a.attname) as "keyId"
     from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
     where c.contype = 'f' and c.confrelid = 'kernel.keys'::regclass`,
  );
  const places = [
    ...tables.map((place) => ({ ...place, where: "true" })),
    ...SEALED_PLACES.filter(({ table }) => !tables.some((place) => place.table === table)),
  ];
  const counts = places.map(
    ({ table, keyId, where }) =>
      `select '${table}' as place, ${keyId} as key_id, count(*) as rows from ${table} where ${where} group by 2`,
  );
  const { rows } = await client.query<{ place: string; key_id: string; rows: string }>(
    `select * from (${counts.join(" union all ")}) as uses where key_id <> $1 order by place, key_id`,
    [currentId],
  );
  if (rows.length === 0) return undefined;
  const uses = rows.map((row) => `${row.rows} of ${row.place} with key ${row.key_id}`).join(", ");
  const advice = "Wrap them anew under the current key first, and restart servers that still use an old one.";
  return `${NO_KEY_DROPPED}: ${uses}. ${advice}`;
}
