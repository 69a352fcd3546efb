// Made from the database's catalog by `bin/tenon types`. Do not edit: change a migration and run it again.
import type { ColumnType, GeneratedAlways } from "kysely";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Optional<T> = ColumnType<T, T | undefined, T>;
type Timestamp = ColumnType<Date, Date | string, Date | string>;
type OptionalTimestamp = ColumnType<Date, Date | string | undefined, Date | string>;
type NullableTimestamp = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;

/** Everything that can be permitted. */
export type Permission =
  | "analytics.dashboard.read"
  | "analytics.event.read"
  | "analytics.event.write"
  | "assistant.conversation.manage"
  | "assistant.conversation.read"
  | "assistant.conversation.write"
  | "audit.hold"
  | "audit.read"
  | "billing.account.manage"
  | "billing.account.read"
  | "billing.invoice.manage"
  | "calendar.appointment.read"
  | "calendar.appointment.write"
  | "commerce.store.read"
  | "commerce.store.write"
  | "content.item.publish"
  | "content.item.read"
  | "content.item.write"
  | "content.publication.read"
  | "credits.account.manage"
  | "credits.account.read"
  | "credits.usage.read"
  | "crm.customer.read"
  | "crm.customer.write"
  | "datasets.answer.manage"
  | "datasets.dataset.read"
  | "datasets.dataset.write"
  | "evaluation.benchmark.manage"
  | "evaluation.benchmark.read"
  | "evaluation.leaderboard.read"
  | "evaluation.submission.write"
  | "imports.import.read"
  | "imports.import.write"
  | "key.create"
  | "key.manage"
  | "labeling.comment.write"
  | "labeling.label.write"
  | "labeling.metric.read"
  | "labeling.project.manage"
  | "labeling.project.read"
  | "labeling.result.read"
  | "labeling.review.write"
  | "labeling.terms.manage"
  | "member.manage"
  | "member.read"
  | "organization.domain.manage"
  | "organization.own"
  | "organization.read"
  | "organization.support.manage"
  | "organization.tag.write"
  | "organization.update"
  | "projects.project.read"
  | "projects.project.write"
  | "projects.worklog.manage"
  | "role.manage"
  | "studio.session.manage"
  | "studio.session.read"
  | "studio.session.write"
  | "tasks.task.read"
  | "tasks.task.work"
  | "tasks.task.write"
  | "tasks.webhook.manage";

export type AnalyticsDaily = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The day (UTC). */
  day: Timestamp;
  /** What kind of event. */
  event_type: string;
  /** ISO 4217 currency of the revenue; empty for events without any. */
  currency: Optional<string>;
  /** Which connections added to it: a figure is the sum of its parts, and writers seldom wait for each other. */
  part: number;
  /** How many there were. */
  events: Optional<string>;
  /** What they brought, in minor units. */
  revenue: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type AnalyticsEventKeys = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The event. */
  id: string;
  /** When it was sent. */
  created_at: OptionalTimestamp;
};

export type AnalyticsEvents = {
  /** The organization it happened in. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** When it was written down; the partition key. */
  created_at: OptionalTimestamp;
  /** When it happened. */
  occurred_at: OptionalTimestamp;
  /** What kind of event it is, such as page_view, purchase or task_completed. */
  event_type: string;
  /** Which one of the kind. */
  event_name: string;
  /** The member who did it. */
  user_id: Optional<string | null>;
  /** The visit that it belongs to. */
  session_id: Optional<string | null>;
  /** Where it came from, such as dashboard, api or webhook. */
  source: Optional<string | null>;
  /** What else is known of it. */
  properties: Optional<Json>;
  /** What it brought, in minor units of its currency. */
  revenue: Optional<string | null>;
  /** ISO 4217 currency of the revenue. */
  currency: Optional<string | null>;
  /** The product it is about, which may be gone. */
  product_id: Optional<string | null>;
  /** The customer it is about, who may be gone. */
  customer_id: Optional<string | null>;
  /** The order it is about, which may be gone. */
  order_id: Optional<string | null>;
  /** The task it is about, which may be gone. */
  task_id: Optional<string | null>;
};

export type AnalyticsWorkspaceDashboard = {
  organization_id: GeneratedAlways<string | null>;
  plan: GeneratedAlways<string | null>;
  credits_available: GeneratedAlways<string | null>;
  credits_used_this_month: GeneratedAlways<string | null>;
  pending_tasks: GeneratedAlways<string | null>;
  processing_tasks: GeneratedAlways<string | null>;
  tasks_completed_today: GeneratedAlways<string | null>;
  revenue_30d: GeneratedAlways<string | null>;
  refunded_30d: GeneratedAlways<string | null>;
  orders_today: GeneratedAlways<string | null>;
  total_products: GeneratedAlways<string | null>;
  active_products: GeneratedAlways<string | null>;
  active_customers: GeneratedAlways<string | null>;
  events_today: GeneratedAlways<string | null>;
};

export type AssistantConversationPeople = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The conversation. */
  conversation_id: string;
  /** The member, who may be a client. */
  user_id: string;
  /** Whether the member may work in it, and not just read it. */
  may_write: Optional<boolean>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type AssistantConversations = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** Whose conversation it is. */
  user_id: string;
  /** What it is about, in a line. */
  title: Optional<string>;
  /** The model that answers. */
  model: Optional<string | null>;
  /** The project it is about. */
  project_id: Optional<string | null>;
  /** The customer it is about. */
  customer_id: Optional<string | null>;
  /** The project task it is about. */
  task_id: Optional<string | null>;
  /** What it is about. */
  context_type: GeneratedAlways<string>;
  /** Whether colleagues may read it. */
  is_shared: Optional<boolean>;
  /** Whether it is put away. */
  is_archived: Optional<boolean>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type AssistantEnabledTools = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The tool. */
  tool: string;
  /** How the organization sets it. */
  configuration: Optional<Json>;
  /** Whether a person says yes before each use. */
  needs_approval: Optional<boolean>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type AssistantMessages = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The conversation. */
  conversation_id: string;
  /** Its place, from 1. */
  position: string;
  /** Who says it. */
  author: string;
  /** The member, where a person says it. */
  user_id: Optional<string | null>;
  /** What is said. */
  content: string;
  /** The model, where one says it. */
  model: Optional<string | null>;
  /** How many tokens were read and written for it. */
  usage_tokens: Optional<string>;
  /** What it cost, in micro-credits. */
  cost: Optional<string>;
  /** Whether it was said to the end. */
  status: Optional<string>;
  /** Why it was not, in words for people. */
  error: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type AssistantModels = {
  /** The model. */
  name: string;
  /** Which price it is, from 1. */
  version: Optional<number>;
  /** Who runs it: the name of a provider that organizations connect. */
  provider: string;
  /** What the provider calls it. */
  called: string;
  /** Name as people read it. */
  label: string;
  /** Price of a million tokens read, in micro-credits. */
  input_price: string;
  /** Price of a million tokens written, in micro-credits. */
  output_price: string;
  /** How many tokens it can have before it. */
  context_tokens: number;
  /** How many tokens a reply may have; so much is set aside for one. */
  output_tokens: Optional<number>;
  /** From when the price holds. */
  valid_from: OptionalTimestamp;
  /** Whether it can be chosen. */
  is_active: Optional<boolean>;
};

export type AssistantOpenConversations = {
  organization_id: GeneratedAlways<string | null>;
  id: GeneratedAlways<string | null>;
  user_id: GeneratedAlways<string | null>;
  title: GeneratedAlways<string | null>;
  is_archived: GeneratedAlways<boolean | null>;
  may_write: GeneratedAlways<boolean | null>;
  created_at: NullableTimestamp;
  updated_at: NullableTimestamp;
};

export type AssistantOpenMessages = {
  organization_id: GeneratedAlways<string | null>;
  id: GeneratedAlways<string | null>;
  conversation_id: GeneratedAlways<string | null>;
  position: GeneratedAlways<string | null>;
  author: GeneratedAlways<string | null>;
  user_id: GeneratedAlways<string | null>;
  content: GeneratedAlways<string | null>;
  status: GeneratedAlways<string | null>;
  created_at: NullableTimestamp;
};

export type AssistantProviderKeys = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The provider. */
  provider: string;
  /** The provider's key, sealed; opened outside of the database only. */
  sealed: Buffer;
  /** The key it is sealed with, read out of the seal. */
  key_id: GeneratedAlways<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type AssistantProviders = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The provider, as models name it. */
  name: string;
  /** How it is spoken to. */
  protocol: string;
  /** Where it is asked. Where it leads to is checked at each request. */
  base_url: string;
  /** Whether a key is kept for it. */
  has_key: Optional<boolean>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type AssistantReplies = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The message that is being written. */
  message_id: string;
  /** Price of a million tokens read, in micro-credits. */
  input_price: string;
  /** Price of a million tokens written, in micro-credits. */
  output_price: string;
  /** How many tokens a step may write. */
  output_tokens: number;
  /** Which request to the model is under way, from 1. */
  step: Optional<number>;
  /** What is set aside for it. */
  hold_id: Optional<string | null>;
  /** How many tokens the steps before took. */
  tokens: Optional<string>;
  /** What they cost, in micro-credits. */
  cost: Optional<string>;
  /** Whether the member wants no more of it. */
  is_stopping: Optional<boolean>;
  /** When the process that writes it was last heard of. */
  heard_at: OptionalTimestamp;
};

export type AssistantToolCalls = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The message in which it wished it. */
  message_id: string;
  /** With which tool. */
  tool: string;
  /** What it gave the tool. */
  input: Json;
  /** What the tool gave back. */
  output: Optional<Json | null>;
  /** Whether it was allowed and done. */
  status: Optional<string>;
  /** Who said yes or no. */
  approved_by: Optional<string | null>;
  /** Why it failed. */
  error: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type AssistantTools = {
  /** The tool. */
  name: string;
  /** What it does, as the model is told. */
  description: string;
  /** What kind of tool it is. */
  tool_type: string;
  /** The smallest plan that has it; null for every plan. */
  required_tier: Optional<string | null>;
  /** How it is set. */
  configuration: Optional<Json>;
  /** Whether it can be used. */
  is_active: Optional<boolean>;
};

export type AuditAuditLogs = {
  /** The organization the change happened in. */
  organization_id: string;
  /** Identifier of the entry. */
  id: Optional<string>;
  /** When the change's transaction began; the partition key. */
  created_at: OptionalTimestamp;
  /** The order in which entries were written. */
  seq: Optional<string>;
  /** The transaction that wrote the entry; readers compare it with snapshots. */
  xid: Optional<string>;
  /** What acted: a user, an API key, a task, or the system itself. */
  actor_kind: string;
  /** The person who acted, or on whose behalf. */
  user_id: Optional<string | null>;
  /** The supporter who acted as that person, if one did. */
  impersonator_id: Optional<string | null>;
  /** The API key it was done with, if it was one. */
  api_key_id: Optional<string | null>;
  /** The operation that the request entered with, such as labeling.task.submit. */
  operation: Optional<string | null>;
  /** What was done to the row. */
  action: string;
  /** The table, with its schema. */
  resource_type: string;
  /** The row's key without the organization; null when details lists many. */
  resource_id: Optional<string | null>;
  /** Changed columns before: secrets masked, large values as hash and size. */
  old_values: Optional<Json | null>;
  /** Changed columns after: secrets masked, large values as hash and size. */
  new_values: Optional<Json | null>;
  /** For a statement over many rows: the ids it touched. */
  details: Optional<Json | null>;
  /** The import that brought the row. */
  import_id: Optional<string | null>;
  /** The address the request came from. */
  ip_address: Optional<string | null>;
  /** The program the request came from. */
  user_agent: Optional<string | null>;
  /** The request, as its answer and the logs name it. */
  request_id: Optional<string | null>;
  /** Keeps anyone from guessing what was erased by its hash: half of it for the values, half for the origin, zeroed with them. */
  salt: Optional<Buffer>;
  /** The hash of the values that were erased; seals go on holding with it. */
  erased_values: Optional<Buffer | null>;
  /** The hash of the address and the program that were erased. */
  erased_origin: Optional<Buffer | null>;
};

export type AuditCursors = {
  /** The consumer's name. */
  consumer: string;
  /** The database cluster that the snapshots belong to; another one after a restore. */
  system_identifier: string;
  /** Everything visible in this snapshot was delivered. */
  seen: string;
  /** What is visible in this snapshot, and not in seen, is being delivered. */
  reading: string;
  /** The seq delivered last in this window. */
  position: string;
  /** The highest seq in this window. */
  window_end: string;
  /** What was restored from another cluster ends at this seq; transaction ids mean something only behind it. */
  base: Optional<string>;
};

export type AuditErasures = {
  /** Identifier. */
  id: Optional<string>;
  /** Whether it is a person or an organization. */
  kind: string;
  /** The id of whom; the record keeps it too. */
  subject_id: string;
  /** When it began. */
  started_at: OptionalTimestamp;
  /** When the last row was gone. */
  finished_at: NullableTimestamp;
  /** How many rows were erased, by table. */
  counts: Optional<Json>;
  /** The organizations in whose record the person's traces are still to be erased. */
  organizations: Optional<string[]>;
  /** The entry of the record up to which that was done. */
  position: Optional<string>;
};

