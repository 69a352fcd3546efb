import { Problem } from "../../kernel/errors.ts";
import {
  derivePasswordHash,
  describePasswordFault,
  newPasswordParameters,
  type PasswordParameters,
} from "./passwords.ts";
import type { PasswordOwner } from "./weak-passwords.ts";

/** A password as it is stored. */
export type PasswordHash = PasswordParameters & { hash: Buffer };

/** Derives what is stored of a password that somebody chooses. Throws `invalid` when it is too weak, and says how. */
export async function makePasswordHash(password: string, owner: PasswordOwner): Promise<PasswordHash> {
  const message = describePasswordFault(password, owner);
  if (message) throw new Problem("invalid", { errors: [{ field: "password", message }] });
  return hashAnew(password);
}

/** Derives what is stored of a password at today's costs, with a salt of its own. */
export async function hashAnew(password: string): Promise<PasswordHash> {
  const parameters = newPasswordParameters();
  return { ...parameters, hash: await derivePasswordHash(password, parameters) };
}
