import type pg from "pg";
import { rewrap, SecretError } from "./envelope.ts";
import type { Keyring } from "./keyring.ts";
import { registerKey } from "./registry.ts";

const BATCH_ROWS = 100;
const NIL_UUID = "00000000-0000-0000-0000-000000000000";

type SecretRow = { organization_id: string; id: string; sealed: Buffer };

/** A secret that could not be wrapped anew, and why. It stays as it was. */
export type RefusedSecret = { organizationId: string; id: string; reason: string };
export type RewrapResult = { rewrapped: number; refused: RefusedSecret[] };

/**
 * Wraps all secrets of all organizations anew under the current key, `BATCH_ROWS` to a transaction, in one pass.
 * Whatever interrupts it, run it again: it passes over what is done. `report` gets the number done after each batch.
 */
export async function rewrapSecrets(
  client: pg.ClientBase,
  keyring: Keyring,
  report: (rewrapped: number) => void = () => undefined,
): Promise<RewrapResult> {
  await registerKey(client, keyring);
  const result: RewrapResult = { rewrapped: 0, refused: [] };
  let last: Pick<SecretRow, "organization_id" | "id"> | undefined = { organization_id: NIL_UUID, id: NIL_UUID };
  while (last) {
    last = await rewrapBatch(client, keyring, last, result);
    report(result.rewrapped);
  }
  return result;
}

async function rewrapBatch(
  client: pg.ClientBase,
  keyring: Keyring,
  last: Pick<SecretRow, "organization_id" | "id">,
  result: RewrapResult,
): Promise<SecretRow | undefined> {
  await client.query("begin");
  try {
    const { rows } = await client.query<SecretRow>(
      `select organization_id, id, sealed from kernel.secrets
       where (organization_id, id) > ($1, $2) and key_id <> $3
       order by organization_id, id limit $4 for update`,
      [last.organization_id, last.id, keyring.keys[0].id, BATCH_ROWS],
    );
    const { done, refused } = rewrapRows(keyring, rows);
    await updateSecrets(client, done);
    await client.query("commit");
    result.rewrapped += done.length;
    result.refused.push(...refused);
    return rows.length === BATCH_ROWS ? rows.at(-1) : undefined;
  } catch (error) {
    // On a broken connection the rollback fails too, and the first error is the one to tell.
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}

function rewrapRows(keyring: Keyring, rows: SecretRow[]): { done: SecretRow[]; refused: RefusedSecret[] } {
  const done: SecretRow[] = [];
  const refused: RefusedSecret[] = [];
  for (const row of rows) {
    try {
      done.push({ ...row, sealed: rewrap(keyring, row.sealed) });
    } catch (error) {
      if (!(error instanceof SecretError)) throw error;
      refused.push({ organizationId: row.organization_id, id: row.id, reason: error.message });
    }
  }
  return { done, refused };
}

async function updateSecrets(client: pg.ClientBase, rows: SecretRow[]): Promise<void> {
  await client.query(
    `update kernel.secrets set sealed = rewrapped.sealed
     from unnest($1::uuid[], $2::uuid[], $3::bytea[]) as rewrapped (organization_id, id, sealed)
     where secrets.organization_id = rewrapped.organization_id and secrets.id = rewrapped.id`,
    [rows.map((row) => row.organization_id), rows.map((row) => row.id), rows.map((row) => row.sealed)],
  );
}