export type AuditLegalHolds = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** Why, such as the number of a case. */
  reason: string;
  /** The member who placed it. */
  placed_by: string;
  /** Since when nothing is erased. */
  placed_at: OptionalTimestamp;
  /** The member who lifted it. */
  released_by: Optional<string | null>;
  /** Until when it stood. */
  released_at: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type AuditRetention = {
  /** The organization. */
  organization_id: string;
  /** After so many days the values of an entry are erased; null keeps them for ever. */
  audit_days: Optional<number | null>;
  /** The entry up to which that was done. */
  expired_to: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type AuditSealCandidates = {
  /** There is one row at most. */
  only_row: Optional<boolean>;
  /** The database cluster that the transaction id belongs to; another one after a restore. */
  system_identifier: string;
  /** The last seq that had been handed out. */
  last_seq: string;
  /** Whoever was handed one has an older transaction id than this. */
  horizon: string;
};

export type AuditSeals = {
  /** The seals' own count, from 1 without a gap. */
  id: string;
  /** It holds the entries behind this seq … */
  from_seq: string;
  /** … up to this one. */
  to_seq: string;
  /** How many entries it holds. */
  entries: number;
  /** For each entry its seq and the first 8 bytes of its hash: tells which entry it is that changed. */
  digests: Buffer;
  /** The hash of the seal before; zeros at the first. */
  previous_hash: Buffer;
  /** SHA-256 of the hash before, the count, the range, and the hashes of the entries by seq. */
  hash: Buffer;
  /** HMAC-SHA256 of all this under a key derived from the installation's, which is not in the database. */
  signature: Buffer;
  /** The installation's key it is signed with. */
  key_id: string;
  /** The database cluster that it was made in. */
  system_identifier: string;
  /** When it was made. */
  sealed_at: Timestamp;
};

export type BillingBillingAccounts = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The customer who pays the organization; null for the organization itself. */
  customer_id: Optional<string | null>;
  /** Who collects the money; manual means by hand. */
  provider: Optional<string>;
  /** The payer's name at the provider. */
  provider_customer_id: Optional<string | null>;
  /** Whether the bills are paid. */
  billing_status: Optional<string>;
  /** The name on the bills. */
  billing_name: Optional<string | null>;
  /** Where the bills go. */
  billing_email: Optional<string | null>;
  /** The address on the bills. */
  billing_address: Optional<Json>;
  /** The payer's tax number. */
  tax_id: Optional<string | null>;
  /** ISO 4217 currency of the bills. */
  currency: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type BillingCharges = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The key of the usage event that it prices. */
  operation_key: string;
  /** Who pays. */
  billing_account_id: string;
  /** For which project. */
  project_id: string;
  /** What was used. */
  resource_type: string;
  /** How many. */
  quantity: Optional<string>;
  /** Price of one, in minor units of the account's currency, as it was then. */
  unit_amount: string;
  /** When it was used. */
  occurred_at: OptionalTimestamp;
  /** The bill that it is on; null while it is on none. */
  invoice_id: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type BillingInvoiceLines = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The bill. */
  invoice_id: string;
  /** Its place, from 1. */
  position: number;
  /** What it is for. */
  description: string;
  /** How many. */
  quantity: Optional<string>;
  /** Price of one, in minor units; below zero for what is taken off. */
  unit_amount: string;
  /** Price of all, in minor units. */
  amount: GeneratedAlways<string>;
  /** What was used, where it bills use. */
  resource_type: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type BillingInvoices = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** Who pays. */
  billing_account_id: string;
  /** For which subscription. */
  subscription_id: Optional<string | null>;
  /** The customer whom the organization bills; null for what it is billed itself. */
  customer_id: Optional<string | null>;
  /** Its number: 1, 2, 3 … without a gap, given when it is issued. What an organization issues and what it gets have numbers of their own. */
  number: Optional<string | null>;
  /** Whether it is paid. */
  status: Optional<string>;
  /** From when it bills. */
  period_start: Timestamp;
  /** Until when it bills. */
  period_end: Timestamp;
  /** ISO 4217 currency. */
  currency: string;
  /** The sum of its lines, in minor units, kept by trigger. */
  subtotal_amount: Optional<string>;
  /** Tax, in hundredths of a percent. */
  tax_rate: Optional<number>;
  /** Tax on it, in minor units. */
  tax_amount: Optional<string>;
  /** What is to be paid, in minor units. */
  total_amount: GeneratedAlways<string>;
  /** What was paid, in minor units. */
  paid_amount: Optional<string>;
  /** When it was issued. */
  issued_at: NullableTimestamp;
  /** Until when it is to be paid. */
  due_at: NullableTimestamp;
  /** When it was paid. */
  paid_at: NullableTimestamp;
  /** Who bills whom, with their addresses, as it was when the bill was issued. */
  parties: Optional<Json | null>;
  /** Its name at the provider. */
  provider_invoice_id: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type BillingPlanAliases = {
  /** The other name. */
  alias: string;
  /** The plan. */
  plan: string;
};

export type BillingPlans = {
  /** The plan's name in code. */
  code: string;
  /** Name as people read it. */
  name: string;
  /** From the smallest to the largest. */
  rank: number;
  /** For whom it is. */
  description: Optional<string>;
  /** How many members may work; null means any number. */
  seats: Optional<number | null>;
  /** What it brings a month, in micro-credits. */
  monthly_credits: Optional<string>;
  /** The most that may be used a month, by resource. */
  limits: Optional<Json>;
  /** What it switches on. */
  features: Optional<Json>;
  /** Whether it can be chosen now. */
  is_offered: Optional<boolean>;
  /** The share of the workers when others wait too: twice the weight, twice the tasks. */
  task_weight: Optional<number>;
};

export type BillingPrices = {
  /** Identifier. */
  id: Optional<string>;
  /** The plan. */
  plan: string;
  /** ISO 4217 currency. */
  currency: string;
  /** How often it is paid. */
  billing_interval: string;
  /** Price, in minor units. */
  amount: string;
  /** Price for each seat beyond those of the plan, in minor units. */
  seat_amount: Optional<string>;
  /** The price's name at the payment provider. */
  provider_price_id: Optional<string | null>;
  /** Whether it can be chosen now. */
  is_offered: Optional<boolean>;
};

export type BillingSubscriptions = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** Who pays. */
  billing_account_id: string;
  /** The plan. */
  plan: string;
  /** What it costs; null where nothing. */
  price_id: Optional<string | null>;
  /** Whether it holds. */
  status: Optional<string>;
  /** For how many members it is. */
  seat_count: Optional<number>;
  /** Until when it is tried for nothing. */
  trial_ends_at: NullableTimestamp;
  /** When the period that is paid began. */
  current_period_start: OptionalTimestamp;
  /** When it ends. */
  current_period_end: Timestamp;
  /** Whether it ends then. */
  cancel_at_period_end: Optional<boolean>;
  /** When it ended. */
  cancelled_at: NullableTimestamp;
  /** Its name at the provider. */
  provider_subscription_id: Optional<string | null>;
  /** What the provider tells beside. */
  metadata: Optional<Json>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CalendarAppointments = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** What it is about, in a line. */
  title: string;
  /** The rest of it. */
  description: Optional<string>;
  /** The customer it is with. */
  customer_id: Optional<string | null>;
  /** The member whose time it takes. */
  assigned_to: string;
  /** The member who made it. */
  created_by: Optional<string | null>;
  /** When it begins. */
  start_time: Timestamp;
  /** When it ends; the next one may begin then. */
  end_time: Timestamp;
  /** Where it stands; only what is to come takes the member's time. */
  status: Optional<string>;
  /** Where it is. */
  location: Optional<string | null>;
  /** Where to join from afar. */
  meeting_url: Optional<string | null>;
  /** When it comes again (RFC 5545 RRULE), on the first of a series. */
  recurrence: Optional<string | null>;
  /** The first of the series that it belongs to. */
  series_id: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CalendarFeeds = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** Whose calendar it is. */
  user_id: string;
  /** SHA-256 of the secret in the address. */
  secret_hash: Buffer;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CalendarReminders = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The appointment. */
  appointment_id: string;
  /** How it is sent. */
  channel: Optional<string>;
  /** To whom it is sent. */
  recipient: Optional<string>;
  /** How long before the beginning, in minutes. */
  minutes_before: number;
  /** When it is to be sent, kept by trigger. */
  due_at: Timestamp;
  /** Whether it was sent. */
  status: Optional<string>;
  /** When it was sent. */
  sent_at: NullableTimestamp;
  /** Why it could not be sent. */
  error: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CommerceCustomerOrderLines = {
  organization_id: GeneratedAlways<string | null>;
  customer_id: GeneratedAlways<string | null>;
  order_id: GeneratedAlways<string | null>;
  position: GeneratedAlways<number | null>;
  name: GeneratedAlways<string | null>;
  sku: GeneratedAlways<string | null>;
  quantity: GeneratedAlways<string | null>;
  unit_price: GeneratedAlways<string | null>;
  discount_amount: GeneratedAlways<string | null>;
  tax_amount: GeneratedAlways<string | null>;
  amount: GeneratedAlways<string | null>;
};

export type CommerceExternalIds = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The store. */
  store_id: string;
  /** What kind of thing it is. */
  kind: string;
  /** Its name at the store. */
  external_id: string;
  /** The product it is here. */
  product_id: Optional<string | null>;
  /** The variant it is here. */
  variant_id: Optional<string | null>;
  /** The customer it is here. */
  customer_id: Optional<string | null>;
  /** The order it is here. */
  order_id: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CommerceOrderLines = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The order. */
  order_id: string;
  /** Its place, from 1. */
  position: number;
  /** The product, where it is known. */
  product_id: Optional<string | null>;
  /** The variant of that product. */
  variant_id: Optional<string | null>;
  /** What it was called then. */
  name: string;
  /** Its number then. */
  sku: Optional<string | null>;
  /** How many. */
  quantity: string;
  /** Price of one, in minor units. */
  unit_price: string;
  /** What was taken off, in minor units. */
  discount_amount: Optional<string>;
  /** Tax, in minor units. */
  tax_amount: Optional<string>;
  /** Price of all, in minor units. */
  amount: GeneratedAlways<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CommerceOrders = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The store it came from. */
  store_id: Optional<string | null>;
  /** The customer. */
  customer_id: Optional<string | null>;
  /** Its number as the customer reads it. */
  order_number: Optional<string | null>;
  /** Where it stands. */
  status: Optional<string>;
  /** Where its goods are. */
  fulfillment_status: Optional<string>;
  /** Where its money is. */
  payment_status: Optional<string>;
  /** ISO 4217 currency of its amounts. */
  currency: string;
  /** What one minor unit is worth in the organization's currency, at the time of the order. */
  rate: Optional<string>;
  /** The sum of its lines, in minor units. */
  subtotal_amount: Optional<string | null>;
  /** Tax, in minor units. */
  tax_amount: Optional<string>;
  /** Shipping, in minor units. */
  shipping_amount: Optional<string>;
  /** What was taken off, in minor units. */
  discount_amount: Optional<string>;
  /** What is to be paid, in minor units. */
  total_amount: string;
  /** What was paid back, in minor units. */
  refunded_amount: Optional<string>;
  /** When it was ordered. */
  order_date: Timestamp;
  /** When it was sent off. */
  shipped_date: NullableTimestamp;
  /** When it arrived. */
  delivered_date: NullableTimestamp;
  /** The address given with it. */
  customer_email: Optional<string | null>;
  /** The telephone number given with it. */
  customer_phone: Optional<string | null>;
  /** What the customer wrote. */
  customer_notes: Optional<string | null>;
  /** Where it goes. */
  shipping_address: Optional<Json | null>;
  /** Who pays. */
  billing_address: Optional<Json | null>;
  /** How it goes. */
  shipping_method: Optional<string | null>;
  /** The carrier's number. */
  tracking_number: Optional<string | null>;
  /** Where to see where it is. */
  tracking_url: Optional<string | null>;
  /** What the shipping is made of. */
  shipping_lines: Optional<Json>;
  /** What the tax is made of. */
  tax_lines: Optional<Json>;
  /** Which codes took something off. */
  discount_codes: Optional<Json>;
  /** Who dealt with it. */
  processed_by: Optional<string | null>;
  /** What was noted then. */
  processing_notes: Optional<string | null>;
  /** Whether a person should look at it. */
  requires_attention: Optional<boolean>;
  /** Why, such as totals that do not add up. */
  attention_reason: Optional<string | null>;
  /** What the platform tells beside. */
  platform_data: Optional<Json>;
  /** When the store last told of it. */
  synced_at: NullableTimestamp;
  /** When it was changed at the store, as far as is known here: what is older is not taken over. */
  remote_updated_at: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CommerceOrdersSearch = {
  organization_id: GeneratedAlways<string | null>;
  id: GeneratedAlways<string | null>;
  store_id: GeneratedAlways<string | null>;
  customer_id: GeneratedAlways<string | null>;
  order_number: GeneratedAlways<string | null>;
  status: GeneratedAlways<string | null>;
  fulfillment_status: GeneratedAlways<string | null>;
  payment_status: GeneratedAlways<string | null>;
  currency: GeneratedAlways<string | null>;
  rate: GeneratedAlways<string | null>;
  subtotal_amount: GeneratedAlways<string | null>;
  tax_amount: GeneratedAlways<string | null>;
  shipping_amount: GeneratedAlways<string | null>;
  discount_amount: GeneratedAlways<string | null>;
  total_amount: GeneratedAlways<string | null>;
  refunded_amount: GeneratedAlways<string | null>;
  order_date: NullableTimestamp;
  shipped_date: NullableTimestamp;
  delivered_date: NullableTimestamp;
  customer_email: GeneratedAlways<string | null>;
  customer_phone: GeneratedAlways<string | null>;
  customer_notes: GeneratedAlways<string | null>;
  shipping_address: GeneratedAlways<Json | null>;
  billing_address: GeneratedAlways<Json | null>;
  shipping_method: GeneratedAlways<string | null>;
  tracking_number: GeneratedAlways<string | null>;
  tracking_url: GeneratedAlways<string | null>;
  shipping_lines: GeneratedAlways<Json | null>;
  tax_lines: GeneratedAlways<Json | null>;
  discount_codes: GeneratedAlways<Json | null>;
  processed_by: GeneratedAlways<string | null>;
  processing_notes: GeneratedAlways<string | null>;
  requires_attention: GeneratedAlways<boolean | null>;
  attention_reason: GeneratedAlways<string | null>;
  platform_data: GeneratedAlways<Json | null>;
  synced_at: NullableTimestamp;
  remote_updated_at: NullableTimestamp;
  version: GeneratedAlways<string | null>;
  created_at: NullableTimestamp;
  updated_at: NullableTimestamp;
};

export type CommerceProductTags = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The product. */
  product_id: string;
  /** The tag. */
  tag_id: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CommerceProductVariants = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The product. */
  product_id: string;
  /** The organization's own number for it. */
  sku: Optional<string | null>;
  /** The number on the package. */
  barcode: Optional<string | null>;
  /** The first thing it differs in. */
  option1: Optional<string | null>;
  /** The second. */
  option2: Optional<string | null>;
  /** The third. */
  option3: Optional<string | null>;
  /** Price, in minor units of the product's currency. */
  price: Optional<string | null>;
  /** Price before, in minor units. */
  compare_at_price: Optional<string | null>;
  /** What it costs the organization, in minor units. */
  cost_price: Optional<string | null>;
  /** How many there are; below zero when a store sold more than it had. */
  inventory_quantity: Optional<string>;
  /** Whether it can be ordered. */
  is_available: Optional<boolean>;
  /** Weight, in grams. */
  weight_grams: Optional<string | null>;
  /** Its picture. */
  image_url: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CommerceProducts = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The store it is sold in; null for one of the organization's own catalog. */
  store_id: Optional<string | null>;
  /** Name as customers read it. */
  name: string;
  /** The organization's own number for it. */
  sku: Optional<string | null>;
  /** Its name in addresses. */
  handle: Optional<string | null>;
  /** What it is. */
  description: Optional<string | null>;
  /** What it is, in short. */
  short_description: Optional<string | null>;
  /** What kind of thing it is. */
  product_type: Optional<string | null>;
  /** Who makes it. */
  vendor: Optional<string | null>;
  /** Where it stands in the catalog. */
  category: Optional<string | null>;
  /** Whether it is sold. */
  status: Optional<string>;
  /** Price, in minor units. */
  price: Optional<string | null>;
  /** Price before, in minor units. */
  compare_at_price: Optional<string | null>;
  /** What it costs the organization, in minor units. */
  cost_price: Optional<string | null>;
  /** ISO 4217 currency of its prices. */
  currency: Optional<string>;
  /** Whether its stock is counted. */
  track_inventory: Optional<boolean>;
  /** How many there are; below zero when a store sold more than it had. */
  inventory_quantity: Optional<string>;
  /** Whether it comes in variants. */
  has_variants: Optional<boolean>;
  /** What the variants differ in. */
  variant_options: Optional<Json | null>;
  /** Pictures, with what is known of them. */
  images: Optional<Json>;
  /** The first picture. */
  featured_image: Optional<string | null>;
  /** Title for search engines. */
  seo_title: Optional<string | null>;
  /** Description for search engines. */
  seo_description: Optional<string | null>;
  /** Whether a model wrote the description. */
  ai_description_generated: Optional<boolean>;
  /** Whether a model made the pictures. */
  ai_images_generated: Optional<boolean>;
  /** Whether a model wrote what search engines read. */
  ai_seo_optimized: Optional<boolean>;
  /** When a model last did. */
  ai_last_enhanced_at: NullableTimestamp;
  /** What the platform tells beside. */
  platform_data: Optional<Json>;
  /** Since when it is for sale. */
  published_at: NullableTimestamp;
  /** When the store last told of it. */
  synced_at: NullableTimestamp;
  /** When it was changed at the store, as far as is known here: what is older is not taken over. */
  remote_updated_at: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CommerceProductsSearch = {
  organization_id: GeneratedAlways<string | null>;
  id: GeneratedAlways<string | null>;
  store_id: GeneratedAlways<string | null>;
  name: GeneratedAlways<string | null>;
  sku: GeneratedAlways<string | null>;
  handle: GeneratedAlways<string | null>;
  description: GeneratedAlways<string | null>;
  short_description: GeneratedAlways<string | null>;
  product_type: GeneratedAlways<string | null>;
  vendor: GeneratedAlways<string | null>;
  category: GeneratedAlways<string | null>;
  status: GeneratedAlways<string | null>;
  price: GeneratedAlways<string | null>;
  compare_at_price: GeneratedAlways<string | null>;
  cost_price: GeneratedAlways<string | null>;
  currency: GeneratedAlways<string | null>;
  track_inventory: GeneratedAlways<boolean | null>;
  inventory_quantity: GeneratedAlways<string | null>;
  has_variants: GeneratedAlways<boolean | null>;
  variant_options: GeneratedAlways<Json | null>;
  images: GeneratedAlways<Json | null>;
  featured_image: GeneratedAlways<string | null>;
  seo_title: GeneratedAlways<string | null>;
  seo_description: GeneratedAlways<string | null>;
  ai_description_generated: GeneratedAlways<boolean | null>;
  ai_images_generated: GeneratedAlways<boolean | null>;
  ai_seo_optimized: GeneratedAlways<boolean | null>;
  ai_last_enhanced_at: NullableTimestamp;
  platform_data: GeneratedAlways<Json | null>;
  published_at: NullableTimestamp;
  synced_at: NullableTimestamp;
  remote_updated_at: NullableTimestamp;
  version: GeneratedAlways<string | null>;
  created_at: NullableTimestamp;
  updated_at: NullableTimestamp;
};

export type CommerceStoreCredentials = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The store. */
  store_id: string;
  /** The secret, sealed. */
  secret_id: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CommerceStores = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** Name as the organization calls it. */
  name: string;
  /** The platform. */
  platform: string;
  /** Where the store is. */
  store_url: string;
  /** Which version of the platform's API is spoken. */
  api_version: Optional<string | null>;
  /** ISO 4217 currency it sells in. */
  currency: Optional<string>;
  /** What one minor unit of its currency is worth in the organization's, for the orders that come from now on. */
  rate: Optional<string>;
  /** Whether it is used. */
  status: Optional<string>;
  /** How the last sync went. */
  sync_status: Optional<string>;
  /** What is synced, and how often. */
  sync_settings: Optional<Json>;
  /** Why the last sync failed. */
  sync_error: Optional<string | null>;
  /** When it was last synced. */
  last_sync_at: NullableTimestamp;
  /** The member who connected it, in whose name is taken in what the store tells by itself. */
  connected_by: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CommerceSyncFaults = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The store. */
  store_id: string;
  /** What kind of thing it is. */
  kind: string;
  /** Its name at the store. */
  external_id: string;
  /** The sync that tried it last; null when the store told of it by itself. */
  run_id: Optional<string | null>;
  /** Why it could not be taken over, in words for people. */
  reason: string;
  /** How often it was tried. */
  tries: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CommerceSyncRuns = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The store. */
  store_id: string;
  /** The task that ran it. */
  task_id: Optional<string | null>;
  /** Everything, or what changed since the last one. */
  kind: Optional<string>;
  /** How it went. */
  status: Optional<string>;
  /** When it began. */
  started_at: OptionalTimestamp;
  /** When it ended. */
  ended_at: NullableTimestamp;
  /** How many things were new. */
  created_count: Optional<string>;
  /** How many had changed. */
  updated_count: Optional<string>;
  /** How many could not be taken over. */
  failed_count: Optional<string>;
  /** Why it failed. */
  error: Optional<string | null>;
  /** Where the next one goes on. */
  cursor: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CommerceWebhookInbox = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The store. */
  store_id: string;
  /** The event's name at the store. */
  event_id: string;
  /** What it is about. */
  topic: string;
  /** What it is about, by kind and its name at the store: what became of that is asked there, for events come in any order. */
  payload: Json;
  /** When it came. */
  received_at: OptionalTimestamp;
  /** When it was dealt with. */
  processed_at: NullableTimestamp;
  /** Why it could not be. */
  error: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type ContentCampaigns = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** Name as people write it. */
  name: string;
  /** What it is to reach. */
  description: Optional<string>;
  /** Where it stands. */
  status: Optional<string>;
  /** When it begins. */
  starts_on: NullableTimestamp;
  /** When it ends. */
  ends_on: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type ContentItemFigures = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The content. */
  item_id: string;
  /** How often it was opened. */
  view_count: Optional<string>;
  /** What readers did with it. */
  engagement_metrics: Optional<Json>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type ContentItemProducts = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The content. */
  item_id: string;
  /** The product. */
  product_id: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type ContentItemTags = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The content. */
  item_id: string;
  /** The tag. */
  tag_id: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type ContentItemVersions = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The content. */
  item_id: string;
  /** Which version it is, from 1. */
  number: number;
  /** The title then. */
  title: Optional<string | null>;
  /** Its name in addresses then. */
  slug: Optional<string | null>;
  /** The text then. */
  content: string;
  /** The text in short then. */
  excerpt: Optional<string | null>;
  /** Its picture then. */
  featured_image: Optional<string | null>;
  /** What search engines were told then. */
  seo_meta: Optional<Json>;
  /** Where it stood then. */
  status: string;
  /** Who saved it. */
  saved_by: Optional<string | null>;
  /** When. */
  saved_at: OptionalTimestamp;
  /** What was changed, or why it was sent back, in words. */
  note: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type ContentItems = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** What it is. */
  content_type: string;
  /** What it is called among colleagues. */
  name: string;
  /** What it is to say. */
  description: Optional<string>;
  /** The title that readers see. */
  title: Optional<string | null>;
  /** Its name in addresses. */
  slug: Optional<string | null>;
  /** The text, as Markdown. */
  content: Optional<string>;
  /** The text in short. */
  excerpt: Optional<string | null>;
  /** Where it stands. */
  status: Optional<string>;
  /** Who writes it. */
  author_id: Optional<string | null>;
  /** Whose turn it is. */
  assigned_to: Optional<string | null>;
  /** The campaign that it belongs to. */
  campaign_id: Optional<string | null>;
  /** What search engines are told. */
  seo_meta: Optional<Json>;
  /** The words it is to be found by. */
  target_keywords: Optional<string[]>;
  /** How well it can be found, 0 to 100. */
  seo_score: Optional<number | null>;
  /** How well it reads, 0 to 100. */
  readability_score: Optional<number | null>;
  /** Its picture. */
  featured_image: Optional<string | null>;
  /** Pictures and films in it. */
  media_assets: Optional<Json>;
  /** Where it can be read. */
  published_urls: Optional<string[]>;
  /** When it is to be published. */
  scheduled_for: NullableTimestamp;
  /** When it was published first. */
  published_at: NullableTimestamp;
  /** Whether a model wrote it. */
  ai_generated: Optional<boolean>;
  /** Which model did. */
  ai_model: Optional<string | null>;
  /** What the model was asked. */
  ai_prompt: Optional<string | null>;
  /** What that cost, in micro-credits. */
  ai_generation_cost: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type ContentItemsSearch = {
  organization_id: GeneratedAlways<string | null>;
  id: GeneratedAlways<string | null>;
  content_type: GeneratedAlways<string | null>;
  name: GeneratedAlways<string | null>;
  description: GeneratedAlways<string | null>;
  title: GeneratedAlways<string | null>;
  slug: GeneratedAlways<string | null>;
  content: GeneratedAlways<string | null>;
  excerpt: GeneratedAlways<string | null>;
  status: GeneratedAlways<string | null>;
  author_id: GeneratedAlways<string | null>;
  assigned_to: GeneratedAlways<string | null>;
  campaign_id: GeneratedAlways<string | null>;
  seo_meta: GeneratedAlways<Json | null>;
  target_keywords: GeneratedAlways<string[] | null>;
  seo_score: GeneratedAlways<number | null>;
  readability_score: GeneratedAlways<number | null>;
  featured_image: GeneratedAlways<string | null>;
  media_assets: GeneratedAlways<Json | null>;
  published_urls: GeneratedAlways<string[] | null>;
  scheduled_for: NullableTimestamp;
  published_at: NullableTimestamp;
  ai_generated: GeneratedAlways<boolean | null>;
  ai_model: GeneratedAlways<string | null>;
  ai_prompt: GeneratedAlways<string | null>;
  ai_generation_cost: GeneratedAlways<string | null>;
  version: GeneratedAlways<string | null>;
  created_at: NullableTimestamp;
  updated_at: NullableTimestamp;
};

export type ContentPublications = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The content. */
  item_id: string;
  /** The version that readers see. */
  version_number: number;
  /** Its name in public addresses. */
  slug: string;
  /** Who published this version. */
  published_by: Optional<string | null>;
  /** Since when it can be read, in this version or an earlier one. */
  published_at: OptionalTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CreditsAccounts = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** Name of the account; every organization has main. */
  name: Optional<string>;
  /** How far below zero it may go, in micro-credits. */
  overdraft_limit: Optional<string>;
  /** The most that may be spent in a month, in micro-credits. */
  monthly_limit: Optional<string>;
  /** The most that a member may spend in a day (UTC), in micro-credits, unless they have a limit of their own. */
  member_daily_limit: Optional<string | null>;
  /** People are told when less than this is free, in micro-credits; 0 for never. */
  low_balance: Optional<string>;
  /** A frozen account pays nothing; a closed one is over. */
  status: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CreditsBalances = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The account. */
  account_id: string;
  /** What is on the account, in micro-credits: the sum of its ledger entries. Below zero by as much as the overdraft allows. */
  posted: Optional<string>;
  /** What is set aside for work under way, in micro-credits: the sum of its active holds. */
  held: Optional<string>;
  /** How far below zero it may go, in micro-credits; kept by trigger. */
  overdraft_limit: string;
  /** The most that may be spent in a month, in micro-credits; kept by trigger. */
  monthly_limit: string;
  /** What was spent in the month, in micro-credits. */
  used_this_month: Optional<string>;
  /** The end of the month (UTC) that used_this_month counts. */
  month_ends_at: OptionalTimestamp;
  /** People are told when less than this is free, in micro-credits; kept by trigger. */
  low_balance: string;
  /** Whether the account pays; kept by trigger. */
  is_active: boolean;
  /** Whether anybody's spending on it is limited, and so counted; kept by trigger, and by the first cap of a tree. */
  is_capped: boolean;
};

