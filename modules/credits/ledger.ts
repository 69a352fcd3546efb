import type { InputOf } from "../../kernel/http/endpoint.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { pageStatement } from "../../kernel/tenancy/page.ts";
import type * as contract from "./contract.ts";

const PAGE = pageStatement(
  `select e.* from credits.ledger_entries e
    where e.organization_id = $1 and e.leg = 'account' and ($2::uuid is null or e.account_id = $2) and ($3::uuid is null or e.id < $3)`,
  "$4",
  `select e.id, e.created_at, e.account_id, e.kind, e.amount, e.balance_after as balance, e.operation_key, e.lot_id, e.hold_id, h.task_id, e.user_id,
        m.display_name as name, e.note
      from shown e
      left join credits.holds h on h.organization_id = e.organization_id and h.id = e.hold_id
      left join organizations.memberships m on m.organization_id = e.organization_id and m.user_id = e.user_id`,
);

/** A page of the books, newest first, after the entry of the page before: `{ items: LedgerEntry[], next_cursor }` as JSON. */
export async function listLedger(context: Context, { query }: InputOf<typeof contract.listLedger>): Promise<JsonText> {
  return askJson(context, PAGE, [context.organization.id, query.account ?? null, query.cursor ?? null, query.limit]);
}
