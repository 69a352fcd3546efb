import { type Noun, noun } from "../../kernel/nouns/noun.ts";

/** What the API shows of this module's tables. */
export const nouns: readonly Noun[] = [
  noun({ table: "credits.accounts", name: "credits.account", read: "credits.account.read" }),
  noun({ table: "credits.balances", name: "credits.balance", read: "credits.account.read" }),
  noun({ table: "credits.lots", name: "credits.lot", read: "credits.account.read" }),
  noun({ table: "credits.holds", name: "credits.hold", read: "credits.account.read" }),
  noun({ table: "credits.ledger_entries", name: "credits.ledger_entry", read: "credits.account.read" }),
  noun({ table: "credits.member_limits", name: "credits.member_limit", read: "credits.account.read" }),
  noun({ table: "credits.notices", name: "credits.notice", read: "credits.account.read" }),
  noun({ table: "credits.spending", name: "credits.spending", read: "credits.account.read" }),
  noun({ table: "credits.limits", name: "credits.limit", read: "credits.usage.read" }),
  noun({ table: "credits.usage_events", name: "credits.usage_event", read: "credits.usage.read" }),
  noun({ table: "credits.usage_days", name: "credits.usage_day", read: "credits.usage.read" }),
  noun({ table: "credits.usage_periods", name: "credits.usage_period", read: "credits.usage.read" }),
];
