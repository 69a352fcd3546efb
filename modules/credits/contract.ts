import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { pageOf, pageQuery } from "../../kernel/http/paging.ts";

/** Micro-credits in a credit: every amount is in micro-credits. */
export const CREDIT = 1_000_000;
/** A thousand million credits: more is a mistake. */
const AMOUNT_MAX = 1_000_000_000 * CREDIT;
const KEY_LENGTH_MAX = 100;
const NOTE_LENGTH_MAX = 500;
const MEMBERS_MAX = 200;

const CREDITS = "/api/organizations/:organization/credits";
const InOrganization = z.object({ organization: z.string() });
const Month = z.string().regex(/^(19|20)\d\d-(0[1-9]|1[0-2])$/, "This must be a month such as 2026-01.");
const Amount = z.int().min(1).max(AMOUNT_MAX);
const Limit = z.int().min(0).max(AMOUNT_MAX);
/** Names the operation: sent twice, it is done once and answers the same. */
const OperationKey = z.string().min(1).max(KEY_LENGTH_MAX);
const Note = z.string().trim().max(NOTE_LENGTH_MAX).default("");

/** What was used of a resource in the month; `limit` is null where there is none, `percentage` is of the limit. */
const ResourceUsage = z.object({
  resource: z.string(),
  unit: z.string(),
  description: z.string(),
  used: z.int(),
  limit: z.int().nullable(),
  percentage: z.number().nullable(),
  /** What it cost, in micro-credits. */
  credits: z.int(),
});

const Usage = z.object({
  month: z.string(),
  ends_at: z.string(),
  resources: z.array(ResourceUsage),
  /** The members who used most, by credits and then by amount. */
  members: z.array(
    z.object({ user_id: z.uuid(), name: z.string(), resource: z.string(), used: z.int(), credits: z.int() }),
  ),
  /** Days without use are left out. */
  days: z.array(z.object({ day: z.string(), resource: z.string(), used: z.int(), credits: z.int() })),
});

/** Credits that came together. */
const Lot = z.object({
  id: z.uuid(),
  source: z.string(),
  granted: z.int(),
  remaining: z.int(),
  priority: z.int(),
  expires_at: z.string().nullable(),
  note: z.string(),
  created_at: z.string(),
});

/** An account, in micro-credits: `free` is what can be set aside now. */
const Account = z.object({
  id: z.uuid(),
  name: z.string(),
  status: z.enum(["active", "frozen", "closed"]),
  balance: z.int(),
  held: z.int(),
  free: z.int(),
  overdraft_limit: z.int(),
  used_this_month: z.int(),
  monthly_limit: z.int(),
  month_ends_at: z.string(),
  member_daily_limit: z.int().nullable(),
  low_balance: z.int(),
  member_limits: z.array(z.object({ user_id: z.uuid(), name: z.string(), daily_limit: z.int() })),
  /** What is left, in the order in which it is used up; at most 100. */
  lots: z.array(Lot),
  /** What people were told, the latest first; at most 20. */
  notices: z.array(
    z.object({
      kind: z.enum(["month_80", "month_100", "low_balance"]),
      period: z.string(),
      used: z.int(),
      maximum: z.int(),
      told_at: z.string(),
    }),
  ),
});

/** A movement on an account. `amount` is below zero for what went; `balance` is what was there after it. */
const LedgerEntry = z.object({
  id: z.uuid(),
  created_at: z.string(),
  account_id: z.uuid(),
  kind: z.enum(["grant", "charge", "refund", "expiry", "transfer", "adjustment"]),
  amount: z.int(),
  balance: z.int(),
  operation_key: z.string(),
  lot_id: z.uuid().nullable(),
  hold_id: z.uuid().nullable(),
  task_id: z.uuid().nullable(),
  user_id: z.uuid().nullable(),
  name: z.string().nullable(),
  note: z.string(),
});

export const readUsage = endpoint({
  name: "credits.usage.read",
  summary: "What was used in a month: by resource with its limit, by member, and by day",
  method: "GET",
  path: "/api/organizations/:organization/usage",
  access: "credits.usage.read",
  params: InOrganization,
  query: z.object({ month: Month.optional() }),
  answer: Usage,
});

export const readCredits = endpoint({
  name: "credits.account.browse",
  summary: "The accounts of credits: what is on them, what is set aside, what is free, and their limits",
  method: "GET",
  path: CREDITS,
  access: "credits.account.read",
  params: InOrganization,
  answer: z.object({ items: z.array(Account) }),
});

export const addAccount = endpoint({
  name: "credits.account.create",
  summary: "Open one more account, to keep the credits of a team or a purpose apart",
  method: "POST",
  path: `${CREDITS}/accounts`,
  access: "credits.account.manage",
  params: InOrganization,
  body: z.object({ name: z.string().trim().min(1).max(100) }),
  answer: z.object({ id: z.uuid() }),
  example: { body: { name: "Team" } },
});

export const listLedger = endpoint({
  name: "credits.ledger.list",
  summary: "The books: every movement, newest first",
  method: "GET",
  path: `${CREDITS}/ledger`,
  access: "credits.account.read",
  params: InOrganization,
  query: z.object({
    account: z.uuid().optional(),
    ...pageQuery(),
  }),
  answer: pageOf(LedgerEntry),
});

export const transferCredits = endpoint({
  name: "credits.transfer.create",
  summary: "Move free credits from one account to another; they expire when they would have",
  method: "POST",
  path: `${CREDITS}/transfers`,
  access: "credits.account.manage",
  params: InOrganization,
  body: z.object({ from: z.uuid(), to: z.uuid(), amount: Amount, operation_key: OperationKey, note: Note }),
  answer: z.object({
    from: z.uuid(),
    to: z.uuid(),
    amount: z.int(),
    from_balance: z.int(),
    to_balance: z.int(),
  }),
  example: { body: { from: ":account", to: ":target", amount: 1, operation_key: "two", note: "" } },
});

export const adjustCredits = endpoint({
  name: "credits.adjustment.create",
  summary: "Take credits off an account for good; credits that come are booked by the operator",
  method: "POST",
  path: `${CREDITS}/adjustments`,
  access: "credits.account.manage",
  params: InOrganization,
  body: z.object({
    account: z.uuid(),
    /** Below zero. */
    amount: z.int().min(-AMOUNT_MAX).max(-1, "Only what is taken off can be booked here: give an amount below zero."),
    operation_key: OperationKey,
    note: z.string().trim().min(1).max(NOTE_LENGTH_MAX),
  }),
  answer: z.object({ account_id: z.uuid(), amount: z.int(), balance: z.int() }),
  example: { body: { account: ":account", amount: -1, operation_key: "one", note: "Too many" } },
});

export const setLimits = endpoint({
  name: "credits.limits.set",
  summary: "Set the limits of an account: what is left out stays as it is, and null lifts a limit of members",
  method: "PATCH",
  path: `${CREDITS}/limits`,
  access: "credits.account.manage",
  params: InOrganization,
  body: z.object({
    account: z.uuid(),
    monthly_limit: Amount.optional(),
    low_balance: Limit.optional(),
    member_daily_limit: Limit.nullable().optional(),
    members: z
      .array(z.object({ user_id: z.uuid(), daily_limit: Limit.nullable() }))
      .max(MEMBERS_MAX)
      .optional(),
  }),
  example: { body: { account: ":account", low_balance: 5000000 } },
});
