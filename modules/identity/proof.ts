import { Problem } from "../../kernel/errors.ts";
import { askGateAs, type PersonCaller } from "../../kernel/tenancy/gate.ts";
import { newMailSecret } from "./mail-tokens.ts";
import { derivePasswordHash } from "./passwords.ts";
import { personOfSession } from "./profile.ts";
import { readPasswordParameters } from "./sessions.ts";

/**
 * Notes that who is signed in showed the password once more. A failure counts like one of signing in; throws `proof_needed`
 * then, and while the account waits, whatever the password.
 */
export async function proveWithPassword(caller: PersonCaller, { password }: { password: string }): Promise<void> {
  const { email } = await personOfSession(caller);
  const hash = await derivePasswordHash(password, await readPasswordParameters(caller.database, email));
  const unlock = newMailSecret(caller.services);
  const [row] = await askGateAs<{ prove_with_password: boolean }>(caller, "identity.prove_with_password", [
    hash,
    unlock.hash,
    unlock.sealed,
  ]);
  caller.services.wakeWorkers();
  if (row?.prove_with_password) return;
  throw new Problem("proof_needed", {
    detail: "The password is not right.",
    hint: "After several failures an account waits a while; its owner gets a mail that says how to go on at once.",
  });
}