export type CreditsHolds = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The account. */
  account_id: string;
  /** When it was made. */
  created_at: OptionalTimestamp;
  /** What is set aside, in micro-credits. */
  amount: string;
  /** What the work cost in the end, in micro-credits. */
  settled: Optional<string | null>;
  /** What it cost beyond what the account could pay, in micro-credits. */
  uncollected: Optional<string>;
  /** What was given back of it since, in micro-credits. */
  refunded: Optional<string>;
  /** active while the work goes on; then settled, released or, when nobody came back, expired. Work that was done all the same settles an expired one. */
  status: Optional<string>;
  /** Names the reservation: asked for twice, it is made once. */
  operation_key: string;
  /** The task it is for. */
  task_id: Optional<string | null>;
  /** The task at the root of the tree that the task belongs to. */
  tree_id: Optional<string | null>;
  /** The member on whose account of the day it goes. */
  user_id: Optional<string | null>;
  /** When it is released unless its work is still heard of. */
  expires_at: Timestamp;
  /** When it was settled, released or expired. */
  closed_at: NullableTimestamp;
  /** The request or task under which it was made, as on the record: actor, operation, request_id. */
  opened_under: Optional<Json>;
  /** The request or task under which it was settled, released or expired. */
  closed_under: Optional<Json | null>;
};

export type CreditsLedgerEntries = {
  /** The organization whose books they are. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** When it was posted; the partition key. */
  created_at: OptionalTimestamp;
  /** The account. */
  account_id: string;
  /** What happened. */
  kind: string;
  /** Which side of the movement: the account, or what stands against it. */
  leg: string;
  /** How much, in micro-credits; the legs of an operation add up to zero. */
  amount: string;
  /** What the account held after it, in micro-credits. */
  balance_after: Optional<string | null>;
  /** The operation; its legs share it. */
  operation_key: string;
  /** The lot it came into or out of. */
  lot_id: Optional<string | null>;
  /** The hold it settles. */
  hold_id: Optional<string | null>;
  /** The member on whose behalf. */
  user_id: Optional<string | null>;
  /** Why, in words. */
  note: Optional<string>;
};

export type CreditsLimits = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The resource. */
  resource_type: string;
  /** The most of it, in the resource's own unit. */
  maximum: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CreditsLots = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The account. */
  account_id: string;
  /** Where they came from. */
  source: string;
  /** How many came, in micro-credits. */
  granted: string;
  /** How many are left, in micro-credits. */
  remaining: string;
  /** The lower, the sooner it is burned. */
  priority: Optional<number>;
  /** When what is left is void. */
  expires_at: NullableTimestamp;
  /** Why they were given. */
  note: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CreditsMemberLimits = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The account. */
  account_id: string;
  /** The member. */
  user_id: string;
  /** The most that the member may spend in a day (UTC), in micro-credits. */
  daily_limit: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CreditsNotices = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The account. */
  account_id: string;
  /** That 80 or 100 per cent of the month's limit are used, or that little is free. */
  kind: string;
  /** The month; of a low balance the lot that came last: it is told again after more came. */
  period: string;
  /** What was used of the limit then, or free, in micro-credits. */
  used: string;
  /** The limit, or the low balance, in micro-credits. */
  maximum: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CreditsOperations = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The key that the caller chose. */
  operation_key: string;
  /** What was asked for. */
  kind: string;
  /** SHA-256 of what was asked: the same key for something else is refused. */
  request_hash: Buffer;
  /** What was answered. */
  result: Json;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CreditsResources = {
  /** The resource. */
  resource_type: string;
  /** What one of it is. */
  unit: string;
  /** How the amounts of a period become one. */
  aggregation: string;
  /** What it is. */
  description: string;
};

export type CreditsSpending = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The account. */
  account_id: string;
  /** Whose spending it is. */
  kind: string;
  /** The task at the root of the tree, or the member. */
  subject_id: string;
  /** The day (UTC); of a tree all time. */
  day: Timestamp;
  /** The active holds and what others settled at, in micro-credits. */
  amount: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CreditsUsageDays = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The day (UTC). */
  day: Timestamp;
  /** The resource. */
  resource_type: string;
  /** How much, added up as the resource says. */
  amount: Optional<string>;
  /** What it cost, in micro-credits. */
  credits_consumed: Optional<string>;
  /** How many events it comes of. */
  events: Optional<string>;
  /** When the latest of them was. */
  last_occurred_at: Timestamp;
};

export type CreditsUsageEvents = {
  /** The organization that used it. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** When it was written down; the partition key. */
  created_at: OptionalTimestamp;
  /** When it was used. */
  occurred_at: Timestamp;
  /** What happened, such as ai_call, pdf_export or session_create. */
  event_type: string;
  /** What was used. */
  resource_type: string;
  /** Which one of it, such as a model. */
  resource_name: Optional<string>;
  /** How much, in the resource's own unit. */
  amount: string;
  /** What it cost, in micro-credits. */
  credits_consumed: Optional<string>;
  /** The member who used it. */
  user_id: Optional<string | null>;
  /** What it was used for, such as a task's id. */
  subject: Optional<string>;
  /** Names the event: told twice, it counts once. */
  operation_key: string;
  /** What else is known of it. */
  data: Optional<Json>;
};

export type CreditsUsageKeys = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The event's key. */
  operation_key: string;
  /** When it was used. */
  created_at: OptionalTimestamp;
};

