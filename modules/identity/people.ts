import type { Database } from "../../kernel/database/pool.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import { derivePasswordHash, describePasswordFault, newPasswordParameters } from "./passwords.ts";

export type NewPerson = { email: string; name: string; password: string };

/**
 * Makes a person who can sign in with a password. Resolves with the person's id. Throws when the password is too weak (the
 * message says how), or the address is taken (23505).
 */
export async function createPerson(database: Database, { email, name, password }: NewPerson): Promise<string> {
  const fault = describePasswordFault(password);
  if (fault) throw new Error(fault);
  const parameters = newPasswordParameters();
  const hash = await derivePasswordHash(password, parameters);
  const [row] = await callOutside<{ id: string }>(
    database,
    "gate",
    "select identity.create_user($1, $2, $3, $4, $5, $6, $7) as id",
    [email, name, parameters.salt, hash, parameters.memory_kib, parameters.passes, parameters.parallelism],
  );
  if (!row) throw new Error("The database made no person and said nothing.");
  return row.id;
}
