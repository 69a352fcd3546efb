import type { InputOf } from "../../kernel/http/endpoint.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import { askJson, tell } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import type * as contract from "./contract.ts";

const LOTS_MAX = 100;
const NOTICES_MAX = 20;

const ACCOUNTS = `
  select json_build_object('items', coalesce(json_agg(told order by told.name <> 'main', told.name), '[]'))::text from (
    select a.id, a.name, a.status, b.posted as balance, b.held, greatest(b.posted - b.held + b.overdraft_limit, 0) as free, a.overdraft_limit,
      case when b.month_ends_at > now() then b.used_this_month else 0 end as used_this_month, a.monthly_limit,
      (date_trunc('month', now() at time zone 'UTC') + interval '1 month') at time zone 'UTC' as month_ends_at, a.member_daily_limit, a.low_balance,
      coalesce((
        select json_agg(json_build_object('user_id', l.user_id, 'name', m.display_name, 'daily_limit', l.daily_limit) order by m.name_key, l.user_id)
        from credits.member_limits l join organizations.memberships m on m.organization_id = l.organization_id and m.user_id = l.user_id
        where l.organization_id = a.organization_id and l.account_id = a.id), '[]') as member_limits,
      coalesce((select json_agg(lot) from (
        select l.id, l.source, l.granted, l.remaining, l.priority, l.expires_at, l.note, l.created_at
        from credits.lots l where l.organization_id = a.organization_id and l.account_id = a.id and l.remaining > 0
        order by l.priority, l.expires_at, l.id limit ${LOTS_MAX}) lot), '[]') as lots,
      coalesce((select json_agg(notice) from (
        select n.kind, n.period, n.used, n.maximum, n.created_at as told_at
        from credits.notices n where n.organization_id = a.organization_id and n.account_id = a.id
        order by n.created_at desc limit ${NOTICES_MAX}) notice), '[]') as notices
    from credits.accounts a join credits.balances b on b.organization_id = a.organization_id and b.account_id = a.id
    where a.organization_id = $1
  ) told`;

/** The accounts, main first: `{ items: Account[] }` as JSON. */
export async function readCredits(context: Context): Promise<JsonText> {
  return askJson(context, ACCOUNTS, [context.organization.id]);
}

/** Opens an account with nothing on it: `{ id }` as JSON. Throws conflict (the name is taken, or there are 100 already). */
export async function addAccount(context: Context, { body }: InputOf<typeof contract.addAccount>): Promise<JsonText> {
  return askJson(context, "select json_build_object('id', credits.add_account($1))::text", [body.name]);
}

/** Moves credits. Throws conflict (less is free, or the key stands for something else), not_found. */
export async function transferCredits(
  context: Context,
  { body: { from, to, amount, operation_key, note } }: InputOf<typeof contract.transferCredits>,
): Promise<JsonText> {
  return askJson(context, "select credits.transfer($1, $2, $3, $4, $5)::text", [from, to, amount, operation_key, note]);
}

/** Takes credits off for good. Throws conflict (less is free, or the key stands for something else), not_found. */
export async function adjustCredits(
  context: Context,
  { body: { account, amount, operation_key, note } }: InputOf<typeof contract.adjustCredits>,
): Promise<JsonText> {
  return askJson(context, "select credits.give_up($1, $2, $3, $4)::text", [account, -amount, operation_key, note]);
}

/** Sets an account's limits, and those of single members. Throws not_found, invalid (no such member). */
export async function setLimits(
  context: Context,
  { body: { account, ...limits } }: InputOf<typeof contract.setLimits>,
): Promise<undefined> {
  return tell(context, "select credits.set_limits($1, $2)", [account, JSON.stringify(limits)]);
}
