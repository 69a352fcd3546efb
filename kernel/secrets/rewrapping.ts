import type pg from "pg";
import { rewrap, SecretError } from "./envelope.ts";
import type { Keyring } from "./keyring.ts";
import { registerKey } from "./registry.ts";
import { SEALED_PLACES, type SealedPlace } from "./sealed-places.ts";

const BATCH_ROWS = 100;

/** A row with something sealed; `key` is its primary key, as text. */
type SealedRow = { key: string[]; sealed: Buffer };

/** A secret that could not be wrapped anew, and why. It stays as it was. `row` is its primary key, with slashes between. */
export type RefusedSecret = { table: string; row: string; reason: string };
export type RewrapResult = { rewrapped: number; refused: RefusedSecret[] };

/**
 * Wraps everything that is sealed anew under the current key, `BATCH_ROWS` to a transaction, in one pass. Whatever interrupts it, run
 * it again: it passes over what is done. `report` gets the number done after each batch.
 */
export async function rewrapSecrets(
  client: pg.ClientBase,
  keyring: Keyring,
  report: (rewrapped: number) => void = () => undefined,
): Promise<RewrapResult> {
  await registerKey(client, keyring);
  const result: RewrapResult = { rewrapped: 0, refused: [] };
  for (const place of SEALED_PLACES) {
    let last: string[] | undefined;
    do {
      const before = result.rewrapped;
      last = await rewrapBatch(client, keyring, place, last, result);
      if (result.rewrapped > before) report(result.rewrapped);
    } while (last);
  }
  return result;
}

/** Resolves with the key of the batch's last row, or with undefined after the last batch. */
async function rewrapBatch(
  client: pg.ClientBase,
  keyring: Keyring,
  place: SealedPlace,
  last: string[] | undefined,
  result: RewrapResult,
): Promise<string[] | undefined> {
  await client.query("begin");
  try {
    const rows = await readRows(client, keyring, place, last);
    const { done, refused } = rewrapRows(keyring, place, rows);
    await updateRows(client, place, done);
    await client.query("commit");
    result.rewrapped += done.length;
    result.refused.push(...refused);
    return rows.length === BATCH_ROWS ? rows.at(-1)?.key : undefined;
  } catch (error) {
    // On a broken connection the rollback fails too, and the first error is the one to tell.
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}

async function readRows(
  client: pg.ClientBase,
  keyring: Keyring,
  { table, key, sealed, keyId, where }: SealedPlace,
  last: string[] | undefined,
): Promise<SealedRow[]> {
  const names = Object.keys(key);
  const after = last && Object.values(key).map((type, index) => `$${index + 3}::${type}`);
  const { rows } = await client.query<SealedRow>(
    `select array[${names.map((name) => `${name}::text`).join(", ")}] as key, ${sealed} as sealed from ${table}
     where ${keyId} <> $1 and ${where} ${after ? `and (${names.join(", ")}) > (${after.join(", ")})` : ""}
     order by ${names.join(", ")} limit $2 for update`,
    [keyring.keys[0].id, BATCH_ROWS, ...(last ?? [])],
  );
  return rows;
}

function rewrapRows(
  keyring: Keyring,
  { table }: SealedPlace,
  rows: SealedRow[],
): { done: SealedRow[]; refused: RefusedSecret[] } {
  const done: SealedRow[] = [];
  const refused: RefusedSecret[] = [];
  for (const row of rows) {
    try {
      done.push({ ...row, sealed: rewrap(keyring, row.sealed) });
    } catch (error) {
      if (!(error instanceof SecretError)) throw error;
      refused.push({ table, row: row.key.join("/"), reason: error.message });
    }
  }
  return { done, refused };
}

async function updateRows(
  client: pg.ClientBase,
  { table, key, sealed }: SealedPlace,
  rows: SealedRow[],
): Promise<void> {
  const names = Object.keys(key);
  const arrays = Object.values(key).map((type, index) => `$${index + 2}::${type}[]`);
  await client.query(
    `update ${table} as place set ${sealed} = rewrapped.sealed
     from unnest($1::bytea[], ${arrays.join(", ")}) as rewrapped (sealed, ${names.join(", ")})
     where ${names.map((name) => `place.${name} = rewrapped.${name}`).join(" and ")}`,
    [rows.map((row) => row.sealed), ...names.map((_, index) => rows.map((row) => row.key[index]))],
  );
}
