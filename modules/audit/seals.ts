import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type pg from "pg";
import { derive } from "../../kernel/secrets/derivation.ts";
import type { Key } from "../../kernel/secrets/key.ts";
import { findKey, type Keyring } from "../../kernel/secrets/keyring.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import type { Workplace } from "../../kernel/work.ts";

/** What a seal says and signs. Numbers beyond 2^53 are text, as PostgreSQL gives them. */
export type SealBody = {
  id: string;
  from_seq: string;
  to_seq: string;
  entries: number;
  previous_hash: Buffer;
  hash: Buffer;
  system_identifier: string;
  sealed_at: Date;
};

export type Seal = SealBody & { signature: Buffer; key_id: string };

type NextSeal = Omit<SealBody, "sealed_at"> & { digests: Buffer };

/** Most seals that one run makes: a million entries. The next run goes on. */
const SEALS_A_RUN_MAX = 100;
/** What was noted by an earlier run, and what is noted now and can often be sealed at once. */
const CANDIDATES_A_RUN = 2;

/** The hash of a seal: that of the one before, the count, the range, and the hashes of its entries by seq. */
export function sealHash({ previous_hash, entries, from_seq, to_seq }: SealBody, digests: readonly Buffer[]): Buffer {
  const numbers = Buffer.alloc(24);
  numbers.writeBigInt64BE(BigInt(entries), 0);
  numbers.writeBigInt64BE(BigInt(from_seq), 8);
  numbers.writeBigInt64BE(BigInt(to_seq), 16);
  const hash = createHash("sha256").update(previous_hash).update(numbers);
  for (const digest of digests) hash.update(digest);
  return hash.digest();
}

/** Signs what a seal says with a key derived from the installation's, so that nobody with the database alone can. */
function signSeal(key: Key, seal: SealBody): Buffer {
  const { id, from_seq, to_seq, entries, previous_hash, hash, system_identifier, sealed_at } = seal;
  const said = [id, from_seq, to_seq, entries, previous_hash.toString("hex"), hash.toString("hex"), system_identifier];
  return createHmac("sha256", derive(key, "seals of the record"))
    .update([...said, sealed_at.getTime()].join("\n"))
    .digest();
}

/** Whether a seal is one that this installation signed. Undefined when its key is not at hand. */
export function isAuthentic(keyring: Keyring, seal: Seal): boolean | undefined {
  const key = findKey(keyring, seal.key_id);
  return key && timingSafeEqual(signSeal(key, seal), seal.signature);
}

/**
 * Seals what nobody can write into any more, in ranges of at most 10,000 entries. Nobody waits for it, and where several
 * processes seal at once, the first one's seal counts.
 */
export async function sealRecord({ database, services, signal }: Workplace): Promise<void> {
  for (let candidate = 0; candidate < CANDIDATES_A_RUN; candidate++) {
    await callOutside(database, "dispatcher", "select audit.note_seal_candidate()");
    for (let count = 0; count < SEALS_A_RUN_MAX && !signal.aborted; count++) {
      const [next] = await callOutside<NextSeal>(database, "dispatcher", "select * from audit.next_seal()");
      if (!next) break;
      const seal: SealBody = { ...next, sealed_at: new Date() };
      const [key] = services.keyring.keys;
      await callOutside(database, "dispatcher", "select audit.add_seal($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", [
        seal.id,
        seal.from_seq,
        seal.to_seq,
        seal.entries,
        next.digests,
        seal.previous_hash,
        seal.hash,
        signSeal(key, seal),
        key.id,
        seal.system_identifier,
        seal.sealed_at,
      ]);
    }
  }
}

/** The columns of a seal that are signed, and its signature. */
export const SEAL_COLUMNS =
  "id, from_seq, to_seq, entries, previous_hash, hash, signature, key_id, system_identifier, sealed_at";

/** What a rotation of the key did to the seals: how many it signed anew, and which it left because they are not authentic. */
export type ResignResult = { resigned: number; refused: string[] };

const BATCH_SEALS = 500;

/**
 * Signs all seals anew under the current key, each only after its signature under the old one and its link to the seal before
 * have proved right. Whatever interrupts it, run it again. `admin` is a superuser's or the owner's connection.
 */
export async function resignSeals(admin: pg.ClientBase, keyring: Keyring): Promise<ResignResult> {
  const result: ResignResult = { resigned: 0, refused: [] };
  const [current] = keyring.keys;
  let last = "0";
  for (;;) {
    const { rows } = await admin.query<Seal & { is_linked: boolean }>(
      `select ${SEAL_COLUMNS}, s.id = 1 and s.from_seq = 0 or exists (
         select from audit.seals p where p.id = s.id - 1 and p.hash = s.previous_hash and p.to_seq = s.from_seq) as is_linked
       from audit.seals s where s.id > $1 and s.key_id <> $2 order by s.id limit $3`,
      [last, current.id, BATCH_SEALS],
    );
    const [good, bad] = [rows.filter(isGood), rows.filter((seal) => !isGood(seal))];
    result.refused.push(...bad.map(({ id }) => id));
    await admin.query(
      `update audit.seals s set signature = anew.signature, key_id = $3
       from unnest($1::bigint[], $2::bytea[]) as anew (id, signature) where s.id = anew.id`,
      [good.map(({ id }) => id), good.map((seal) => signSeal(current, seal)), current.id],
    );
    result.resigned += good.length;
    const end = rows.at(-1);
    if (!end) return result;
    last = end.id;
  }

  function isGood(seal: Seal & { is_linked: boolean }): boolean {
    return seal.is_linked && isAuthentic(keyring, seal) === true;
  }
}
