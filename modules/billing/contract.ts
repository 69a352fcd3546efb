import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { pageOf, pageQuery } from "../../kernel/http/paging.ts";
import { MadeFile } from "../tasks/outcome-contract.ts";

const ORGANIZATION = "/api/organizations/:organization";
const INVOICES = `${ORGANIZATION}/invoices`;
const INVOICE = `${INVOICES}/:invoice`;
/** In hundredths of a percent. */
const TAX_RATE_MAX = 10_000;
const DUE_DAYS_MAX = 365;

const InOrganization = z.object({ organization: z.string() });
const OfInvoice = z.object({ organization: z.string(), invoice: z.uuid() });
const Month = z.string().regex(/^(19|20)\d\d-(0[1-9]|1[0-2])$/, "This must be a month such as 2026-01.");

const InvoiceStatus = z.enum(["draft", "open", "paid", "void", "uncollectible"]);

const Party = z.object({
  name: z.string(),
  email: z.string().nullable(),
  /** As it was given: line1, line2, postal_code, city, country and the like. */
  address: z.record(z.string(), z.unknown()),
  tax_id: z.string().nullable(),
});

/** A bill to a customer. Amounts are in minor units of its currency, `tax_rate` in hundredths of a percent; it has a number once it is issued. */
export const Invoice = z.object({
  id: z.uuid(),
  number: z.int().nullable(),
  status: InvoiceStatus,
  customer: z.object({ id: z.uuid(), name: z.string() }),
  currency: z.string(),
  /** It bills what was used from the start until before the end. */
  period_start: z.string(),
  period_end: z.string(),
  subtotal_amount: z.int(),
  tax_rate: z.int(),
  tax_amount: z.int(),
  total_amount: z.int(),
  paid_amount: z.int(),
  created_at: z.string(),
  issued_at: z.string().nullable(),
  due_at: z.string().nullable(),
  paid_at: z.string().nullable(),
  /** Who bills whom: as it was when the bill was issued, and as it is now before. */
  parties: z.object({ seller: Party, buyer: Party }),
  lines: z.array(z.object({ description: z.string(), quantity: z.int(), unit_amount: z.int(), amount: z.int() })),
});
export type Invoice = z.infer<typeof Invoice>;

const InvoiceInList = Invoice.pick({
  id: true,
  number: true,
  status: true,
  customer: true,
  currency: true,
  period_start: true,
  period_end: true,
  total_amount: true,
  issued_at: true,
  due_at: true,
});
export type InvoiceInList = z.infer<typeof InvoiceInList>;

/** What a customer is to pay for and is on no bill yet. */
const Unbilled = z.object({
  customer: z.object({ id: z.uuid(), name: z.string() }),
  quantity: z.int(),
  amount: z.int(),
  currency: z.string(),
  /** The months (UTC) in which it was used, the latest first. */
  months: z.array(z.string()),
});
export type Unbilled = z.infer<typeof Unbilled>;

export const listUnbilled = endpoint({
  name: "billing.charge.browse",
  summary: "What customers are to pay for and is on no invoice yet, the most first (at most 200 customers)",
  method: "GET",
  path: `${ORGANIZATION}/unbilled`,
  access: "billing.account.read",
  params: InOrganization,
  answer: z.object({ items: z.array(Unbilled) }),
});

export const listInvoices = endpoint({
  name: "billing.invoice.browse",
  summary: "The invoices to customers, newest first, page by page",
  method: "GET",
  path: INVOICES,
  access: "billing.account.read",
  params: InOrganization,
  query: z.object(pageQuery()),
  answer: pageOf(InvoiceInList),
});

export const readInvoice = endpoint({
  name: "billing.invoice.read",
  summary: "An invoice to a customer with its lines",
  method: "GET",
  path: INVOICE,
  access: "billing.account.read",
  params: OfInvoice,
  answer: Invoice,
});

export const createInvoice = endpoint({
  name: "billing.invoice.create",
  summary: "Draft an invoice of all that a customer is to pay for until the end of a month and that is on no other",
  method: "POST",
  path: INVOICES,
  access: "billing.invoice.manage",
  params: InOrganization,
  body: z.object({
    customer_id: z.uuid(),
    month: Month,
    tax_rate: z.int().min(0).max(TAX_RATE_MAX).default(0),
  }),
  answer: Invoice,
  example: { body: { customer_id: ":customer", month: "2026-01", tax_rate: 1900 } },
});

export const issueInvoice = endpoint({
  name: "billing.invoice.issue",
  summary: "Give a drafted invoice its number; from then on it never changes",
  method: "POST",
  path: `${INVOICE}/issue`,
  access: "billing.invoice.manage",
  params: OfInvoice,
  body: z.object({ due_days: z.int().min(0).max(DUE_DAYS_MAX).default(14) }),
  answer: Invoice,
  example: { body: { due_days: 14 } },
});

export const settleInvoice = endpoint({
  name: "billing.invoice.settle",
  summary: "Say that an issued invoice is paid, void or uncollectible; what is on a void one may be billed again",
  method: "PUT",
  path: `${INVOICE}/status`,
  access: "billing.invoice.manage",
  params: OfInvoice,
  body: z.object({ status: z.enum(["paid", "void", "uncollectible"]) }),
  answer: Invoice,
  example: { body: { status: "paid" } },
});

export const discardInvoice = endpoint({
  name: "billing.invoice.discard",
  summary: "Remove an invoice that was never issued; what is on it may be billed again",
  method: "DELETE",
  path: INVOICE,
  access: "billing.invoice.manage",
  params: OfInvoice,
});

export const printInvoice = endpoint({
  name: "billing.invoice.print",
  summary: "Have an invoice printed as a PDF by a task",
  method: "POST",
  path: `${INVOICE}/pdf`,
  access: "billing.account.read",
  params: OfInvoice,
  accepted: z.object({ task_id: z.uuid() }),
});

export const readPrint = endpoint({
  name: "billing.invoice.follow_print",
  summary: "How far the printing of an invoice is, and the file that it has made",
  method: "GET",
  path: `${ORGANIZATION}/invoice-prints/:print`,
  access: "billing.account.read",
  params: z.object({ organization: z.string(), print: z.uuid() }),
  answer: MadeFile,
});

export const downloadInvoice = endpoint({
  name: "billing.invoice.download",
  summary: "A printed invoice, for a day",
  method: "GET",
  path: `${ORGANIZATION}/invoice-files/:document`,
  access: "billing.account.read",
  params: z.object({ organization: z.string(), document: z.uuid() }),
  answerMedia: "stream",
  fileTypes: ["application/pdf"],
});