export type CreditsUsagePeriods = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The month, by its first day (UTC). */
  billing_period: Timestamp;
  /** The resource. */
  resource_type: string;
  /** Which one of it. */
  resource_name: Optional<string>;
  /** The member, or all zeros for what no member used. */
  member_key: Optional<string>;
  /** How much, added up as the resource says. */
  amount: Optional<string>;
  /** What it cost, in micro-credits. */
  credits_consumed: Optional<string>;
  /** How many events it comes of. */
  events: Optional<string>;
  /** When the latest of them was. */
  last_occurred_at: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CrmContacts = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The customer. */
  customer_id: string;
  /** The member who signs in as this person, and sees what is the customer's. */
  user_id: Optional<string | null>;
  /** The person's name. */
  name: string;
  /** What the person does there. */
  position: Optional<string | null>;
  /** Address to write to. */
  email: Optional<string | null>;
  /** Telephone number as it was given. */
  phone: Optional<string | null>;
  /** Whether to turn to this person first. */
  is_primary: Optional<boolean>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CrmCustomerFigures = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The customer. */
  customer_id: string;
  /** Orders that were not cancelled. */
  total_orders: Optional<string>;
  /** Their sum, in minor units of the organization's currency at the rates of the orders. */
  total_spent: Optional<string>;
  /** What was paid back of it. */
  total_refunded: Optional<string>;
  /** Spent by order. */
  average_order_value: GeneratedAlways<string>;
  /** Spent less refunded. */
  lifetime_value: GeneratedAlways<string>;
  /** When the first order was. */
  first_order_at: NullableTimestamp;
  /** When the last order was. */
  last_order_at: NullableTimestamp;
  /** How often the customer asked for help. */
  support_tickets: Optional<string>;
  /** How satisfied the customer was with it, 0 to 5. */
  support_satisfaction: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CrmCustomerStages = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The customer. */
  customer_id: string;
  /** The stage before; null at the beginning. */
  from_stage: Optional<string | null>;
  /** The stage from then on. */
  to_stage: string;
  /** Why, where somebody said so. */
  reason: Optional<string | null>;
  /** Who changed it. */
  changed_by: Optional<string | null>;
  /** When. */
  changed_at: OptionalTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CrmCustomerTags = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The customer. */
  customer_id: string;
  /** The tag. */
  tag_id: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CrmCustomers = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** Name as the organization calls the customer. */
  name: string;
  /** Given name, where it is a person. */
  first_name: Optional<string | null>;
  /** Family name, where it is a person. */
  last_name: Optional<string | null>;
  /** The company a person belongs to. */
  company: Optional<string | null>;
  /** Address to write to; several customers may share one. */
  email: Optional<string | null>;
  /** The address in lower case, for looking up. */
  email_key: GeneratedAlways<string | null>;
  /** Telephone number as it was given. */
  phone: Optional<string | null>;
  /** Postal addresses. */
  addresses: Optional<Json>;
  /** The address to take unless told otherwise. */
  default_address: Optional<Json | null>;
  /** Day of birth. */
  birthday: NullableTimestamp;
  /** Gender, in the customer's own word. */
  gender: Optional<string | null>;
  /** How far the relation has come. */
  stage: Optional<string>;
  /** Whether the account may be used: a blocked one orders nothing. */
  status: Optional<string>;
  /** Where the customer came from. */
  source: Optional<string | null>;
  /** Whether the customer agreed to be written to. */
  accepts_marketing: Optional<boolean>;
  /** Group for selling, such as vip or new. */
  segment: Optional<string | null>;
  /** What kind of customer this is, in words. */
  persona: Optional<string | null>;
  /** What the customer will likely bring, in minor units of the organization's currency. */
  predicted_ltv: Optional<string | null>;
  /** How likely the customer is to leave, 0 to 1. */
  churn_risk_score: Optional<string | null>;
  /** What models found out. */
  ai_insights: Optional<Json>;
  /** The organization's own fields. */
  custom_fields: Optional<Json>;
  /** What support should know. */
  support_notes: Optional<string | null>;
  /** The member who looks after the customer. */
  assigned_to: Optional<string | null>;
  /** When the customer last did anything. */
  last_active_at: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type CrmCustomersSearch = {
  organization_id: GeneratedAlways<string | null>;
  id: GeneratedAlways<string | null>;
  name: GeneratedAlways<string | null>;
  first_name: GeneratedAlways<string | null>;
  last_name: GeneratedAlways<string | null>;
  company: GeneratedAlways<string | null>;
  email: GeneratedAlways<string | null>;
  email_key: GeneratedAlways<string | null>;
  phone: GeneratedAlways<string | null>;
  addresses: GeneratedAlways<Json | null>;
  default_address: GeneratedAlways<Json | null>;
  birthday: NullableTimestamp;
  gender: GeneratedAlways<string | null>;
  stage: GeneratedAlways<string | null>;
  status: GeneratedAlways<string | null>;
  source: GeneratedAlways<string | null>;
  accepts_marketing: GeneratedAlways<boolean | null>;
  segment: GeneratedAlways<string | null>;
  persona: GeneratedAlways<string | null>;
  predicted_ltv: GeneratedAlways<string | null>;
  churn_risk_score: GeneratedAlways<string | null>;
  ai_insights: GeneratedAlways<Json | null>;
  custom_fields: GeneratedAlways<Json | null>;
  support_notes: GeneratedAlways<string | null>;
  assigned_to: GeneratedAlways<string | null>;
  last_active_at: NullableTimestamp;
  version: GeneratedAlways<string | null>;
  created_at: NullableTimestamp;
  updated_at: NullableTimestamp;
};

export type CrmNotes = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The customer. */
  customer_id: string;
  /** What it was. */
  kind: Optional<string>;
  /** In words. */
  content: string;
  /** When it happened. */
  happened_at: OptionalTimestamp;
  /** Who wrote it down. */
  created_by: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type DatasetsDatasetAnswers = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The dataset. */
  dataset_id: string;
  /** The version of it. */
  version_id: string;
  /** The item that it answers. */
  item_id: string;
  /** The right answer: a text, a list, or what the task type asks for. */
  answer: Json;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type DatasetsDatasetFigures = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The dataset. */
  dataset_id: string;
  /** Items. */
  total_items: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type DatasetsDatasetItems = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The dataset it belongs to. */
  dataset_id: string;
  /** Its place in the dataset, from 1. */
  position: string;
  /** The text, where it is one. */
  input: Optional<string | null>;
  /** What is shown, where it is more than a text. */
  input_json: Optional<Json | null>;
  /** The name of its file, where it has one. */
  file_name: Optional<string | null>;
  /** Where its file is kept. */
  storage_key: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type DatasetsDatasets = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The project it was made for. */
  project_id: Optional<string | null>;
  /** Name as people write it. */
  name: string;
  /** What it is, and where it comes from. */
  description: Optional<string>;
  /** What is asked about its items. */
  task_type: Optional<string>;
  /** Where its files are kept. */
  storage_url: Optional<string | null>;
  /** What else is known of it, such as language, source and licence. */
  metadata: Optional<Json>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type DatasetsVersions = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The dataset. */
  dataset_id: string;
  /** Which version it is, from 1. */
  number: number;
  /** What is new in it. */
  note: Optional<string>;
  /** Whether it is published. */
  status: Optional<string>;
  /** The last item that it has. */
  last_position: Optional<string | null>;
  /** How many items it has, counted when it is published. */
  item_count: Optional<string | null>;
  /** SHA-256 over its items, in their order. */
  content_hash: Optional<Buffer | null>;
  /** When it was published. */
  published_at: NullableTimestamp;
  /** The member who made it. */
  created_by: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type EvaluationBenchmarkItems = {
  organization_id: GeneratedAlways<string | null>;
  benchmark_id: GeneratedAlways<string | null>;
  item_id: GeneratedAlways<string | null>;
  position: GeneratedAlways<string | null>;
  input: GeneratedAlways<string | null>;
  input_json: GeneratedAlways<Json | null>;
  file_name: GeneratedAlways<string | null>;
};

export type EvaluationBenchmarkMetrics = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The benchmark. */
  benchmark_id: string;
  /** The measure, such as f1_macro. */
  metric: string;
  /** Whether the ranking goes by it. */
  is_primary: Optional<boolean>;
  /** Whether it ranks those who are as good by the first one. */
  is_tie_breaker: Optional<boolean>;
  /** How it is worked out. */
  parameters: Optional<Json>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type EvaluationBenchmarks = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** Name as people write it; an organization has one of it. */
  name: string;
  /** What is to be predicted, and how it is scored. */
  description: Optional<string>;
  /** How predictions have to look. */
  config: Optional<Json>;
  /** The dataset. */
  dataset_id: string;
  /** The version of it that is predicted. */
  version_id: string;
  /** Whether predictions are taken. */
  status: Optional<string>;
  /** Until when they are. */
  deadline: NullableTimestamp;
  /** How often a participant may hand in on a day (UTC); null means any number. */
  daily_quota: Optional<number | null>;
  /** How often a participant may hand in at all; null means any number. */
  total_quota: Optional<number | null>;
  /** How much of the items the public score is of; the rest is the private part. */
  public_percentage: Optional<number>;
  /** The member who made it. */
  created_by: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type EvaluationLeaderboard = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The benchmark. */
  benchmark_id: string;
  /** Over the public or the private part of the items. */
  split: string;
  /** The participant. */
  user_id: string;
  /** The participant's best submission. */
  submission_id: string;
  /** Its score by the benchmark's first measure. */
  score: number;
  /** Its score by the measure that decides between equals; null, which is last, where there is none. */
  tie_score: Optional<number | null>;
  /** When it came; of those who share a rank, the earlier one is named first. */
  achieved_at: Timestamp;
  /** Its place, from 1; equals share one, and the next are as many further on. */
  rank: Optional<number | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type EvaluationParticipants = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The benchmark. */
  benchmark_id: string;
  /** The member. */
  user_id: string;
  /** Whether the member may still hand in. */
  status: Optional<string>;
  /** Since when. */
  joined_at: OptionalTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type EvaluationPhases = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The benchmark. */
  benchmark_id: string;
  /** Name as people read it. */
  name: string;
  /** When it begins. */
  starts_at: Timestamp;
  /** When it ends; the next one may begin then. */
  ends_at: Timestamp;
  /** How often a participant may hand in on a day of it; null means as the benchmark says. */
  daily_quota: Optional<number | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type EvaluationPredictionChunks = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The submission. */
  submission_id: string;
  /** Which 10,000 items of the version it is about, in the order of their ids, from 1. */
  position: number;
  /** Pairs of an item's id and what is predicted for it. */
  predictions: Json;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type EvaluationScores = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The benchmark. */
  benchmark_id: string;
  /** The participant. */
  user_id: string;
  /** The submission. */
  submission_id: string;
  /** Over the public or the private part of the items. */
  split: string;
  /** The measure. */
  metric: string;
  /** Which scoring it comes from; the latest counts. */
  scoring_version: Optional<number>;
  /** From 0 to 1; more is better. */
  score: number;
  /** What the measure gave before it was brought to 0 to 1. */
  raw_score: Optional<number | null>;
  /** What else came of it, such as scores by class. */
  details: Optional<Json>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type EvaluationSubmissions = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The benchmark. */
  benchmark_id: string;
  /** The participant. */
  user_id: string;
  /** The phase in which it came, set by trigger. */
  phase_id: Optional<string | null>;
  /** What the participant calls it. */
  name: Optional<string>;
  /** How far the scoring is. */
  status: Optional<string>;
  /** When it came, set by trigger. */
  submitted_at: OptionalTimestamp;
  /** When it was scored. */
  scored_at: NullableTimestamp;
  /** Its public rank when it was scored, where it was its participant's best. */
  rank: Optional<number | null>;
  /** How many items it predicts; the others are wrong. */
  prediction_count: Optional<string>;
  /** The task that scores it, which may be gone. */
  task_id: Optional<string | null>;
  /** Why it could not be scored, in a word that stays the same. */
  error_code: Optional<string | null>;
  /** Why it could not be scored. */
  error: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type IdentityActiveUserSessions = {
  id: GeneratedAlways<string | null>;
  user_id: GeneratedAlways<string | null>;
  full_name: GeneratedAlways<string | null>;
  email: GeneratedAlways<string | null>;
  kind: GeneratedAlways<string | null>;
  user_agent: GeneratedAlways<string | null>;
  ip_address: GeneratedAlways<string | null>;
  created_at: NullableTimestamp;
  last_seen_at: NullableTimestamp;
  expires_at: NullableTimestamp;
  second_factor: GeneratedAlways<boolean | null>;
  only_organization_id: GeneratedAlways<string | null>;
};

export type IdentityChallenges = {
  /** SHA-256 of the challenge. */
  hash: Buffer;
  /** Who adds a passkey; nobody yet where one is to sign in. */
  user_id: Optional<string | null>;
  /** Adding a passkey, or showing one. */
  purpose: string;
  /** When it was made. */
  created_at: OptionalTimestamp;
  /** Until when it is good. */
  expires_at: Timestamp;
};

export type IdentityCredentials = {
  /** Whose password it is. */
  user_id: string;
  /** Random salt. */
  password_salt: Buffer;
  /** argon2id of the password; it never leaves the database. */
  password_hash: Buffer;
  /** argon2id memory in KiB. */
  memory_kib: number;
  /** argon2id passes. */
  passes: number;
  /** argon2id lanes. */
  parallelism: number;
  /** When the password was set. */
  password_changed_at: OptionalTimestamp;
};

export type IdentityExternalIdentities = {
  /** The issuer. */
  issuer: string;
  /** The issuer's name for the person (sub): with the issuer, all that a link is made of. */
  subject: string;
  /** Identifier. */
  id: Optional<string>;
  /** The person here. */
  user_id: string;
  /** The address the issuer told last. It is shown, and links nothing. */
  email: Optional<string | null>;
  /** When it was linked. */
  linked_at: OptionalTimestamp;
  /** When the person last signed in with it, or showed a new token. */
  last_used_at: NullableTimestamp;
};

export type IdentityInstallation = {
  /** There is one row. */
  only_row: Optional<boolean>;
  /** Makes up the salts of addresses that have no account. */
  decoy_secret: Buffer;
};

