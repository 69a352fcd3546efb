import type { JsonText } from "../../kernel/http/route.ts";
import { askJson, tell } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { pageStatement } from "../../kernel/tenancy/page.ts";

const UNBILLED_MAX = 200;

const LIST_UNBILLED = `
  select json_build_object('items', coalesce(json_agg(json_build_object(
    'customer', json_build_object('id', c.id, 'name', c.name), 'quantity', u.quantity, 'amount', u.amount, 'currency', u.currency, 'months', u.months
  ) order by u.amount desc, c.id), '[]'))
  from (
    select a.customer_id, a.currency, sum(ch.quantity)::bigint as quantity, sum(ch.quantity * ch.unit_amount)::bigint as amount,
      array_agg(distinct to_char(ch.occurred_at at time zone 'UTC', 'YYYY-MM') order by to_char(ch.occurred_at at time zone 'UTC', 'YYYY-MM') desc) as months
    from billing.charges ch join billing.billing_accounts a on a.organization_id = ch.organization_id and a.id = ch.billing_account_id
    where ch.organization_id = $1 and ch.invoice_id is null group by 1, 2 order by 4 desc, 1 limit ${UNBILLED_MAX}
  ) u join crm.customers c on c.organization_id = $1 and c.id = u.customer_id`;

const LIST_INVOICES = pageStatement(
  `select * from billing.invoices
   where organization_id = $1 and customer_id is not null and ($2::uuid is null or id < $2)`,
  "$3",
  `select i.id, i.number, i.status, json_build_object('id', c.id, 'name', c.name) as customer, i.currency, i.period_start, i.period_end,
     i.total_amount, i.issued_at, i.due_at
   from shown i join crm.customers c on c.organization_id = i.organization_id and c.id = i.customer_id`,
);

/** What customers are to pay for and is on no invoice yet: the answer of the contract as JSON. */
export async function listUnbilled(context: Context): Promise<JsonText> {
  return askJson(context, LIST_UNBILLED, [context.organization.id]);
}

/** A page of the invoices to customers, newest first: the answer of the contract as JSON. */
export async function listInvoices(
  context: Context,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<JsonText> {
  return askJson(context, LIST_INVOICES, [context.organization.id, cursor ?? null, limit]);
}

/** An invoice to a customer: `Invoice` as JSON. Throws not_found. */
export async function readInvoice(context: Context, { invoice }: { invoice: string }): Promise<JsonText> {
  return askJson(context, "select billing.read_invoice($1)", [invoice]);
}

/**
 * Drafts an invoice of all that a customer is to pay for until the end of a month (UTC, such as `2026-01`) and that is on no other: `Invoice` as JSON. Throws
 * not_found (no such customer), conflict (nothing is left to bill).
 */
export async function createInvoice(
  context: Context,
  { customer_id, month, tax_rate }: { customer_id: string; month: string; tax_rate: number },
): Promise<JsonText> {
  return askJson(context, "select billing.create_invoice($1, $2, $3)", [customer_id, `${month}-01`, tax_rate]);
}

/** Gives a draft its number: `Invoice` as JSON. Throws not_found, conflict (issued already). */
export async function issueInvoice(
  context: Context,
  { invoice, due_days }: { invoice: string; due_days: number },
): Promise<JsonText> {
  return askJson(context, "select billing.issue_invoice($1, $2)", [invoice, due_days]);
}

/** Says how an issued invoice ended: `Invoice` as JSON. Throws not_found, conflict (it cannot become that). */
export async function settleInvoice(
  context: Context,
  { invoice, status }: { invoice: string; status: "paid" | "void" | "uncollectible" },
): Promise<JsonText> {
  return askJson(context, "select billing.settle_invoice($1, $2)", [invoice, status]);
}

/** Removes a draft. Throws not_found, conflict (issued already). */
export async function discardInvoice(context: Context, { invoice }: { invoice: string }): Promise<undefined> {
  return tell(context, "select billing.discard_invoice($1)", [invoice]);
}
