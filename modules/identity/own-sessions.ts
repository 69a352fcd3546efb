import type { JsonText } from "../../kernel/http/route.ts";
import { askGateAs, type PersonCaller } from "../../kernel/tenancy/gate.ts";

/** Where who is signed in is signed in, this session first. */
export async function listSessions(caller: PersonCaller): Promise<JsonText> {
  const [row] = await askGateAs<{ list_sessions: string }>(caller, "identity.list_sessions");
  return { json: row?.list_sessions ?? "" };
}

/** Ends one session. Throws TN010 when it is not alive or another person's. */
export async function revokeSession(caller: PersonCaller, sessionId: string): Promise<void> {
  await askGateAs(caller, "identity.revoke_session", [sessionId]);
}

/** Ends all other sessions, or all. */
export async function revokeSessions(caller: PersonCaller, isCurrentIncluded: boolean): Promise<void> {
  await askGateAs(caller, "identity.revoke_own_sessions", [isCurrentIncluded]);
}