export type IdentityIssuers = {
  /** Name in addresses and commands. */
  name: string;
  /** The issuer as its tokens name it (iss). Without encryption only on this machine. */
  issuer_url: string;
  /** Name that people read: sign in with …. */
  label: string;
  /** Whether people may sign in with it. */
  sign_in: Optional<boolean>;
  /** What this installation is called there. */
  client_id: Optional<string | null>;
  /** The client's secret, sealed; opened outside of the database only. Null for a public client. */
  sealed_client_secret: Optional<Buffer | null>;
  /** The key it is sealed with, read out of the seal. */
  key_id: GeneratedAlways<string | null>;
  /** What is asked for when somebody signs in. */
  scopes: Optional<string>;
  /** Whether whoever is unknown here gets an account by signing in. */
  makes_accounts: Optional<boolean>;
  /** Whether an address counts as proved here when the issuer says so. */
  trusts_email: Optional<boolean>;
  /** Whether its access tokens are taken as those of the people linked to it. */
  accepts_tokens: Optional<boolean>;
  /** Whom an access token must be meant for (aud). */
  audience: Optional<string | null>;
  /** The signatures that are taken, and no other; none with a shared secret. */
  algorithms: Optional<string[]>;
  /** Where its public keys are, when its own description does not tell. */
  jwks_uri: Optional<string | null>;
  /** Whether a sign-in there counts as one with a second factor. */
  is_second_factor: Optional<boolean>;
  /** A disabled one lets nobody in; its links are kept. */
  status: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type IdentityLockouts = {
  /** Whose account. */
  user_id: string;
  /** Failures since the last success. */
  failed_attempts: Optional<number>;
  /** When the last one was. */
  last_failed_at: NullableTimestamp;
  /** Until then even the right password is refused. */
  locked_until: NullableTimestamp;
};

export type IdentityOneTimeTokens = {
  /** Whose account it is about. */
  user_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** What it lets its holder do, such as reset_password. */
  purpose: string;
  /** SHA-256 of the secret in the mail. */
  secret_hash: Buffer;
  /** What the purpose needs, such as the new address. */
  data: Optional<Json>;
  /** When it was made. */
  created_at: OptionalTimestamp;
  /** Until when it is good. */
  expires_at: Timestamp;
  /** When it was used up. */
  used_at: NullableTimestamp;
};

export type IdentityPasskeys = {
  /** Whose passkey it is. */
  user_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** What the person calls it. */
  name: string;
  /** The authenticator's name for it, base64url. */
  credential_id: string;
  /** Its public key (COSE). */
  public_key: Buffer;
  /** The authenticator's counter: one that falls back tells of a copy. */
  sign_count: Optional<string>;
  /** How a browser reaches the authenticator. */
  transports: Optional<string[]>;
  /** When it was added. */
  created_at: OptionalTimestamp;
  /** When it was last used. */
  last_used_at: NullableTimestamp;
};

export type IdentityPendingSignIns = {
  /** Who signs in. */
  user_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** SHA-256 of the secret that was handed out. */
  secret_hash: Buffer;
  /** The first factor. */
  method: string;
  /** When the first factor was right. */
  created_at: OptionalTimestamp;
  /** Until when the second one may follow. */
  expires_at: Timestamp;
};

export type IdentityPlatformRoles = {
  /** The person. */
  user_id: string;
  /** What they do. */
  role: string;
  /** Since when. */
  granted_at: OptionalTimestamp;
};

export type IdentityRecoveryCodes = {
  /** Whose code it is. */
  user_id: string;
  /** SHA-256 of the code. */
  code_hash: Buffer;
  /** When it was made. */
  created_at: OptionalTimestamp;
  /** When it was used up. */
  used_at: NullableTimestamp;
};

export type IdentitySecondFactors = {
  /** Whose factor it is. */
  user_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** What the person calls it. */
  name: string;
  /** The seed, sealed; opened outside of the database only. */
  sealed_seed: Buffer;
  /** The key it is sealed with, read out of the seal. */
  key_id: GeneratedAlways<string>;
  /** The time step of the last code taken: none is taken twice. */
  last_step: Optional<string>;
  /** When it was set up. */
  created_at: OptionalTimestamp;
  /** When a first code proved that it works; it counts from then on. */
  confirmed_at: NullableTimestamp;
  /** When it was last used. */
  last_used_at: NullableTimestamp;
};

export type IdentitySignUps = {
  /** Identifier. */
  id: Optional<string>;
  /** Address that is to be proved. */
  email: string;
  /** The address in lower case, as with people. */
  email_key: GeneratedAlways<string>;
  /** Name of the person. */
  name: string;
  /** Name of the organization to be made with the account. */
  organization_name: string;
  /** The organization's name in addresses, if it is still free then; shorter than a slug may be, so that a tail fits. */
  slug: string;
  /** SHA-256 of the secret in the mail. */
  secret_hash: Buffer;
  /** When it was asked for. */
  created_at: OptionalTimestamp;
  /** Until when the address may be proved. */
  expires_at: Timestamp;
  /** When the account was made. */
  used_at: NullableTimestamp;
};

export type IdentityUserEvents = {
  /** Identifier. */
  id: Optional<string>;
  /** Whose account; null where an address had none. */
  user_id: Optional<string | null>;
  /** What happened, such as signed_in or sign_in_failed. */
  kind: string;
  /** How: method, session, reason; never an address or a secret. */
  details: Optional<Json>;
  /** When. */
  created_at: OptionalTimestamp;
  /** From where. */
  ip_address: Optional<string | null>;
  /** With which program. */
  user_agent: Optional<string | null>;
  /** In which request. */
  request_id: Optional<string | null>;
};

export type IdentityUserSessions = {
  /** Who is signed in, or is acted for. */
  user_id: string;
  /** Identifier; opens nothing without the secret. */
  id: Optional<string>;
  /** A browser's cookie, an access token that is refreshed, another issuer's token, or a supporter in a member's place. */
  kind: string;
  /** SHA-256 of the secret in the person's token. */
  secret_hash: Buffer;
  /** SHA-256 of the refresh token that is valid now. */
  refresh_hash: Optional<Buffer | null>;
  /** How many times the session was refreshed; every refresh token carries its number. */
  refresh_counter: Optional<string>;
  /** When it was last refreshed. */
  refreshed_at: NullableTimestamp;
  /** Whether more than a password was shown. */
  second_factor: Optional<boolean>;
  /** When the person last proved who they are; what is delicate asks for it anew. */
  proved_at: OptionalTimestamp;
  /** When the person signed in. */
  created_at: OptionalTimestamp;
  /** When the session was last used, to a few minutes. */
  last_seen_at: OptionalTimestamp;
  /** When the session ends by itself unless it is used; use moves it on. */
  expires_at: Timestamp;
  /** When the session ends however much it is used. */
  ends_at: Timestamp;
  /** When it was ended early. */
  revoked_at: NullableTimestamp;
  /** Why it was ended early. */
  revoked_reason: Optional<string | null>;
  /** What its person must be: active, unless it was ended early. */
  user_status: GeneratedAlways<string | null>;
  /** The supporter who acts in the person's place. */
  impersonator_id: Optional<string | null>;
  /** The only organization that this session opens. */
  only_organization_id: Optional<string | null>;
  /** Where the person signed in from. */
  ip_address: Optional<string | null>;
  /** The program the person signed in with. */
  user_agent: Optional<string | null>;
  /** Whose token opened it, when it is another issuer's. */
  issuer: Optional<string | null>;
};

export type IdentityUsers = {
  /** Identifier. */
  id: Optional<string>;
  /** E-mail address as the person writes it. */
  email: string;
  /** The address in lower case: unique, and found by an index under any collation. */
  email_key: GeneratedAlways<string>;
  /** When the person proved to read mail at this address; null after a change until proved again. */
  email_verified_at: NullableTimestamp;
  /** A name without spaces that the person chose. */
  username: Optional<string | null>;
  /** A person signs in; a service has API keys only. */
  kind: Optional<string>;
  /** Name as shown to colleagues; one word is a name too. */
  full_name: string;
  /** Given name, where the person gave one. */
  first_name: Optional<string | null>;
  /** Family name, where the person gave one. */
  last_name: Optional<string | null>;
  /** Address of the picture. */
  avatar_url: Optional<string | null>;
  /** IANA time zone. */
  timezone: Optional<string>;
  /** BCP 47 language tag. */
  locale: Optional<string>;
  /** Free-form profile. */
  profile_data: Optional<Json>;
  /** Theme and other choices of the person. */
  preferences: Optional<Json>;
  /** Only an active person gets in. */
  status: Optional<string>;
  /** When the person last signed in. */
  last_login_at: NullableTimestamp;
  /** When the person last did anything, to a few minutes. */
  last_active_at: NullableTimestamp;
  /** When the account was deleted; it is erased after the grace period. */
  deleted_at: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type ImportsErrors = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The import. */
  import_id: string;
  /** Whether it happened while rows were taken in, or while that was undone. */
  part: string;
  /** Which one, from 1. */
  number: string;
  /** The line of the file where the row begins. */
  line: Optional<string | null>;
  /** The column of the file. */
  column_name: Optional<string | null>;
  /** The key of the row that could not be undone. */
  row_key: Optional<string | null>;
  /** What is wrong, and what to do. */
  reason: string;
};

export type ImportsImports = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** What its rows become, as operations name it, such as crm.customer. */
  noun: string;
  /** How the file is written. */
  format: string;
  /** What stands between the values of a row of CSV. */
  delimiter: Optional<string | null>;
  /** Column of the table → column of the file. */
  mapping: Json;
  /** Column of the table → the value that it has in every row. */
  constants: Optional<Json>;
  /** The columns that tell which row of the table one of the file is; none where all are new. */
  key_columns: Optional<Json>;
  /** Whether one wrong row stops everything, or is left out. */
  on_error: string;
  /** Where it stands. */
  state: Optional<string>;
  /** Why it failed. */
  reason: Optional<string | null>;
  /** The file, which is kept for a day. */
  file_id: Optional<string | null>;
  /** How long the file is. */
  bytes: string;
  /** The task that does it or undoes it, which may be gone. */
  task_id: Optional<string | null>;
  /** How many rows of the file are done, in this state. */
  position: Optional<string>;
  /** Whether what is to be changed by the rows behind the position has been changed, and what is new is still to come. */
  is_half: Optional<boolean>;
  /** How far it is, 0 to 100. */
  progress: Optional<number>;
  /** How many rows the file has, as far as it was read. */
  rows_total: Optional<string>;
  /** How many rows it has made. */
  rows_created: Optional<string>;
  /** How many rows it has changed. */
  rows_updated: Optional<string>;
  /** How many rows of the file were wrong. */
  rows_wrong: Optional<string>;
  /** How many errors they had, and the file itself. */
  errors_total: Optional<string>;
  /** The entry of the record (its seq) from which on everything has been undone. */
  undone_before: Optional<string | null>;
  /** How many of the rows that it made were deleted again. */
  rows_deleted: Optional<string>;
  /** How many of the rows that it changed are again as they were. */
  rows_restored: Optional<string>;
  /** How many of its rows could not be undone. */
  rows_kept: Optional<string>;
  /** Who imported it. */
  created_by: Optional<string | null>;
  /** When it came to its end. */
  ended_at: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type KernelIdempotencyKeys = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The member who asked. */
  user_id: string;
  /** Who it was: the API key or the supporter who acted as the member, or the member. */
  actor_id: string;
  /** The key as it was sent. */
  key: string;
  /** Which of the request's transactions it was, from 0. */
  step: number;
  /** SHA-256 of the request: another one under the same key is refused. */
  request_hash: Buffer;
  /** What the transaction resulted in, as the server serializes it. */
  answer: Buffer;
  /** When it was done. */
  created_at: OptionalTimestamp;
};

export type KernelKeys = {
  /** The first eight hexadecimal digits of the key's SHA-256. */
  id: string;
  /** When the key was first used here. */
  created_at: OptionalTimestamp;
};

export type KernelMails = {
  /** Identifier; the Message-ID is made of it. */
  id: Optional<string>;
  /** Address it goes to. */
  recipient: string;
  /** Which mail it is. */
  template: string;
  /** What the template is filled with; no secret. */
  data: Optional<Json>;
  /** The secret in its link, sealed; gone once it was sent. */
  sealed_token: Optional<Buffer | null>;
  /** queued until sent; kept where no server is configured; failed after the last try; discarded when there was nobody to write to. */
  status: Optional<string>;
  /** How often sending was tried. */
  attempts: Optional<number>;
  /** What the mail server answered last. */
  last_error: Optional<string | null>;
  /** When it was queued. */
  created_at: OptionalTimestamp;
  /** When the mail server took it. */
  sent_at: NullableTimestamp;
};

export type KernelMigrations = {
  /** Its place in the order. */
  number: number;
  /** Its file. */
  name: string;
  /** SHA-256 of the file as it was applied. */
  checksum: string;
  /** When it was applied. */
  applied_at: OptionalTimestamp;
  /** How long it took, in milliseconds. */
  duration_ms: number;
};

export type KernelPartitionRetention = {
  /** The table, with its schema. */
  name: string;
  /** For how many whole months before this one rows are kept. */
  months: number;
};

export type KernelSecrets = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** What it is for; part of what the seal proves. */
  name: string;
  /** The sealed value, with the id of its key. */
  sealed: Buffer;
  /** The key it is sealed with, read out of the seal. */
  key_id: GeneratedAlways<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type KernelSigningKeys = {
  /** The key's name in tokens (kid): its RFC 7638 thumbprint. */
  id: string;
  /** The public key as JWK. */
  public_key: Json;
  /** The private key as JWK, sealed. */
  sealed: Buffer;
  /** The key it is sealed with, read out of the seal. */
  key_id: GeneratedAlways<string>;
  /** When it was made; it is published from then on. */
  created_at: OptionalTimestamp;
  /** From when it signs: later than it is published, so that whoever caches keys has it in time. */
  signs_from: Timestamp;
  /** From when what it signed is refused. */
  retired_at: NullableTimestamp;
};

export type LabelingAssignedItems = {
  organization_id: GeneratedAlways<string | null>;
  project_id: GeneratedAlways<string | null>;
  task_id: GeneratedAlways<string | null>;
  assignment_id: GeneratedAlways<string | null>;
  item_id: GeneratedAlways<string | null>;
  input: GeneratedAlways<string | null>;
  input_json: GeneratedAlways<Json | null>;
  file_name: GeneratedAlways<string | null>;
};

export type LabelingAssignments = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The task's project. */
  project_id: string;
  /** The task. */
  task_id: string;
  /** The task's place in the queue. */
  position: string;
  /** Which of the task's labels it is, from 1. */
  slot: number;
  /** The labeler who holds it or has labeled it. */
  user_id: Optional<string | null>;
  /** Open to everyone, held by a labeler, or how the label in it stands. */
  status: Optional<string>;
  /** Until when it is held; after that anyone may take it, but for a rejected one, which stays its labeler's. */
  lease_expires_at: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type LabelingChoices = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The project. */
  project_id: string;
  /** Its place in the set, from 1. */
  position: number;
  /** What the label says. */
  name: string;
  /** The single key that gives it, where it has one. */
  key: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type LabelingComments = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The label it is about. */
  label_id: string;
  /** The review of that label that it is about, where it is about one. */
  review_id: Optional<string | null>;
  /** The comment it answers, about the same label. */
  parent_id: Optional<string | null>;
  /** Who says it. */
  user_id: Optional<string>;
  /** What is said. */
  content: string;
  /** The part of the label that it is about, where it has parts. */
  region: Optional<string | null>;
  /** Whether the customer's people see it: the threads that they begin. Kept by trigger. */
  for_customer: Optional<boolean>;
  /** When the thread was settled; it stands on its first comment. */
  resolved_at: NullableTimestamp;
  /** Who settled it. */
  resolved_by: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type LabelingConfigurations = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The project. */
  project_id: string;
  /** The dataset that is labeled. */
  dataset_id: string;
  /** What labelers are told. */
  instructions: Optional<string>;
  /** How many people label each text that is added from now on. */
  overlap: Optional<number>;
  /** What the project's customer pays for an approved label, in minor units of the currency that they are billed in; null where nothing is billed. */
  label_price: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type LabelingCustomerProgress = {
  organization_id: GeneratedAlways<string | null>;
  customer_id: GeneratedAlways<string | null>;
  project_id: GeneratedAlways<string | null>;
  name: GeneratedAlways<string | null>;
  status: GeneratedAlways<string | null>;
  created_at: NullableTimestamp;
  total: GeneratedAlways<string | null>;
  approved: GeneratedAlways<string | null>;
};

export type LabelingCustomerResults = {
  organization_id: GeneratedAlways<string | null>;
  customer_id: GeneratedAlways<string | null>;
  project_id: GeneratedAlways<string | null>;
  position: GeneratedAlways<string | null>;
  slot: GeneratedAlways<number | null>;
  item_id: GeneratedAlways<string | null>;
  input: GeneratedAlways<string | null>;
  input_json: GeneratedAlways<Json | null>;
  label_id: GeneratedAlways<string | null>;
  label: GeneratedAlways<string | null>;
  data: GeneratedAlways<Json | null>;
  submitted_at: NullableTimestamp;
};

