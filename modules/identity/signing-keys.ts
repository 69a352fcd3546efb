import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from "jose";
import type { Database } from "../../kernel/database/pool.ts";
import { seal, unseal } from "../../kernel/secrets/envelope.ts";
import type { Services } from "../../kernel/services.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import type { Work } from "../../kernel/work.ts";

/** The one algorithm of our own tokens. */
export const SIGNING_ALGORITHM = "EdDSA";

/** How long keys are kept before they are read again: far less than the day that a new one is published before it signs. */
const KEPT_MS = 5 * 60_000;
/** A token with a key that nobody knows makes us look again, but not more often than this. */
const UNKNOWN_AGAIN_MS = 5_000;

/** What reading and making keys needs. */
export type KeyOffice = { database: Database; services: Pick<Services, "keyring"> };

/** A key pair whose signatures count; the private half stays sealed until it signs. */
type SigningKey = { id: string; publicJwk: JWK; sealed: Buffer; signsFrom: number; retiresAt: number };
type Shelf = { keys: SigningKey[]; readAt: number };

const shelves = new WeakMap<Database, Shelf>();
const contextOf = (id: string) => `kernel.signing_keys/${id}`;

/**
 * Makes a key pair for access tokens where there is none, or the newest is 90 days old, or `isWanted` says so. The first signs at
 * once; a later one a day after it was published, and the one before retires a day after that. Resolves with true when one was made.
 */
export async function ensureSigningKey({ database, services }: KeyOffice, isWanted = false): Promise<boolean> {
  const { publicKey, privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { crv: "Ed25519", extractable: true });
  const publicJwk = await exportJWK(publicKey);
  const id = await calculateJwkThumbprint(publicJwk);
  const sealed = seal(services.keyring, JSON.stringify(await exportJWK(privateKey)), contextOf(id));
  const [row] = await callOutside<{ offer_signing_key: boolean }>(
    database,
    "gate",
    "select kernel.offer_signing_key($1, $2, $3, $4)",
    [id, JSON.stringify(publicJwk), sealed, isWanted],
  );
  shelves.delete(database);
  return row?.offer_signing_key ?? false;
}

/** The key that signs now, with its name. The first one is made here when there is none. */
export async function currentSigningKey(office: KeyOffice): Promise<{ id: string; key: CryptoKey }> {
  const key = newestOf(await readKeys(office.database)) ?? (await makeFirst(office));
  const privateJwk: JWK = JSON.parse(unseal(office.services.keyring, key.sealed, contextOf(key.id)).toString("utf8"));
  return { id: key.id, key: (await importJWK(privateJwk, SIGNING_ALGORITHM)) as CryptoKey };
}

/** The public key of a name, if what it signed still counts. */
export async function verifyingKey(database: Database, id: string): Promise<CryptoKey | undefined> {
  const find = (keys: SigningKey[]) => keys.find((key) => key.id === id && key.retiresAt > Date.now());
  const found = find(await readKeys(database)) ?? find(await readKeys(database, UNKNOWN_AGAIN_MS));
  return found && ((await importJWK(found.publicJwk, SIGNING_ALGORITHM)) as CryptoKey);
}

/** The public keys as a JWK set, RFC 7517: those that sign, are going to, or did until lately. */
export async function publishedKeys(office: KeyOffice): Promise<Record<string, string>[]> {
  const keys = await readKeys(office.database, 0);
  const published = keys.length > 0 ? keys : [await makeFirst(office)];
  return published.map(({ id, publicJwk: { kty = "", crv = "", x = "" } }) => {
    return { kty, crv, x, kid: id, alg: SIGNING_ALGORITHM, use: "sig" };
  });
}

function newestOf(keys: SigningKey[]): SigningKey | undefined {
  const now = Date.now();
  return keys.find((key) => key.signsFrom <= now && key.retiresAt > now);
}

async function makeFirst(office: KeyOffice): Promise<SigningKey> {
  await ensureSigningKey(office);
  // The database's clock may be a little ahead of ours.
  const keys = await readKeys(office.database, 0);
  const key = newestOf(keys) ?? keys.at(-1);
  if (!key) throw new Error("The database took no signing key and said nothing.");
  return key;
}

async function readKeys(database: Database, keptMs = KEPT_MS): Promise<SigningKey[]> {
  const shelf = shelves.get(database);
  if (shelf && performance.now() - shelf.readAt < keptMs) return shelf.keys;
  const rows = await callOutside<{
    id: string;
    public_key: JWK;
    sealed: Buffer;
    signs_from: Date;
    retired_at: Date | null;
  }>(database, "gate", "select id, public_key, sealed, signs_from, retired_at from kernel.read_signing_keys()");
  const keys = rows.map((row) => ({
    id: row.id,
    publicJwk: row.public_key,
    sealed: row.sealed,
    signsFrom: row.signs_from.getTime(),
    retiresAt: row.retired_at?.getTime() ?? Number.POSITIVE_INFINITY,
  }));
  shelves.set(database, { keys, readAt: performance.now() });
  return keys;
}

const LOOK_EVERY_SECONDS = 3600;

/** Makes the next key in time. */
export const signingKeyWork: Work = {
  name: "identity.signing_keys",
  everySeconds: LOOK_EVERY_SECONDS,
  run: async (workplace) => {
    await ensureSigningKey(workplace);
  },
};
