import { randomBytes } from "node:crypto";
import { askGateAs, type PersonCaller } from "../../kernel/tenancy/gate.ts";
import { hashSecret } from "./secrets.ts";

const CODES = 10;
/** 80 bits: beyond guessing, also for whoever has the hashes. */
const CODE_LETTERS = 16;
const GROUP_LETTERS = 4;
/** Five bits each; without letters that are easily taken for others (Crockford's base32). */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** Codes that are shown once, and what the database keeps of them. */
export type RecoveryCodes = { codes: string[]; hashes: Buffer[] };

/** Ten new codes such as `7k2m-9x4d-hq3t-v8wn`. */
export function newRecoveryCodes(): RecoveryCodes {
  const codes = Array.from({ length: CODES }, newCode);
  return { codes, hashes: codes.map(hashRecoveryCode) };
}

function newCode(): string {
  const letters = [...randomBytes(CODE_LETTERS)].map((byte) => ALPHABET[byte % ALPHABET.length]);
  const groups = Array.from({ length: CODE_LETTERS / GROUP_LETTERS }, (_, index) =>
    letters.slice(index * GROUP_LETTERS, (index + 1) * GROUP_LETTERS).join(""),
  );
  return groups.join("-");
}

/** The hash of a code as a person types it: whatever the case, with or without dashes, with o for 0 and i or l for 1. */
export function hashRecoveryCode(code: string): Buffer {
  const letters = code.toLowerCase().replaceAll(/[\s-]/g, "");
  return hashSecret(letters.replaceAll("o", "0").replaceAll(/[il]/g, "1"));
}

/** Gives ten new codes; the old ones are void. Throws TN007 without a proof of late, TN011 when there is no second factor. */
export async function renewRecoveryCodes(caller: PersonCaller): Promise<string[]> {
  const { codes, hashes } = newRecoveryCodes();
  await askGateAs(caller, "identity.renew_recovery_codes", [hashes]);
  caller.services.wakeWorkers();
  return codes;
}