export type LabelingExports = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The project. */
  project_id: string;
  /** The format of the file. */
  format: string;
  /** Which labels it has. */
  filters: Optional<Json>;
  /** Whether it is made. */
  status: Optional<string>;
  /** The task that makes it. */
  task_id: Optional<string | null>;
  /** Its name. */
  file_name: Optional<string | null>;
  /** Where it is kept. */
  storage_key: Optional<string | null>;
  /** How large it is. */
  bytes: Optional<string | null>;
  /** How many labels it has. */
  labels: Optional<string | null>;
  /** SHA-256 of the file. */
  content_hash: Optional<Buffer | null>;
  /** Why it could not be made. */
  error: Optional<string | null>;
  /** Who asked for it. */
  requested_by: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type LabelingGoldPlacements = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The task. */
  task_id: string;
  /** Its project. */
  project_id: string;
  /** The dataset that has the answer. */
  dataset_id: string;
  /** The version of it. */
  version_id: string;
  /** How often it was labeled. */
  shown: Optional<string>;
  /** How often right. */
  correct: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type LabelingLabelRevisions = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The label. */
  label_id: string;
  /** Which submission it was, from 1. */
  revision: number;
  /** The labeler. */
  user_id: string;
  /** What the label said, in the words of that time. */
  label: string;
  /** How long the labeler had taken by then, in milliseconds. */
  lead_time_ms: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type LabelingLabels = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The project. */
  project_id: string;
  /** The slot it fills. */
  assignment_id: string;
  /** The labeler. */
  user_id: string;
  /** What the text was labeled as. */
  choice_id: string;
  /** What was said beyond the choice, where more is asked. */
  data: Optional<Json | null>;
  /** Waits for a review, or how the review went. */
  status: Optional<string>;
  /** Counts how often it was submitted. */
  revision: Optional<number>;
  /** Counts how often it was rejected. */
  rework: Optional<number>;
  /** The latest decision, which stands until the next one. */
  decision: Optional<string | null>;
  /** How long the labeler took, all revisions together, in milliseconds. */
  lead_time_ms: Optional<string>;
  /** When it was submitted last. */
  submitted_at: OptionalTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type LabelingMetrics = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The project. */
  project_id: string;
  /** The labeler. */
  user_id: string;
  /** The day (UTC). */
  day: Timestamp;
  /** Labels that the labeler submitted for the first time. */
  submitted: Optional<string>;
  /** Labels that the labeler submitted again. */
  rework: Optional<string>;
  /** Labels of theirs that were approved. */
  approved: Optional<string>;
  /** Those of them that were never rejected. */
  approved_at_once: Optional<string>;
  /** How often those that were approved had come back before, together. */
  approved_rework: Optional<string>;
  /** Rejections of their labels. */
  rejected: Optional<string>;
  /** Labels of theirs that were decided about for the first time. */
  reviewed: Optional<string>;
  /** How long the labeler took, in milliseconds. */
  lead_time_ms: Optional<string>;
  /** Tasks done with the labeler's label: those approved. */
  tasks_completed: GeneratedAlways<string>;
  /** Approvals of all decisions, 0 to 1; null without any. */
  approved_rate: GeneratedAlways<number | null>;
  /** How often an approved label had come back, on average; null without any. */
  avg_rework_count: GeneratedAlways<number | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type LabelingPredictions = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The task's project. */
  project_id: string;
  /** The task. */
  task_id: string;
  /** Which model said it. */
  model_version: string;
  /** The choice that the model takes. */
  choice_id: Optional<string | null>;
  /** What it says beyond a choice. */
  data: Optional<Json | null>;
  /** How sure the model is, 0 to 1. */
  score: Optional<number | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type LabelingProjectFigures = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The project. */
  project_id: string;
  /** The project's own id in the row that labeling changes; each statement that adds tasks adds another row. */
  part: Optional<string>;
  /** Tasks. */
  total: Optional<string>;
  /** Tasks that nobody holds. */
  pending: Optional<string>;
  /** Tasks that are being labeled. */
  in_progress: Optional<string>;
  /** Tasks of which every label is in, and some wait for a review. */
  submitted: Optional<string>;
  /** Tasks of which enough labels are approved. */
  approved: Optional<string>;
  /** Tasks of which a label was rejected and did not come back yet. */
  rejected: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type LabelingReviews = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The label. */
  label_id: string;
  /** The label's revision that was judged; each is judged once. */
  revision: number;
  /** Whose label it is; nobody judges their own. */
  labeler_id: string;
  /** Who decided. */
  reviewer_id: string;
  /** What was decided. */
  decision: string;
  /** Why; a rejection has one. */
  reason: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type LabelingSkips = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The task's project. */
  project_id: string;
  /** The task. */
  task_id: string;
  /** The labeler. */
  user_id: string;
  /** Why, in words. */
  reason: Optional<string | null>;
  /** Whether it comes back to the same labeler later. */
  comes_back: Optional<boolean>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type LabelingTasks = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The project. */
  project_id: string;
  /** The item. */
  item_id: string;
  /** Its place in the project's queue. */
  position: string;
  /** How many people label it. */
  overlap: Optional<number>;
  /** From 1, the most urgent, to 10. */
  priority: Optional<number>;
  /** Kept by trigger, out of the task's assignments: approved when enough labels are. */
  status: Optional<string>;
  /** How often a label of it was rejected, kept by trigger. */
  rework: Optional<number>;
  /** How long its labelers took together, in milliseconds, kept by trigger. */
  lead_time_ms: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsApiKeyScopes = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The key. */
  key_id: string;
  /** What it may do. */
  permission: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsApiKeys = {
  /** The organization that it opens, and no other. */
  organization_id: string;
  /** Identifier; opens nothing without the secret. */
  id: Optional<string>;
  /** The member it acts as. */
  user_id: string;
  /** What it is for. */
  name: string;
  /** SHA-256 of the secret. */
  secret_hash: Buffer;
  /** How the secret begins, so that its holder can tell keys apart. */
  secret_prefix: string;
  /** SHA-256 of the secret before the last rotation. */
  old_secret_hash: Optional<Buffer | null>;
  /** Until when the old secret is good too. */
  old_secret_until: NullableTimestamp;
  /** From where it may be used; empty means from anywhere. */
  allowed_addresses: Optional<string[]>;
  /** The member who made it. */
  created_by: string;
  /** When it ends by itself. */
  expires_at: Timestamp;
  /** When it was last used, to a few minutes. */
  last_used_at: NullableTimestamp;
  /** When it was ended early. */
  revoked_at: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsDomains = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The domain as the DNS knows it: lower case, other letters than a to z as xn--. */
  domain: string;
  /** The same domain as people write it, where that differs. */
  unicode_name: Optional<string | null>;
  /** What the TXT record must hold; public once it is there. */
  token: string;
  /** request: a member approves who joins; join: they join at once. */
  mode: Optional<string>;
  /** The role that joiners get. */
  role_id: string;
  /** The member who added it. */
  created_by: string;
  /** Since when the ownership is proved; null before, and after the record was gone for a week. */
  verified_at: NullableTimestamp;
  /** When the record was last looked for. */
  last_checked_at: NullableTimestamp;
  /** Since when the record of a proved domain is gone. */
  missing_since: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsInvitationRoles = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The invitation. */
  invitation_id: string;
  /** The role. */
  role_id: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsInvitations = {
  /** The organization to join. */
  organization_id: string;
  /** Identifier; opens nothing without the secret. */
  id: Optional<string>;
  /** The address that was invited, and the only one that may accept. */
  email: string;
  /** The address in lower case. */
  email_key: GeneratedAlways<string>;
  /** SHA-256 of the secret in the mail that was sent last. */
  secret_hash: Buffer;
  /** What the inviter wrote to the invited person. */
  message: Optional<string | null>;
  /** The member who invited; the invitation is good while they might still invite. */
  invited_by: string;
  /** Until when it can be accepted. */
  expires_at: Timestamp;
  /** When it was accepted. */
  accepted_at: NullableTimestamp;
  /** The member who came of it. */
  accepted_by: Optional<string | null>;
  /** When it was taken back, or gave way to a new one after it had expired. */
  revoked_at: NullableTimestamp;
  /** How often it was sent. */
  sent_count: Optional<number>;
  /** When it was last sent. */
  last_sent_at: OptionalTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsJoinRequests = {
  /** The organization to join. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The person who asks. */
  user_id: string;
  /** The domain of their address; it says which role they would get. */
  domain_id: string;
  /** open until a member decided, or the person joined in another way. */
  status: Optional<string>;
  /** The member who decided. */
  decided_by: Optional<string | null>;
  /** When. */
  decided_at: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsMemberRoles = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The member. */
  user_id: string;
  /** The role. */
  role_id: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsMemberships = {
  /** The organization. */
  organization_id: string;
  /** The person. */
  user_id: string;
  /** A person, or a service that acts through API keys. */
  kind: Optional<string>;
  /** Only an active member gets in; who leaves is kept as left. */
  status: Optional<string>;
  /** Grants and denials of this member beside the roles; a denial wins. */
  permissions: Optional<Json>;
  /** Kept by trigger: each permission held, with the widest scope it is held in. */
  effective_permissions: Optional<Json>;
  /** The person's name, kept by trigger. */
  display_name: string;
  /** The name in lower case, by which members are listed and found. */
  name_key: GeneratedAlways<string>;
  /** The person's address, kept by trigger. */
  email: string;
  /** The person's picture, kept by trigger. */
  avatar_url: Optional<string | null>;
  /** What the member wants to be told, and how. */
  notification_settings: Optional<Json>;
  /** When the person joined. */
  joined_at: OptionalTimestamp;
  /** When the person left. */
  left_at: NullableTimestamp;
  /** When the person last worked here. */
  last_active_at: NullableTimestamp;
  /** The member who invited the person. */
  invited_by: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsOrganizationMembers = {
  organization_id: GeneratedAlways<string | null>;
  user_id: GeneratedAlways<string | null>;
  kind: GeneratedAlways<string | null>;
  display_name: GeneratedAlways<string | null>;
  email: GeneratedAlways<string | null>;
  avatar_url: GeneratedAlways<string | null>;
  joined_at: NullableTimestamp;
  last_active_at: NullableTimestamp;
  invited_by: GeneratedAlways<string | null>;
  roles: GeneratedAlways<string[] | null>;
};

export type OrganizationsOrganizations = {
  /** Identifier; organization_id everywhere else. */
  id: Optional<string>;
  /** Name as people write it. */
  name: string;
  /** Name in addresses: lower-case letters, digits, hyphens. */
  slug: string;
  /** What the organization does. */
  description: Optional<string | null>;
  /** Address of the logo. */
  logo_url: Optional<string | null>;
  /** Colours of the brand. */
  brand_colors: Optional<Json>;
  /** Postal address. */
  address: Optional<Json>;
  /** IANA time zone of its days and months. */
  timezone: Optional<string>;
  /** ISO 4217 currency its figures are shown in. */
  currency: Optional<string>;
  /** Free-form settings. */
  settings: Optional<Json>;
  /** Preferred models and caps; max_task_cost is what one task may cost, in micro-credits. */
  ai_preferences: Optional<Json>;
  /** Limits and features that differ from the plan's. */
  usage_limits: Optional<Json>;
  /** Whether only sessions with a second factor may enter. */
  second_factor_required: Optional<boolean>;
  /** Only an active organization can be entered. */
  status: Optional<string>;
  /** When it was deleted; it is erased after the grace period. */
  deleted_at: NullableTimestamp;
  /** Who made it; nobody makes more than a few. */
  founded_by: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
  /** Why the operator suspended it. */
  suspended_reason: Optional<string | null>;
};

export type OrganizationsPermissions = {
  /** Module, noun and operation, such as labeling.task.assign. */
  name: string;
  /** What it lets a person do. */
  description: string;
};

export type OrganizationsPublicDomains = {
  /** The domain; what is below a mail provider's counts too. */
  domain: string;
  /** Whether people get addresses there, or register names below it. */
  kind: string;
};

export type OrganizationsRolePermissions = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The role. */
  role_id: string;
  /** What it permits. */
  permission: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsRoleTemplatePermissions = {
  /** The built-in role. */
  role: string;
  /** What it permits. */
  permission: string;
};

export type OrganizationsRoleTemplates = {
  /** Name of the role. */
  name: string;
  /** Whose rows its holders see: all, their own, or their customer's. */
  scope: string;
  /** Who should hold it. */
  description: string;
};

export type OrganizationsRoles = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** Name of the role. */
  name: string;
  /** Whose rows its holders see: all, their own, or their customer's. */
  scope: Optional<string>;
  /** The built-in role it was copied from. */
  template: Optional<string | null>;
  /** Who should hold it. */
  description: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsSlugHistory = {
  /** The organization that owns the row. */
  organization_id: string;
  /** What its slug was. */
  slug: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsSupportGrants = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The member who let support in. */
  granted_by: string;
  /** What support is wanted for. */
  reason: string;
  /** When it ends by itself, and every visit with it. */
  expires_at: Timestamp;
  /** When it was ended early. */
  revoked_at: NullableTimestamp;
  /** The member who ended it early. */
  revoked_by: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsSupportVisits = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The consent that it rests on. */
  grant_id: string;
  /** The member in whose place the supporter acted. */
  member_id: string;
  /** The supporter, who is no member. */
  supporter_id: string;
  /** The supporter's name at the time. */
  supporter_name: string;
  /** What the supporter wanted there. */
  reason: string;
  /** The session that was opened for it. */
  session_id: string;
  /** When it began. */
  started_at: OptionalTimestamp;
  /** When it ends by itself. */
  ends_at: Timestamp;
  /** When it was ended early. */
  ended_at: NullableTimestamp;
  /** Why it was ended early. */
  end_reason: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsTags = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The word. */
  name: string;
  /** The word in lower case: unique in the organization. */
  name_key: GeneratedAlways<string>;
  /** Colour as #rrggbb. */
  color: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type OrganizationsTagsSearch = {
  organization_id: GeneratedAlways<string | null>;
  id: GeneratedAlways<string | null>;
  name: GeneratedAlways<string | null>;
  name_key: GeneratedAlways<string | null>;
  color: GeneratedAlways<string | null>;
  version: GeneratedAlways<string | null>;
  created_at: NullableTimestamp;
  updated_at: NullableTimestamp;
};

export type OrganizationsVerifiedDomains = {
  /** The domain as the DNS knows it. */
  domain: string;
  /** The domain as people write it, where that differs. */
  unicode_name: Optional<string | null>;
  /** The organization. */
  holder_id: string;
};

export type ProjectsComments = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The task. */
  task_id: string;
  /** The comment it answers, on the same task. */
  parent_id: Optional<string | null>;
  /** Who says it. */
  user_id: Optional<string>;
  /** What is said. */
  content: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type ProjectsCustomerProgress = {
  organization_id: GeneratedAlways<string | null>;
  customer_id: GeneratedAlways<string | null>;
  project_id: GeneratedAlways<string | null>;
  tasks: GeneratedAlways<string | null>;
  tasks_done: GeneratedAlways<string | null>;
  progress_percentage: GeneratedAlways<number | null>;
};

export type ProjectsProjectFigures = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The project. */
  project_id: string;
  /** Tasks that were not cancelled. */
  tasks: Optional<string>;
  /** Those that are done. */
  tasks_done: Optional<string>;
  /** Done of all, 0 to 100. */
  progress_percentage: GeneratedAlways<number>;
  /** What was worked on it, in minutes. */
  actual_minutes: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type ProjectsProjects = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** Client work, or labeling, which has its configuration in labeling.configurations. */
  kind: Optional<string>;
  /** Name as people write it. */
  name: string;
  /** What it is about; for labeling, what labelers are told. */
  description: Optional<string>;
  /** Where the project stands. */
  status: Optional<string>;
  /** What matters more. */
  priority: Optional<string>;
  /** The customer it is done for. */
  customer_id: Optional<string | null>;
  /** The member who answers for it. */
  manager_id: Optional<string | null>;
  /** The member who made it. */
  created_by: Optional<string | null>;
  /** When it begins. */
  start_date: NullableTimestamp;
  /** When it is to be done. */
  due_date: NullableTimestamp;
  /** When it was done. */
  completion_date: NullableTimestamp;
  /** What it may cost, in minor units of its currency. */
  budget: Optional<string | null>;
  /** ISO 4217 currency of the budget. */
  currency: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type ProjectsProjectsSearch = {
  organization_id: GeneratedAlways<string | null>;
  id: GeneratedAlways<string | null>;
  kind: GeneratedAlways<string | null>;
  name: GeneratedAlways<string | null>;
  description: GeneratedAlways<string | null>;
  status: GeneratedAlways<string | null>;
  priority: GeneratedAlways<string | null>;
  customer_id: GeneratedAlways<string | null>;
  manager_id: GeneratedAlways<string | null>;
  created_by: GeneratedAlways<string | null>;
  start_date: NullableTimestamp;
  due_date: NullableTimestamp;
  completion_date: NullableTimestamp;
  budget: GeneratedAlways<string | null>;
  currency: GeneratedAlways<string | null>;
  version: GeneratedAlways<string | null>;
  created_at: NullableTimestamp;
  updated_at: NullableTimestamp;
};

export type ProjectsTaskDependencies = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The task that waits. */
  task_id: string;
  /** The task that it waits for. */
  depends_on_id: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type ProjectsTaskTags = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The task. */
  task_id: string;
  /** The tag. */
  tag_id: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type ProjectsTasks = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The project. */
  project_id: string;
  /** The task it is a part of, in the same project. */
  parent_task_id: Optional<string | null>;
  /** What is to be done, in a line. */
  title: string;
  /** The rest of it. */
  description: Optional<string>;
  /** The column of the board. */
  status: Optional<string>;
  /** What matters more. */
  priority: Optional<string>;
  /** Its place in the column: a fractional key, so that moving one card changes one row. A new card comes last. */
  rank: Optional<string>;
  /** The member who does it. */
  assigned_to: Optional<string | null>;
  /** The member who made it. */
  created_by: Optional<string | null>;
  /** When it is to be done. */
  due_date: NullableTimestamp;
  /** How long it will take, in minutes. */
  estimated_minutes: Optional<number | null>;
  /** When it was done, kept by trigger. */
  completed_at: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type ProjectsTasksSearch = {
  organization_id: GeneratedAlways<string | null>;
  id: GeneratedAlways<string | null>;
  project_id: GeneratedAlways<string | null>;
  parent_task_id: GeneratedAlways<string | null>;
  title: GeneratedAlways<string | null>;
  description: GeneratedAlways<string | null>;
  status: GeneratedAlways<string | null>;
  priority: GeneratedAlways<string | null>;
  rank: GeneratedAlways<string | null>;
  assigned_to: GeneratedAlways<string | null>;
  created_by: GeneratedAlways<string | null>;
  due_date: NullableTimestamp;
  estimated_minutes: GeneratedAlways<number | null>;
  completed_at: NullableTimestamp;
  version: GeneratedAlways<string | null>;
  created_at: NullableTimestamp;
  updated_at: NullableTimestamp;
};

export type ProjectsWorklogs = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The task's project. */
  project_id: string;
  /** The task. */
  task_id: string;
  /** Who worked. */
  user_id: Optional<string>;
  /** On which day. */
  worked_on: Timestamp;
  /** How long, in minutes. */
  minutes: number;
  /** At what. */
  note: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type StudioDocuments = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The session. */
  session_id: string;
  /** Which section it is. */
  section: string;
  /** What stands in it. */
  content: Optional<Json>;
  /** Who saved it last. */
  saved_by: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type StudioExports = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The session. */
  session_id: string;
  /** What kind of document. */
  format: string;
  /** Whether it is made. */
  status: Optional<string>;
  /** The task that makes it. */
  task_id: Optional<string | null>;
  /** Its name. */
  file_name: Optional<string | null>;
  /** Where it is kept. */
  storage_key: Optional<string | null>;
  /** How large it is. */
  bytes: Optional<string | null>;
  /** Why it could not be made. */
  error: Optional<string | null>;
  /** Who asked for it. */
  requested_by: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type StudioOpenDocuments = {
  organization_id: GeneratedAlways<string | null>;
  session_id: GeneratedAlways<string | null>;
  section: GeneratedAlways<string | null>;
  content: GeneratedAlways<Json | null>;
  version: GeneratedAlways<string | null>;
  updated_at: NullableTimestamp;
};

export type StudioOpenSessions = {
  organization_id: GeneratedAlways<string | null>;
  id: GeneratedAlways<string | null>;
  user_id: GeneratedAlways<string | null>;
  title: GeneratedAlways<string | null>;
  customer_id: GeneratedAlways<string | null>;
  client_name: GeneratedAlways<string | null>;
  session_type: GeneratedAlways<string | null>;
  is_template: GeneratedAlways<boolean | null>;
  may_write: GeneratedAlways<boolean | null>;
  created_at: NullableTimestamp;
  updated_at: NullableTimestamp;
};

export type StudioSessionPeople = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The studio session. */
  session_id: string;
  /** The member, who may be a client. */
  user_id: string;
  /** Whether the member may work in it, and not just read it. */
  may_write: Optional<boolean>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type StudioSessionTags = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The session. */
  session_id: string;
  /** The tag. */
  tag_id: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type StudioSessions = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** Whose session it is. */
  user_id: Optional<string>;
  /** What it works out. */
  title: string;
  /** For which customer. */
  customer_id: Optional<string | null>;
  /** The customer's name as it stands in the documents. */
  client_name: Optional<string | null>;
  /** What kind of session it is. */
  session_type: Optional<string>;
  /** Whether others are made from it. */
  is_template: Optional<boolean>;
  /** When it was put into the bin. */
  deleted_at: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type StudioSessionsSearch = {
  organization_id: GeneratedAlways<string | null>;
  id: GeneratedAlways<string | null>;
  user_id: GeneratedAlways<string | null>;
  title: GeneratedAlways<string | null>;
  customer_id: GeneratedAlways<string | null>;
  client_name: GeneratedAlways<string | null>;
  session_type: GeneratedAlways<string | null>;
  is_template: GeneratedAlways<boolean | null>;
  deleted_at: NullableTimestamp;
  version: GeneratedAlways<string | null>;
  created_at: NullableTimestamp;
  updated_at: NullableTimestamp;
};

export type StudioShares = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The session. */
  session_id: string;
  /** SHA-256 of the secret in the link. */
  secret_hash: Buffer;
  /** What can be seen. */
  sections: string[];
  /** Whether who has the link may comment. */
  may_comment: Optional<boolean>;
  /** Who shared it. */
  created_by: string;
  /** Until when it works. */
  expires_at: NullableTimestamp;
  /** When it was taken back. */
  revoked_at: NullableTimestamp;
  /** When it was last opened. */
  last_opened_at: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type StudioVersions = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The session. */
  session_id: string;
  /** The section. */
  section: string;
  /** Which version it is, from 1. */
  number: number;
  /** What stood in it. */
  content: Json;
  /** What somebody called it. */
  name: Optional<string | null>;
  /** Who saved it. */
  saved_by: Optional<string | null>;
  /** When. */
  saved_at: OptionalTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type TasksAllApprovals = {
  organization_id: GeneratedAlways<string | null>;
  id: GeneratedAlways<string | null>;
  task_id: GeneratedAlways<string | null>;
  kind: GeneratedAlways<string | null>;
  key: GeneratedAlways<string | null>;
  title: GeneratedAlways<string | null>;
  details: GeneratedAlways<string | null>;
  form: GeneratedAlways<Json | null>;
  assigned_to: GeneratedAlways<string | null>;
  role_id: GeneratedAlways<string | null>;
  status: GeneratedAlways<string | null>;
  due_at: NullableTimestamp;
  opened_at: NullableTimestamp;
  escalation_level: GeneratedAlways<number | null>;
  decided_by: GeneratedAlways<string | null>;
  decided_at: NullableTimestamp;
  answer: GeneratedAlways<Json | null>;
  reason: GeneratedAlways<string | null>;
  version: GeneratedAlways<string | null>;
  created_at: NullableTimestamp;
  updated_at: NullableTimestamp;
  task_name: GeneratedAlways<string | null>;
  task_type: GeneratedAlways<string | null>;
  task_status: GeneratedAlways<string | null>;
  task_input: GeneratedAlways<Json | null>;
  task_error: GeneratedAlways<Json | null>;
  assignee: GeneratedAlways<string | null>;
  decider: GeneratedAlways<string | null>;
  role: GeneratedAlways<string | null>;
};

export type TasksApprovalSteps = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The approval. */
  approval_id: string;
  /** Which step it is, from 1. */
  position: number;
  /** Who has it is reminded; it goes to somebody else; or it is over. */
  kind: string;
  /** How long before it is due, for a reminder; else how long after it is due, or after it was opened where that is later. */
  minutes: number;
  /** The member whom it goes to. */
  assigned_to: Optional<string | null>;
  /** The role that it goes to. */
  role_id: Optional<string | null>;
  /** When: known as soon as the approval is opened. */
  at: NullableTimestamp;
  /** When it was done. */
  done_at: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type TasksApprovals = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The task that waits. */
  task_id: string;
  /** Whether the answer is the task's result (work), or the task goes on with it (approval). */
  kind: Optional<string>;
  /** What the task calls it; its context names the answer by that. */
  key: Optional<string>;
  /** What is to be decided or done, in a line. */
  title: string;
  /** What one should know for it. */
  details: Optional<string>;
  /** What is to be filled in: a list of fields, each with name, type, title, and limits. */
  form: Optional<Json>;
  /** The member who does it; of what is a role's, the holder who took it. */
  assigned_to: Optional<string | null>;
  /** The role of which any holder may take it. */
  role_id: Optional<string | null>;
  /** Planned until the task waits for it, pending until it is decided, done (work), or over. */
  status: Optional<string>;
  /** Whether the task fails when it is rejected, or goes on with that. */
  on_rejection: Optional<string>;
  /** Whether the task fails when nobody decides in time, or goes on with that. */
  on_expiry: Optional<string>;
  /** Until when. */
  due_at: NullableTimestamp;
  /** Since when it waits for its people. */
  opened_at: NullableTimestamp;
  /** When something is to happen next: a reminder, an escalation, the end. */
  next_at: NullableTimestamp;
  /** How often it was handed up because nobody decided. */
  escalation_level: Optional<number>;
  /** Who decided, or did it. */
  decided_by: Optional<string | null>;
  /** When it was over. */
  decided_at: NullableTimestamp;
  /** When the task was told what was decided. */
  told_at: NullableTimestamp;
  /** What was filled in. */
  answer: Optional<Json | null>;
  /** Why, in words. */
  reason: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type TasksCallbacks = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The task. */
  task_id: string;
  /** SHA-256 of the token's secret. */
  token_hash: Buffer;
  /** Until when it is good. */
  expires_at: Timestamp;
  /** When the outcome was told, by this token or another of the task. */
  used_at: NullableTimestamp;
  /** An answer that came before the task waited for it. */
  early_answer: Optional<Json | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type TasksClaims = {
  /** The fencing token: who comes with an older one is refused. */
  token: Optional<string>;
  /** The organization, or the installation. */
  organization_id: string;
  /** The process that took it. */
  worker: string;
  /** The tasks that are not over yet, in the order of their ids: results find their places by it. */
  task_ids: string[];
  /** The number of the try at each. */
  attempts: number[];
  /** The type of each. */
  types: string[];
  /** When it was taken. */
  begun_at: OptionalTimestamp;
  /** When the tasks go to another worker, unless this one is heard of. */
  expires_at: Timestamp;
  /** Whether the tasks say that they are under way: what is over at once never does. */
  is_shown: Optional<boolean>;
  /** Whether credits are set aside for some of them. */
  has_holds: Optional<boolean>;
  /** Which of them somebody wished to stop. */
  cancelled: Optional<string[]>;
};

export type TasksDeadlines = {
  /** The organization. */
  organization_id: string;
  /** The task. */
  task_id: string;
  /** What is not done by then has failed. */
  deadline_at: Timestamp;
};

export type TasksEntries = {
  /** The organization, or the installation. */
  organization_id: string;
  /** The task. */
  task_id: string;
  /** What is executed. */
  type: string;
  /** ready; later, until ready_at; parked, until another one like it is over; halted, until the organization is active again. */
  state: Optional<string>;
  /** Its place among those of its organization: when it was ready, and later by what it is less urgent. */
  sort_key: Timestamp;
  /** Not before this time. */
  ready_at: OptionalTimestamp;
  /** How often it was tried. */
  attempt: Optional<number>;
  /** How many like it may run at once, and how many may begin in a time. */
  limits: Optional<Json | null>;
  /** Whether it was counted against its rate already. */
  has_passed: Optional<boolean>;
  /** Whether it may go on as soon as credits come. */
  waits_for_credit: Optional<boolean>;
};

export type TasksFileChunks = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The file. */
  file_id: string;
  /** Which piece, from 0. */
  position: number;
  /** What is in it. */
  bytes: Buffer;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type TasksFiles = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The type of that task: who may read the file is decided by what the task was for. */
  type: string;
  /** What the file is called. */
  name: string;
  /** What is in it. */
  media_type: string;
  /** How long it is; null until all of it is there. */
  bytes: Optional<string | null>;
  /** What came of taking it in: it is taken in once, however often that is tried. */
  outcome: Optional<Json | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type TasksLines = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Its share when others wait too: twice the weight, twice the tasks. */
  weight: Optional<number>;
  /** How many of its tasks run at once while others wait. */
  running_max: Optional<number>;
  /** How many of its tasks run at once when nobody else waits. */
  burst_max: Optional<number>;
  /** Whether its tasks are taken at all: the organization is active. */
  is_open: Optional<boolean>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type TasksRates = {
  /** The organization, or the installation. */
  organization_id: string;
  /** What is limited, such as the calls to a provider. */
  key: string;
  /** When the next one would begin if they came evenly (GCRA's theoretical arrival time). */
  next_at: Timestamp;
};

export type TasksSchedules = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** What it is, in a line. */
  name: string;
  /** The type of the tasks it makes. */
  type: string;
  /** What they work on. */
  input: Optional<Json>;
  /** When: a time, a cron expression, or the lines DTSTART, RRULE and EXDATE of RFC 5545. */
  rule: string;
  /** IANA time zone of the rule. */
  timezone: Optional<string>;
  /** What happens to runs that were missed: none, one for all, or each. */
  missed_runs: Optional<string>;
  /** Whether it makes tasks. */
  status: Optional<string>;
  /** When it makes the next one. */
  next_run_at: NullableTimestamp;
  /** When it made the last one. */
  last_run_at: NullableTimestamp;
  /** How often in a row its run could not be made a task. */
  failures: Optional<number>;
  /** Not tried again before this time, after a failure. */
  retry_at: NullableTimestamp;
  /** Why it was paused without anybody doing so, or what failed last. */
  notice: Optional<string | null>;
  /** The member in whose name its tasks are made: who made, changed or resumed it last. */
  created_by: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type TasksSlots = {
  /** The organization, or the installation. */
  organization_id: string;
  /** What the tasks have in common: their type, or what they work on. */
  lane: string;
  /** Which place, from 1. */
  slot: number;
  /** The task that has it. */
  task_id: string;
};

export type TasksTaskAttempts = {
  /** The organization whose task it was. */
  organization_id: string;
  /** The task. */
  task_id: string;
  /** Which try it is, from 1. */
  attempt: number;
  /** When it was written down; the partition key. */
  created_at: OptionalTimestamp;
  /** The process that tried. */
  worker: string;
  /** The number of its claim: a result under an older one is refused. */
  fencing_token: string;
  /** How it went; lost when the worker was not heard of any more. */
  status: string;
  /** What kind of failure it was: that decides whether it is tried again. */
  failure_class: Optional<string | null>;
  /** Why it failed. */
  error_details: Optional<Json | null>;
  /** What the worker wrote down. */
  log: Optional<string>;
  /** When it began. */
  started_at: Timestamp;
  /** When it ended. */
  ended_at: Timestamp;
  /** What it cost, in micro-credits. */
  cost: Optional<string | null>;
};

export type TasksTaskDependencies = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The task that waits. */
  task_id: string;
  /** The task that it waits for. */
  depends_on_id: string;
  /** Whether the other must have succeeded, or only be over. */
  policy: Optional<string>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type TasksTaskPerformance = {
  organization_id: GeneratedAlways<string | null>;
  type: GeneratedAlways<string | null>;
  day: NullableTimestamp;
  executions: GeneratedAlways<string | null>;
  completed: GeneratedAlways<string | null>;
  failed: GeneratedAlways<string | null>;
  average_processing_time_ms: GeneratedAlways<string | null>;
  average_cost: GeneratedAlways<string | null>;
  average_quality_score: GeneratedAlways<string | null>;
  success_rate: GeneratedAlways<string | null>;
};

export type TasksTaskTags = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The task. */
  task_id: string;
  /** The tag. */
  tag_id: string;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type TasksTasks = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** What is executed, such as content.write_blog_post. */
  type: string;
  /** The part of the business that it serves. */
  category: string;
  /** What it is, in a line. */
  name: string;
  /** The rest of it. */
  description: Optional<string>;
  /** Where it stands; waiting is for an approval or an event, escalated for a person. */
  status: Optional<string>;
  /** From 1, the highest, to 10: an offset of time, so that nothing starves. */
  priority: Optional<number>;
  /** Who or what executes it. */
  worker_type: Optional<string>;
  /** What it works on; secrets as references only. */
  input: Json;
  /** What came of it. */
  output: Optional<Json | null>;
  /** Why it failed. */
  error_details: Optional<Json | null>;
  /** What the worker should know beside the input. */
  context: Optional<Json>;
  /** The model, where one executes it. */
  ai_model: Optional<string | null>;
  /** Whose model it is. */
  ai_provider: Optional<string | null>;
  /** What it will likely cost, in micro-credits: what is set aside first. */
  estimated_cost: Optional<string | null>;
  /** What it cost, in micro-credits. */
  actual_cost: Optional<string | null>;
  /** The most it may cost, in micro-credits. */
  cost_cap: Optional<string | null>;
  /** What the cost is made of. */
  cost_breakdown: Optional<Json | null>;
  /** The member who asked for it. */
  created_by: Optional<string | null>;
  /** The member who does it, where a person does. */
  assigned_to: Optional<string | null>;
  /** The task it is a part of. */
  parent_task_id: Optional<string | null>;
  /** The workflow it belongs to. */
  workflow_id: Optional<string | null>;
  /** Names the wish: asked for twice, it is one task. */
  idempotency_key: Optional<string | null>;
  /** Not before this time. */
  scheduled_for: NullableTimestamp;
  /** What is not done by then has failed. */
  deadline_at: NullableTimestamp;
  /** When it was begun, for the first time. */
  started_at: NullableTimestamp;
  /** When it ended, however it did. */
  completed_at: NullableTimestamp;
  /** How long its attempts took together, in milliseconds. */
  processing_time_ms: Optional<string | null>;
  /** How often it was tried. */
  attempts: Optional<number>;
  /** How often it may be tried. */
  attempts_max: Optional<number>;
  /** How far it is, 0 to 100, where its worker says so. */
  progress_percentage: Optional<number | null>;
  /** What its worker is at. */
  progress_note: Optional<string | null>;
  /** When somebody wished it to stop. */
  cancel_requested_at: NullableTimestamp;
  /** How good the result is, 0 to 5. */
  quality_score: Optional<string | null>;
  /** What people said of the result. */
  user_feedback: Optional<Json | null>;
  /** For how many other tasks it still waits. */
  blocked_by: Optional<number>;
  /** Whether all that it depends on must be as its dependencies say, or any one. */
  dependency_policy: Optional<string>;
  /** What becomes of it when there are no credits for it: it waits, or fails. */
  credit_policy: Optional<string>;
  /** The task at the root of its tree; null where it stands alone. */
  tree_id: Optional<string | null>;
  /** The most that it and all its parts may cost together, in micro-credits; said on the root. */
  tree_cost_cap: Optional<string | null>;
  /** How many like it may run at once, and how many may begin in a time. */
  limits: Optional<Json | null>;
  /** The status, where it is neither in line nor completed: what somebody may look for. */
  attention: GeneratedAlways<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type TasksTasksSearch = {
  organization_id: GeneratedAlways<string | null>;
  id: GeneratedAlways<string | null>;
  type: GeneratedAlways<string | null>;
  category: GeneratedAlways<string | null>;
  name: GeneratedAlways<string | null>;
  description: GeneratedAlways<string | null>;
  status: GeneratedAlways<string | null>;
  priority: GeneratedAlways<number | null>;
  worker_type: GeneratedAlways<string | null>;
  input: GeneratedAlways<Json | null>;
  output: GeneratedAlways<Json | null>;
  error_details: GeneratedAlways<Json | null>;
  context: GeneratedAlways<Json | null>;
  ai_model: GeneratedAlways<string | null>;
  ai_provider: GeneratedAlways<string | null>;
  estimated_cost: GeneratedAlways<string | null>;
  actual_cost: GeneratedAlways<string | null>;
  cost_cap: GeneratedAlways<string | null>;
  cost_breakdown: GeneratedAlways<Json | null>;
  created_by: GeneratedAlways<string | null>;
  assigned_to: GeneratedAlways<string | null>;
  parent_task_id: GeneratedAlways<string | null>;
  workflow_id: GeneratedAlways<string | null>;
  idempotency_key: GeneratedAlways<string | null>;
  scheduled_for: NullableTimestamp;
  deadline_at: NullableTimestamp;
  started_at: NullableTimestamp;
  completed_at: NullableTimestamp;
  processing_time_ms: GeneratedAlways<string | null>;
  attempts: GeneratedAlways<number | null>;
  attempts_max: GeneratedAlways<number | null>;
  progress_percentage: GeneratedAlways<number | null>;
  progress_note: GeneratedAlways<string | null>;
  cancel_requested_at: NullableTimestamp;
  quality_score: GeneratedAlways<string | null>;
  user_feedback: GeneratedAlways<Json | null>;
  blocked_by: GeneratedAlways<number | null>;
  dependency_policy: GeneratedAlways<string | null>;
  credit_policy: GeneratedAlways<string | null>;
  tree_id: GeneratedAlways<string | null>;
  tree_cost_cap: GeneratedAlways<string | null>;
  limits: GeneratedAlways<Json | null>;
  attention: GeneratedAlways<string | null>;
  version: GeneratedAlways<string | null>;
  created_at: NullableTimestamp;
  updated_at: NullableTimestamp;
};

export type TasksWebhookAttempts = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The delivery. */
  delivery_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** When it ended. */
  attempted_at: OptionalTimestamp;
  /** The HTTP status of the answer; null when there was none. */
  status_code: Optional<number | null>;
  /** How long it took, in milliseconds. */
  duration_ms: number;
  /** The beginning of the answer, or why there was none. */
  message: Optional<string | null>;
};

export type TasksWebhookDeliveries = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The endpoint. */
  endpoint_id: string;
  /** Its place in the order of commits. */
  position: string;
  /** The kind of change: the table, and insert, update or delete; or webhook.test. */
  type: string;
  /** The operation that made the change. */
  operation: Optional<string | null>;
  /** The table and the row's key: the changes of one are told in their order. */
  resource: string;
  /** The entry of the record. */
  entry_id: Optional<string | null>;
  /** The entry's time, which its key has too. */
  entry_at: NullableTimestamp;
  /** waiting is behind another of the same resource; ready is to be sent when it is due; failed was given up. */
  status: Optional<string>;
  /** How often it was sent in vain, since it was made or sent again. */
  attempts: Optional<number>;
  /** When it was made. */
  created_at: OptionalTimestamp;
  /** Not before this time. */
  due_at: OptionalTimestamp;
  /** When it was delivered or given up. */
  ended_at: NullableTimestamp;
};

export type TasksWebhookEndpoints = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** What people call it. */
  name: string;
  /** Where it is called. Where it leads to is checked at each call. */
  url: string;
  /** How long a call may take, from the look-up of the name to the end of the answer. */
  timeout_seconds: Optional<number>;
  /** A paused one is not called. */
  status: Optional<string>;
  /** Somebody asked for it, it failed for too long, or it answered that it is gone for good (410). */
  paused_because: Optional<string | null>;
  /** The member who made it. */
  created_by: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type TasksWebhookFigures = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The endpoint. */
  endpoint_id: string;
  /** How many deliveries wait or are under way. */
  backlog: Optional<number>;
  /** How many changes it was never told of, since too many were waiting. */
  dropped: Optional<string>;
  /** How many calls have failed since the last that succeeded. */
  failures: Optional<number>;
  /** When the first of these failed. */
  failing_since: NullableTimestamp;
  /** Before this time it is not called. */
  retry_at: NullableTimestamp;
  /** When a call succeeded last. */
  delivered_at: NullableTimestamp;
};

export type TasksWebhookLines = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Who is delivering: another one is refused what this one was taken away. */
  runner: Optional<string | null>;
  /** The place of the delivery that was made last. */
  position: Optional<string>;
};

export type TasksWebhookSecrets = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The endpoint. */
  endpoint_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** The secret, sealed; opened outside of the database only. */
  sealed: Buffer;
  /** The key it is sealed with, read out of the seal. */
  key_id: GeneratedAlways<string>;
  /** Until when calls are signed with it too, after another took its place. */
  ends_at: NullableTimestamp;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type TasksWebhookSubscriptions = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The endpoint. */
  endpoint_id: string;
  /** An operation (crm.customer.update), a kind of change (crm.customers.update), the beginning of either with a star behind its dot (labeling.*), or * for all. */
  event: string;
};

