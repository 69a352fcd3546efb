import { argon2, randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { limitConcurrency } from "../../kernel/concurrency.ts";
import { isWeakPassword, type PasswordOwner } from "./weak-passwords.ts";

/** What argon2id is given beside the password. Stored with the hash, in the columns of the same names. */
export type PasswordParameters = { salt: Buffer; memory_kib: number; passes: number; parallelism: number };

/**
 * What new passwords get: the least that the OWASP Password Storage Cheat Sheet (2024) allows for argon2id, so that
 * many people can sign in at once. To raise it, change it here: each stored hash keeps its own.
 */
export const PASSWORD_PARAMETERS_CURRENT = { memory_kib: 19 * 1024, passes: 2, parallelism: 1 } as const;

/** The shortest password to be chosen, in characters (code points) after normalization. */
const PASSWORD_LENGTH_MIN = 12;
/** The longest password, in bytes of UTF-8 as it was typed. */
export const PASSWORD_BYTES_MAX = 1024;

const WEAK =
  "This password is among the first that others would try. Take a few words that have nothing to do with each other, or with you.";

const SALT_BYTES = 16;
const HASH_BYTES = 32;

// Argon2 occupies threads of Node's pool, which has four: one stays free for files and names.
const RUNNING_MAX = Math.min(availableParallelism(), 3);
// About a second of waiting for the last one, at some 30 ms each.
const WAITING_MAX = RUNNING_MAX * 32;

const runArgon2 = promisify(argon2);
const limited = limitConcurrency({ name: "passwords to check", running: RUNNING_MAX, waiting: WAITING_MAX });

/** Parameters for a new password: today's costs and a salt of its own. */
export function newPasswordParameters(): PasswordParameters {
  return { salt: randomBytes(SALT_BYTES), ...PASSWORD_PARAMETERS_CURRENT };
}

/** Whether one of the costs that a password was stored with is less than today's. */
export function isBelowCurrent({ memory_kib, passes, parallelism }: Omit<PasswordParameters, "salt">): boolean {
  const current = PASSWORD_PARAMETERS_CURRENT;
  return memory_kib < current.memory_kib || passes < current.passes || parallelism < current.parallelism;
}

/**
 * What is wrong with a password that its owner chooses, as a sentence for them; undefined if nothing. Length counts, not
 * kinds of characters; and it must not be one of the first that others would try.
 */
export function describePasswordFault(password: string, owner?: PasswordOwner): string | undefined {
  const bytes = Buffer.byteLength(password);
  if (bytes > PASSWORD_BYTES_MAX) {
    return `This password takes ${bytes} bytes; at most ${PASSWORD_BYTES_MAX} are possible. Choose a shorter one.`;
  }
  const length = [...normalize(password)].length;
  if (length >= PASSWORD_LENGTH_MIN) return isWeakPassword(normalize(password), owner) ? WEAK : undefined;
  return `This password has ${length} ${length === 1 ? "character" : "characters"}; at least ${PASSWORD_LENGTH_MIN} are needed. A few words in a row do well.`;
}

/**
 * Derives the hash of a password, 32 bytes, by argon2id. Equal passwords typed on different devices give the same hash.
 * Rejects with a `TooBusyError` when too many are under way, with a `RangeError` above `PASSWORD_BYTES_MAX`.
 */
export async function derivePasswordHash(password: string, parameters: PasswordParameters): Promise<Buffer> {
  const bytes = Buffer.byteLength(password);
  if (bytes > PASSWORD_BYTES_MAX) {
    throw new RangeError(`The password has ${bytes} bytes, but at most ${PASSWORD_BYTES_MAX} can be hashed.`);
  }
  return await limited(() =>
    runArgon2("argon2id", {
      message: normalize(password),
      nonce: parameters.salt,
      memory: parameters.memory_kib,
      passes: parameters.passes,
      parallelism: parameters.parallelism,
      tagLength: HASH_BYTES,
    }),
  );
}

// The same letters arrive composed from one keyboard and decomposed from another (NIST SP 800-63B asks for this).
function normalize(password: string): string {
  return password.normalize("NFKC");
}
