import { type Noun, noun } from "../../kernel/nouns/noun.ts";

/** What the API shows of this module's tables. */
export const nouns: readonly Noun[] = [
  noun({ table: "billing.billing_accounts", name: "billing.account", read: "billing.account.read" }),
  noun({ table: "billing.subscriptions", name: "billing.subscription", read: "billing.account.read" }),
  noun({ table: "billing.invoices", name: "billing.invoice", read: "billing.account.read" }),
  noun({ table: "billing.charges", name: "billing.charge", read: "billing.account.read" }),
  noun({ table: "billing.invoice_lines", name: "billing.invoice_line", read: "billing.account.read" }),
];
