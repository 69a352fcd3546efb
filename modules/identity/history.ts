import type { JsonText } from "../../kernel/http/route.ts";
import { askGateAs, type PersonCaller } from "../../kernel/tenancy/gate.ts";

/** A page of what happened to the account of who is signed in, newest first, after the event of the page before. */
export async function listEvents(
  caller: PersonCaller,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<JsonText> {
  const [row] = await askGateAs<{ list_events: string }>(caller, "identity.list_events", [cursor ?? null, limit]);
  return { json: row?.list_events ?? "" };
}
