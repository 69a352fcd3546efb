import { Secret, TOTP } from "otpauth";
import { Problem } from "../../kernel/errors.ts";
import { seal, unseal } from "../../kernel/secrets/envelope.ts";
import type { Keyring } from "../../kernel/secrets/keyring.ts";
import { askGateAs, type PersonCaller } from "../../kernel/tenancy/gate.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import { newRecoveryCodes } from "./recovery-codes.ts";

const ISSUER = "Tenon";
/** What every authenticator app understands (RFC 6238). */
const SETTINGS = { algorithm: "SHA1", digits: 6, period: 30 } as const;
const SEED_BYTES = 20;
/** How many steps a phone's clock may be off, to either side. */
const WINDOW_STEPS = 1;

/** An authenticator app's seed as the database keeps it. */
export type SealedSeed = { id: string; sealed_seed: Buffer };

const contextOf = (userId: string) => `identity.second_factors/${userId}`;

/**
 * Sets an authenticator app up. Resolves with its seed, as text to type and as an address for a QR code; it counts once a first code
 * confirmed it. Throws TN007 without a proof of late, TN006 when there is a second factor that this session has not shown.
 */
export async function addTotp(
  caller: PersonCaller,
  name: string,
): Promise<{ id: string; secret: string; uri: string }> {
  const secret = new Secret({ size: SEED_BYTES });
  const { userId } = caller.credential;
  const sealed = seal(caller.services.keyring, Buffer.from(secret.bytes), contextOf(userId));
  const [row] = await askGateAs<{ id: string; email: string }>(caller, "identity.add_totp", [name, sealed]);
  if (!row) throw new Error("The database made no authenticator app and said nothing.");
  const uri = new TOTP({ ...SETTINGS, issuer: ISSUER, label: row.email, secret }).toString();
  return { id: row.id, secret: secret.base32, uri };
}

/**
 * Makes an authenticator app count, by its first code. Resolves with recovery codes when it is the person's first second factor,
 * otherwise with null. Throws `not_found`, and `invalid` when the code is wrong.
 */
export async function confirmTotp(caller: PersonCaller, factor: string, code: string): Promise<string[] | null> {
  const { userId, sessionId, secret } = caller.credential;
  const [row] = await callOutside<{ seed: Buffer | null }>(
    caller.database,
    "gate",
    "select identity.read_totp_seed($1, $2, $3, $4) as seed",
    [userId, sessionId, secret, factor],
  );
  if (!row?.seed) throw new Problem("not_found");
  const step = stepOf(caller.services.keyring, userId, row.seed, code);
  if (step === undefined) throw wrongCode();
  const { codes, hashes } = newRecoveryCodes();
  const [answer] = await askGateAs<{ confirm_totp: boolean }>(caller, "identity.confirm_totp", [factor, step, hashes]);
  caller.services.wakeWorkers();
  return answer?.confirm_totp ? codes : null;
}

/** Takes an authenticator app away. Throws TN007 without a proof of late, TN010 when there is none. */
export async function removeTotp(caller: PersonCaller, factor: string): Promise<void> {
  await askGateAs(caller, "identity.remove_totp", [factor]);
  caller.services.wakeWorkers();
}

/** Which app a code fits, and at which time step; undefined when it fits none. */
export function findTotp(
  keyring: Keyring,
  userId: string,
  seeds: readonly SealedSeed[],
  code: string,
): { factor: string; step: number } | undefined {
  for (const { id, sealed_seed } of seeds) {
    const step = stepOf(keyring, userId, sealed_seed, code);
    if (step !== undefined) return { factor: id, step };
  }
  return undefined;
}

/** What a wrong code is answered with to somebody who is signed in. */
function wrongCode(): Problem {
  const message = "This code is not right. Check that the clock of your device is, and send the next code.";
  return new Problem("invalid", { errors: [{ field: "code", message }] });
}

function stepOf(keyring: Keyring, userId: string, sealed: Buffer, code: string): number | undefined {
  const secret = new Secret({ buffer: new Uint8Array(unseal(keyring, sealed, contextOf(userId))).buffer });
  const totp = new TOTP({ ...SETTINGS, secret });
  const timestamp = Date.now();
  const offset = totp.validate({ token: code.replaceAll(/\s/g, ""), timestamp, window: WINDOW_STEPS });
  return offset === null ? undefined : totp.counter({ timestamp }) + offset;
}