export type TasksWorkflowFigures = {
  /** The organization that owns the row. */
  organization_id: string;
  /** The workflow. */
  workflow_id: string;
  /** How many tasks it has. */
  total: Optional<number>;
  /** How many are completed. */
  completed: Optional<number>;
  /** How many have failed. */
  failed: Optional<number>;
  /** How many were cancelled. */
  cancelled: Optional<number>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

export type TasksWorkflows = {
  /** The organization that owns the row. */
  organization_id: string;
  /** Identifier. */
  id: Optional<string>;
  /** What they are to reach together. */
  name: string;
  /** How far they are. */
  status: Optional<string>;
  /** The member who started it. */
  created_by: Optional<string | null>;
  /** Counts the row's changes; its ETag. */
  version: Optional<string>;
  /** When the row was made. */
  created_at: OptionalTimestamp;
  /** When the row was last changed. */
  updated_at: OptionalTimestamp;
};

/** Every table and view, by its name in SQL. */
export type Tables = {
  "analytics.daily": AnalyticsDaily;
  "analytics.event_keys": AnalyticsEventKeys;
  "analytics.events": AnalyticsEvents;
  "analytics.workspace_dashboard": AnalyticsWorkspaceDashboard;
  "assistant.conversation_people": AssistantConversationPeople;
  "assistant.conversations": AssistantConversations;
  "assistant.enabled_tools": AssistantEnabledTools;
  "assistant.messages": AssistantMessages;
  "assistant.models": AssistantModels;
  "assistant.open_conversations": AssistantOpenConversations;
  "assistant.open_messages": AssistantOpenMessages;
  "assistant.provider_keys": AssistantProviderKeys;
  "assistant.providers": AssistantProviders;
  "assistant.replies": AssistantReplies;
  "assistant.tool_calls": AssistantToolCalls;
  "assistant.tools": AssistantTools;
  "audit.audit_logs": AuditAuditLogs;
  "audit.cursors": AuditCursors;
  "audit.erasures": AuditErasures;
  "audit.legal_holds": AuditLegalHolds;
  "audit.retention": AuditRetention;
  "audit.seal_candidates": AuditSealCandidates;
  "audit.seals": AuditSeals;
  "billing.billing_accounts": BillingBillingAccounts;
  "billing.charges": BillingCharges;
  "billing.invoice_lines": BillingInvoiceLines;
  "billing.invoices": BillingInvoices;
  "billing.plan_aliases": BillingPlanAliases;
  "billing.plans": BillingPlans;
  "billing.prices": BillingPrices;
  "billing.subscriptions": BillingSubscriptions;
  "calendar.appointments": CalendarAppointments;
  "calendar.feeds": CalendarFeeds;
  "calendar.reminders": CalendarReminders;
  "commerce.customer_order_lines": CommerceCustomerOrderLines;
  "commerce.external_ids": CommerceExternalIds;
  "commerce.order_lines": CommerceOrderLines;
  "commerce.orders": CommerceOrders;
  "commerce.orders_search": CommerceOrdersSearch;
  "commerce.product_tags": CommerceProductTags;
  "commerce.product_variants": CommerceProductVariants;
  "commerce.products": CommerceProducts;
  "commerce.products_search": CommerceProductsSearch;
  "commerce.store_credentials": CommerceStoreCredentials;
  "commerce.stores": CommerceStores;
  "commerce.sync_faults": CommerceSyncFaults;
  "commerce.sync_runs": CommerceSyncRuns;
  "commerce.webhook_inbox": CommerceWebhookInbox;
  "content.campaigns": ContentCampaigns;
  "content.item_figures": ContentItemFigures;
  "content.item_products": ContentItemProducts;
  "content.item_tags": ContentItemTags;
  "content.item_versions": ContentItemVersions;
  "content.items": ContentItems;
  "content.items_search": ContentItemsSearch;
  "content.publications": ContentPublications;
  "credits.accounts": CreditsAccounts;
  "credits.balances": CreditsBalances;
  "credits.holds": CreditsHolds;
  "credits.ledger_entries": CreditsLedgerEntries;
  "credits.limits": CreditsLimits;
  "credits.lots": CreditsLots;
  "credits.member_limits": CreditsMemberLimits;
  "credits.notices": CreditsNotices;
  "credits.operations": CreditsOperations;
  "credits.resources": CreditsResources;
  "credits.spending": CreditsSpending;
  "credits.usage_days": CreditsUsageDays;
  "credits.usage_events": CreditsUsageEvents;
  "credits.usage_keys": CreditsUsageKeys;
  "credits.usage_periods": CreditsUsagePeriods;
  "crm.contacts": CrmContacts;
  "crm.customer_figures": CrmCustomerFigures;
  "crm.customer_stages": CrmCustomerStages;
  "crm.customer_tags": CrmCustomerTags;
  "crm.customers": CrmCustomers;
  "crm.customers_search": CrmCustomersSearch;
  "crm.notes": CrmNotes;
  "datasets.dataset_answers": DatasetsDatasetAnswers;
  "datasets.dataset_figures": DatasetsDatasetFigures;
  "datasets.dataset_items": DatasetsDatasetItems;
  "datasets.datasets": DatasetsDatasets;
  "datasets.versions": DatasetsVersions;
  "evaluation.benchmark_items": EvaluationBenchmarkItems;
  "evaluation.benchmark_metrics": EvaluationBenchmarkMetrics;
  "evaluation.benchmarks": EvaluationBenchmarks;
  "evaluation.leaderboard": EvaluationLeaderboard;
  "evaluation.participants": EvaluationParticipants;
  "evaluation.phases": EvaluationPhases;
  "evaluation.prediction_chunks": EvaluationPredictionChunks;
  "evaluation.scores": EvaluationScores;
  "evaluation.submissions": EvaluationSubmissions;
  "identity.active_user_sessions": IdentityActiveUserSessions;
  "identity.challenges": IdentityChallenges;
  "identity.credentials": IdentityCredentials;
  "identity.external_identities": IdentityExternalIdentities;
  "identity.installation": IdentityInstallation;
  "identity.issuers": IdentityIssuers;
  "identity.lockouts": IdentityLockouts;
  "identity.one_time_tokens": IdentityOneTimeTokens;
  "identity.passkeys": IdentityPasskeys;
  "identity.pending_sign_ins": IdentityPendingSignIns;
  "identity.platform_roles": IdentityPlatformRoles;
  "identity.recovery_codes": IdentityRecoveryCodes;
  "identity.second_factors": IdentitySecondFactors;
  "identity.sign_ups": IdentitySignUps;
  "identity.user_events": IdentityUserEvents;
  "identity.user_sessions": IdentityUserSessions;
  "identity.users": IdentityUsers;
  "imports.errors": ImportsErrors;
  "imports.imports": ImportsImports;
  "kernel.idempotency_keys": KernelIdempotencyKeys;
  "kernel.keys": KernelKeys;
  "kernel.mails": KernelMails;
  "kernel.migrations": KernelMigrations;
  "kernel.partition_retention": KernelPartitionRetention;
  "kernel.secrets": KernelSecrets;
  "kernel.signing_keys": KernelSigningKeys;
  "labeling.assigned_items": LabelingAssignedItems;
  "labeling.assignments": LabelingAssignments;
  "labeling.choices": LabelingChoices;
  "labeling.comments": LabelingComments;
  "labeling.configurations": LabelingConfigurations;
  "labeling.customer_progress": LabelingCustomerProgress;
  "labeling.customer_results": LabelingCustomerResults;
  "labeling.exports": LabelingExports;
  "labeling.gold_placements": LabelingGoldPlacements;
  "labeling.label_revisions": LabelingLabelRevisions;
  "labeling.labels": LabelingLabels;
  "labeling.metrics": LabelingMetrics;
  "labeling.predictions": LabelingPredictions;
  "labeling.project_figures": LabelingProjectFigures;
  "labeling.reviews": LabelingReviews;
  "labeling.skips": LabelingSkips;
  "labeling.tasks": LabelingTasks;
  "organizations.api_key_scopes": OrganizationsApiKeyScopes;
  "organizations.api_keys": OrganizationsApiKeys;
  "organizations.domains": OrganizationsDomains;
  "organizations.invitation_roles": OrganizationsInvitationRoles;
  "organizations.invitations": OrganizationsInvitations;
  "organizations.join_requests": OrganizationsJoinRequests;
  "organizations.member_roles": OrganizationsMemberRoles;
  "organizations.memberships": OrganizationsMemberships;
  "organizations.organization_members": OrganizationsOrganizationMembers;
  "organizations.organizations": OrganizationsOrganizations;
  "organizations.permissions": OrganizationsPermissions;
  "organizations.public_domains": OrganizationsPublicDomains;
  "organizations.role_permissions": OrganizationsRolePermissions;
  "organizations.role_template_permissions": OrganizationsRoleTemplatePermissions;
  "organizations.role_templates": OrganizationsRoleTemplates;
  "organizations.roles": OrganizationsRoles;
  "organizations.slug_history": OrganizationsSlugHistory;
  "organizations.support_grants": OrganizationsSupportGrants;
  "organizations.support_visits": OrganizationsSupportVisits;
  "organizations.tags": OrganizationsTags;
  "organizations.tags_search": OrganizationsTagsSearch;
  "organizations.verified_domains": OrganizationsVerifiedDomains;
  "projects.comments": ProjectsComments;
  "projects.customer_progress": ProjectsCustomerProgress;
  "projects.project_figures": ProjectsProjectFigures;
  "projects.projects": ProjectsProjects;
  "projects.projects_search": ProjectsProjectsSearch;
  "projects.task_dependencies": ProjectsTaskDependencies;
  "projects.task_tags": ProjectsTaskTags;
  "projects.tasks": ProjectsTasks;
  "projects.tasks_search": ProjectsTasksSearch;
  "projects.worklogs": ProjectsWorklogs;
  "studio.documents": StudioDocuments;
  "studio.exports": StudioExports;
  "studio.open_documents": StudioOpenDocuments;
  "studio.open_sessions": StudioOpenSessions;
  "studio.session_people": StudioSessionPeople;
  "studio.session_tags": StudioSessionTags;
  "studio.sessions": StudioSessions;
  "studio.sessions_search": StudioSessionsSearch;
  "studio.shares": StudioShares;
  "studio.versions": StudioVersions;
  "tasks.all_approvals": TasksAllApprovals;
  "tasks.approval_steps": TasksApprovalSteps;
  "tasks.approvals": TasksApprovals;
  "tasks.callbacks": TasksCallbacks;
  "tasks.claims": TasksClaims;
  "tasks.deadlines": TasksDeadlines;
  "tasks.entries": TasksEntries;
  "tasks.file_chunks": TasksFileChunks;
  "tasks.files": TasksFiles;
  "tasks.lines": TasksLines;
  "tasks.rates": TasksRates;
  "tasks.schedules": TasksSchedules;
  "tasks.slots": TasksSlots;
  "tasks.task_attempts": TasksTaskAttempts;
  "tasks.task_dependencies": TasksTaskDependencies;
  "tasks.task_performance": TasksTaskPerformance;
  "tasks.task_tags": TasksTaskTags;
  "tasks.tasks": TasksTasks;
  "tasks.tasks_search": TasksTasksSearch;
  "tasks.webhook_attempts": TasksWebhookAttempts;
  "tasks.webhook_deliveries": TasksWebhookDeliveries;
  "tasks.webhook_endpoints": TasksWebhookEndpoints;
  "tasks.webhook_figures": TasksWebhookFigures;
  "tasks.webhook_lines": TasksWebhookLines;
  "tasks.webhook_secrets": TasksWebhookSecrets;
  "tasks.webhook_subscriptions": TasksWebhookSubscriptions;
  "tasks.workflow_figures": TasksWorkflowFigures;
  "tasks.workflows": TasksWorkflows;
};
