import { askGate, type Caller } from "../../kernel/tenancy/gate.ts";
import { parseMailToken } from "./mail-tokens.ts";

/** Lets an account that waits after failures go on at once, by a mail's token. Throws `gone` when it is not good (any more). */
export async function unlockAccount(caller: Caller, { token }: { token: string }): Promise<void> {
  const { ownerId, id, secret } = parseMailToken("tot", token);
  await askGate(caller, "identity.unlock", [ownerId, id, secret]);
}
