import type pg from "pg";
import { derivePasswordHash, describePasswordFault, newPasswordParameters } from "./passwords.ts";

export type NewPerson = { email: string; name: string; password: string };

/**
 * Makes a person who can sign in with a password, as the database's owner: somebody vouches for the address. Resolves with
 * the person's id. Throws when the password is too weak (the message says how), or the address is taken (23505).
 */
export async function createPerson(owner: pg.ClientBase, { email, name, password }: NewPerson): Promise<string> {
  const fault = describePasswordFault(password, { email, name });
  if (fault) throw new Error(fault);
  const { salt, memory_kib, passes, parallelism } = newPasswordParameters();
  const hash = await derivePasswordHash(password, { salt, memory_kib, passes, parallelism });
  const { rows } = await owner.query<{ id: string }>("select identity.create_user($1, $2, $3, $4, $5, $6, $7) as id", [
    email,
    name,
    salt,
    hash,
    memory_kib,
    passes,
    parallelism,
  ]);
  if (!rows[0]) throw new Error("The database made no person and said nothing.");
  return rows[0].id;
}
