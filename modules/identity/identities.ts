import { askGateAs, type PersonCaller } from "../../kernel/tenancy/gate.ts";
import type { Identity } from "./issuers-contract.ts";

/** Who the person is at other issuers. Throws when the session is not alive (TN001). */
export async function listIdentities(caller: PersonCaller): Promise<{ items: Identity[] }> {
  const [row] = await askGateAs<{ identities: { items: Identity[] } }>(caller, "identity.identities");
  return row?.identities ?? { items: [] };
}

/**
 * Takes an identity off the account, and ends what its tokens opened. Throws when the last proof is older than 15 minutes
 * (TN007), there is no such identity (TN010), or it is the only way to sign in (TN011).
 */
export async function unlinkIdentity(caller: PersonCaller, identity: string): Promise<void> {
  await askGateAs(caller, "identity.unlink_identity", [identity]);
  caller.services.wakeWorkers();
}
