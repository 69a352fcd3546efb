import type { JsonText } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";

const HOLDS = `
  select json_build_object('items', coalesce(json_agg(told order by told.id desc), '[]'))::text
  from (
    select h.id, h.reason, p.display_name as placed_by, h.placed_at, r.display_name as released_by, h.released_at
    from audit.legal_holds h
    join organizations.memberships p on p.organization_id = h.organization_id and p.user_id = h.placed_by
    left join organizations.memberships r on r.organization_id = h.organization_id and r.user_id = h.released_by
    where h.organization_id = $1
  ) told`;

/** The organization's legal holds, newest first, those that were lifted too. */
export async function listHolds(context: Context): Promise<JsonText> {
  return ask(context, HOLDS, [context.organization.id]);
}

/** Places a legal hold: nothing of the organization is erased while it stands. Answers its id. */
export async function placeHold(context: Context, { reason }: { reason: string }): Promise<JsonText> {
  return ask(context, "select json_build_object('id', audit.place_hold($1))::text", [reason]);
}

/** Lifts a legal hold. Throws not_found when no such one stands. */
export async function releaseHold(context: Context, { hold }: { hold: string }): Promise<undefined> {
  await ask(context, "select audit.release_hold($1)", [hold]);
}

const RETENTION = `
  select json_build_object('audit_days', (select r.audit_days from audit.retention r where r.organization_id = $1))::text`;

/** After how many days the record loses what entries say; null means never. */
export async function readRetention(context: Context): Promise<JsonText> {
  return ask(context, RETENTION, [context.organization.id]);
}

/** Sets after how many days the record loses what entries say; null keeps it for ever. */
export async function setRetention(
  context: Context,
  { audit_days }: { audit_days: number | null },
): Promise<{ audit_days: number | null }> {
  await ask(context, "select audit.set_retention($1)", [audit_days]);
  return { audit_days };
}

async function ask(context: Context, text: string, values: readonly unknown[]): Promise<JsonText> {
  return { json: (await queryText(context, { text, values, fixed: true })) ?? "" };
}
