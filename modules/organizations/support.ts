import type { JsonText } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { tokenOf } from "../../kernel/tenancy/credential.ts";
import { askGateAs, type PersonCaller } from "../../kernel/tenancy/gate.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";
import { newSecret } from "../identity/public.ts";

/** Lets support in for 1 to 168 hours: `{ id, expires_at }` as JSON. */
export async function allowSupport(
  context: Context,
  { reason, expires_in_hours }: { reason: string; expires_in_hours: number },
): Promise<JsonText> {
  return askJson(context, "select organizations.allow_support($1, $2)::text", [reason, expires_in_hours]);
}

/** When support was let in, newest first, each with its visits, as JSON. */
export async function listSupportGrants(context: Context): Promise<JsonText> {
  return askJson(context, "select organizations.list_support_grants()::text", []);
}

/** Takes a consent back; visits that rest on it end at once. */
export async function revokeSupport(context: Context, { grant }: { grant: string }): Promise<undefined> {
  await queryText(context, { text: "select organizations.revoke_support_grant($1)", values: [grant], fixed: true });
}

async function askJson(context: Context, text: string, values: readonly unknown[]): Promise<JsonText> {
  const json = await queryText(context, { text, values, fixed: true });
  if (json === null) throw new Error("The database answered nothing.");
  return { json };
}

export type NewVisit = { organization: string; member: string; reason: string };

/**
 * Opens a session in a member's place, for an hour at most and no longer than the organization's consent. Throws when the
 * person is no supporter or the organization did not let support in (TN003), the session has no second factor (TN006) or was
 * not proved in the last 15 minutes (TN007), and when there is no such member (TN010). Mails the organization's owners.
 */
export async function openSupportVisit(
  caller: PersonCaller,
  { organization, member, reason }: NewVisit,
): Promise<{ token: string; ends_at: string }> {
  const secret = newSecret();
  const [visit] = await askGateAs<{ session_id: string; ends_at: Date }>(caller, "organizations.open_support_visit", [
    organization,
    member,
    reason,
    secret.hash,
  ]);
  if (!visit) throw new Error("The database opened no visit and said nothing.");
  caller.services.wakeWorkers();
  const token = tokenOf({ kind: "session", userId: member, sessionId: visit.session_id, secret: secret.text });
  return { token, ends_at: visit.ends_at.toISOString() };
}
