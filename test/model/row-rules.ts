import type { Permission } from "../../kernel/database/types.gen.ts";
import type { EnteringRole } from "../../kernel/tenancy/context.ts";

/** The built-in roles. */
export const BUILT_IN_ROLES = [
  "owner",
  "admin",
  "billing_admin",
  "task_admin",
  "reviewer",
  "labeler",
  "member",
  "moderator",
  "viewer",
  "client",
  "participant",
] as const;
export type BuiltInRole = (typeof BUILT_IN_ROLES)[number];

/**
 * Whose rows somebody sees or changes: everybody's, their own, those assigned to them, those of benchmarks they take part in,
 * those shared with them, their customers', what is published, or none.
 */
export type Reach = "all" | "own" | "assigned" | "benchmark" | "shared" | "customer" | "published" | "none";

/** What a role may do with the rows of an area. Nothing is named of who may do nothing. */
type Rule = { see: Reach; write: Reach };

/**
 * A kind of rows with one rule: the permissions that open it, and whom it is open to. `own` is a permission whose operations work
 * with rows of one's own, whatever the role's scope is; `parts` are permissions that show a part, where none of the others is
 * held. `client` is what a permission in a client's scope reaches where it is not their customers' rows.
 */
export type Area = {
  see?: Permission;
  write?: Permission;
  own?: Permission;
  parts?: [Permission, Reach][];
  client?: Reach;
  rules: Partial<Record<BuiltInRole, Rule>>;
};

const ALL_WRITE: Rule = { see: "all", write: "all" };
const ALL: Rule = { see: "all", write: "none" };
const OWN_WRITE: Rule = { see: "own", write: "own" };
const OWN: Rule = { see: "own", write: "none" };
const CUSTOMER: Rule = { see: "customer", write: "none" };
const ASSIGNED: Rule = { see: "assigned", write: "none" };
const BENCHMARK: Rule = { see: "benchmark", write: "none" };
const SHARED: Rule = { see: "shared", write: "none" };
const PUBLISHED: Rule = { see: "published", write: "none" };

const RUN = { owner: ALL_WRITE, admin: ALL_WRITE };
const BUSINESS = { ...RUN, member: ALL_WRITE, moderator: ALL, viewer: ALL, client: CUSTOMER };
const LABELING = { ...RUN, task_admin: ALL_WRITE, reviewer: ALL, labeler: OWN_WRITE, viewer: ALL, client: CUSTOMER };

/** Who may do what. */
export const AREAS = {
  people: {
    see: "member.read",
    write: "member.manage",
    client: "own",
    rules: {
      ...RUN,
      billing_admin: ALL,
      task_admin: ALL,
      reviewer: ALL,
      labeler: OWN,
      member: ALL,
      moderator: ALL,
      viewer: ALL,
      client: OWN,
      participant: OWN,
    },
  },
  imports: {
    see: "imports.import.read",
    write: "imports.import.write",
    rules: { ...RUN, member: ALL_WRITE },
  },
  record: { see: "audit.read", write: "audit.hold", rules: RUN },
  credits: {
    see: "credits.account.read",
    write: "credits.account.manage",
    rules: { owner: ALL_WRITE, admin: ALL, billing_admin: ALL_WRITE },
  },
  usage: { see: "credits.usage.read", rules: { owner: ALL, admin: ALL, billing_admin: ALL, task_admin: ALL } },
  billing: {
    see: "billing.account.read",
    write: "billing.account.manage",
    rules: { owner: ALL_WRITE, admin: ALL, billing_admin: ALL_WRITE },
  },
  tasks: {
    see: "tasks.task.read",
    write: "tasks.task.write",
    own: "tasks.task.work",
    rules: {
      ...RUN,
      task_admin: ALL_WRITE,
      reviewer: OWN_WRITE,
      labeler: OWN_WRITE,
      member: ALL_WRITE,
      moderator: ALL,
      viewer: ALL,
    },
  },
  customers: { see: "crm.customer.read", write: "crm.customer.write", rules: BUSINESS },
  projects: {
    see: "projects.project.read",
    write: "projects.project.write",
    rules: { ...BUSINESS, task_admin: ALL_WRITE },
  },
  calendar: { see: "calendar.appointment.read", write: "calendar.appointment.write", rules: BUSINESS },
  commerce: { see: "commerce.store.read", write: "commerce.store.write", rules: BUSINESS },
  content: {
    see: "content.item.read",
    write: "content.item.write",
    parts: [["content.publication.read", "published"]],
    rules: { ...RUN, member: ALL_WRITE, moderator: ALL_WRITE, viewer: ALL, client: PUBLISHED },
  },
  datasets: {
    see: "datasets.dataset.read",
    write: "datasets.dataset.write",
    rules: { ...RUN, task_admin: ALL_WRITE, reviewer: ALL, viewer: ALL },
  },
  items: {
    see: "datasets.dataset.read",
    write: "datasets.dataset.write",
    parts: [
      ["labeling.label.write", "assigned"],
      ["evaluation.submission.write", "benchmark"],
    ],
    rules: {
      ...RUN,
      task_admin: ALL_WRITE,
      reviewer: ALL,
      labeler: ASSIGNED,
      member: BENCHMARK,
      viewer: ALL,
      participant: BENCHMARK,
    },
  },
  gold: {
    see: "datasets.answer.manage",
    write: "datasets.answer.manage",
    rules: { ...RUN, task_admin: ALL_WRITE },
  },
  scores: {
    see: "evaluation.benchmark.manage",
    write: "evaluation.benchmark.manage",
    rules: { ...RUN, task_admin: ALL_WRITE },
  },
  labeling: {
    see: "labeling.project.read",
    write: "labeling.project.manage",
    own: "labeling.label.write",
    rules: LABELING,
  },
  reviews: {
    see: "labeling.project.read",
    write: "labeling.review.write",
    rules: { ...LABELING, reviewer: ALL_WRITE, labeler: OWN },
  },
  comments: {
    see: "labeling.comment.write",
    write: "labeling.comment.write",
    client: "own",
    rules: {
      ...RUN,
      task_admin: ALL_WRITE,
      reviewer: ALL_WRITE,
      labeler: OWN_WRITE,
      moderator: ALL_WRITE,
      client: OWN_WRITE,
    },
  },
  metrics: {
    see: "labeling.metric.read",
    rules: { owner: ALL, admin: ALL, task_admin: ALL, reviewer: ALL, labeler: OWN, viewer: ALL },
  },
  benchmarks: {
    see: "evaluation.benchmark.read",
    write: "evaluation.benchmark.manage",
    own: "evaluation.submission.write",
    rules: {
      ...RUN,
      task_admin: ALL_WRITE,
      reviewer: ALL,
      labeler: OWN_WRITE,
      member: OWN_WRITE,
      moderator: ALL,
      viewer: ALL,
      participant: OWN_WRITE,
    },
  },
  assistant: {
    see: "assistant.conversation.manage",
    write: "assistant.conversation.manage",
    own: "assistant.conversation.write",
    parts: [["assistant.conversation.read", "shared"]],
    rules: { ...RUN, task_admin: OWN_WRITE, member: OWN_WRITE, viewer: SHARED, client: SHARED },
  },
  studio: {
    see: "studio.session.manage",
    write: "studio.session.manage",
    own: "studio.session.write",
    parts: [["studio.session.read", "shared"]],
    rules: { ...RUN, task_admin: OWN_WRITE, member: OWN_WRITE, viewer: SHARED, client: SHARED },
  },
  analytics: {
    see: "analytics.dashboard.read",
    rules: { owner: ALL, admin: ALL, member: ALL, viewer: ALL },
  },
  events: {
    see: "analytics.event.read",
    rules: { owner: ALL, admin: ALL, labeler: OWN, member: ALL, viewer: ALL, participant: OWN },
  },
} satisfies Record<string, Area>;

/**
 * Whose rows of a table a database role sees. tenon_member sees all of the organization. tenon_own sees those that name the person
 * (`own`) or a benchmark that the person takes part in (`benchmark`). tenon_client sees those that name a customer of the
 * client's (`customer`) or the client (`client`), or that are published (`published`).
 */
export type Opening = "all" | "own" | "benchmark" | "customer" | "client" | "published";

/** The database role that each opening is for. */
export const ROLE_OF_OPENING = {
  all: "member",
  own: "own",
  benchmark: "own",
  customer: "client",
  client: "client",
  published: "client",
} as const satisfies Record<Opening, EnteringRole>;

/**
 * How a table is open: to whom, and how it is changed: by members' own statements (`rows`), by verbs alone (`verbs`), or
 * by requests for gold answers (`steward`). A table without openings is open to no role that serves members.
 */
export type TableRule = {
  area: keyof typeof AREAS;
  openings: Opening[];
  changed: "rows" | "verbs" | "steward";
};

const rows = (area: TableRule["area"], ...openings: Opening[]): TableRule => ({
  area,
  openings: ["all", ...openings],
  changed: "rows",
});
const verbs = (area: TableRule["area"], ...openings: Opening[]): TableRule => ({
  ...rows(area, ...openings),
  changed: "verbs",
});
const closed = (area: TableRule["area"]): TableRule => ({ area, openings: [], changed: "verbs" });
const steward = (area: TableRule["area"]): TableRule => ({ area, openings: ["all"], changed: "steward" });

/** Every tenant table. */
export const TABLES: Record<string, TableRule> = {
  "analytics.daily": verbs("analytics"),
  "analytics.events": verbs("events", "own"),
  "assistant.conversation_people": verbs("assistant", "own", "client"),
  "assistant.conversations": rows("assistant", "own"),
  "assistant.enabled_tools": rows("assistant"),
  "assistant.messages": verbs("assistant"),
  "assistant.tool_calls": verbs("assistant"),
  "audit.audit_logs": verbs("record"),
  "audit.legal_holds": verbs("record"),
  "audit.retention": verbs("record"),
  "billing.billing_accounts": verbs("billing"),
  "billing.invoice_lines": verbs("billing"),
  "billing.invoices": verbs("billing"),
  "billing.subscriptions": verbs("billing"),
  "calendar.appointments": rows("calendar", "customer"),
  "calendar.reminders": rows("calendar"),
  "commerce.external_ids": verbs("commerce"),
  "commerce.order_lines": rows("commerce"),
  "commerce.orders": rows("commerce", "customer"),
  "commerce.product_tags": rows("commerce"),
  "commerce.product_variants": rows("commerce"),
  "commerce.products": rows("commerce"),
  "commerce.store_credentials": closed("commerce"),
  "commerce.stores": rows("commerce"),
  "commerce.sync_runs": verbs("commerce"),
  "commerce.webhook_inbox": closed("commerce"),
  "content.campaigns": rows("content"),
  "content.item_figures": verbs("content"),
  "content.item_products": rows("content"),
  "content.item_tags": rows("content"),
  "content.item_versions": verbs("content"),
  "content.items": rows("content", "published"),
  "credits.accounts": verbs("credits"),
  "credits.balances": verbs("credits"),
  "credits.holds": verbs("credits"),
  "credits.ledger_entries": verbs("credits"),
  "credits.limits": verbs("usage"),
  "credits.lots": verbs("credits"),
  "credits.member_limits": verbs("credits"),
  "credits.notices": verbs("credits"),
  "credits.operations": closed("credits"),
  "credits.spending": verbs("credits"),
  "credits.usage_days": verbs("usage"),
  "credits.usage_events": verbs("usage"),
  "credits.usage_keys": closed("usage"),
  "credits.usage_periods": verbs("usage"),
  "crm.contacts": rows("customers", "customer"),
  "crm.customer_figures": verbs("customers", "customer"),
  "crm.customer_stages": verbs("customers"),
  "crm.customer_tags": rows("customers"),
  "crm.customers": rows("customers", "customer"),
  "crm.notes": rows("customers"),
  "datasets.dataset_answers": steward("gold"),
  "datasets.dataset_figures": verbs("datasets"),
  "datasets.dataset_items": rows("items"),
  "datasets.datasets": rows("datasets"),
  "datasets.versions": rows("datasets"),
  "evaluation.benchmark_metrics": rows("benchmarks", "benchmark"),
  "evaluation.benchmarks": rows("benchmarks", "benchmark"),
  "evaluation.leaderboard": verbs("benchmarks", "own"),
  "evaluation.participants": rows("benchmarks", "own"),
  "evaluation.phases": rows("benchmarks", "benchmark"),
  "evaluation.prediction_chunks": steward("scores"),
  "evaluation.scores": steward("scores"),
  "evaluation.submissions": verbs("benchmarks", "own"),
  "kernel.secrets": closed("people"),
  "imports.errors": verbs("imports"),
  "imports.imports": rows("imports"),
  "kernel.idempotency_keys": closed("record"),
  "labeling.assignments": verbs("labeling", "own"),
  "labeling.choices": rows("labeling"),
  "labeling.comments": rows("comments", "own", "client"),
  "labeling.configurations": rows("labeling"),
  "labeling.exports": verbs("labeling"),
  "labeling.gold_placements": steward("gold"),
  "labeling.label_revisions": verbs("labeling", "own"),
  "labeling.labels": verbs("labeling", "own"),
  "labeling.metrics": verbs("metrics", "own"),
  "labeling.predictions": rows("labeling"),
  "labeling.project_figures": verbs("labeling"),
  "labeling.reviews": verbs("reviews", "own"),
  "labeling.skips": verbs("labeling", "own"),
  "labeling.tasks": rows("labeling"),
  "organizations.api_key_scopes": closed("people"),
  "organizations.api_keys": closed("people"),
  "organizations.domains": verbs("people"),
  "organizations.invitation_roles": closed("people"),
  "organizations.invitations": closed("people"),
  "organizations.join_requests": verbs("people"),
  "organizations.member_roles": verbs("people", "own", "client"),
  "organizations.memberships": verbs("people", "own", "client"),
  "organizations.role_permissions": verbs("people"),
  "organizations.roles": verbs("people"),
  "organizations.slug_history": verbs("people"),
  "organizations.support_grants": closed("people"),
  "organizations.support_visits": closed("people"),
  "organizations.tags": rows("people"),
  "projects.comments": rows("projects"),
  "projects.project_figures": verbs("projects"),
  "projects.projects": rows("projects", "customer"),
  "projects.task_dependencies": rows("projects"),
  "projects.task_tags": rows("projects"),
  "projects.tasks": rows("projects", "own"),
  "projects.worklogs": rows("projects", "own"),
  "studio.documents": rows("studio"),
  "studio.exports": verbs("studio"),
  "studio.session_people": verbs("studio", "own", "client"),
  "studio.session_tags": rows("studio"),
  "studio.sessions": rows("studio", "own"),
  "studio.shares": closed("studio"),
  "studio.versions": verbs("studio"),
  "tasks.approval_steps": verbs("tasks"),
  "tasks.approvals": verbs("tasks", "own"),
  "tasks.callbacks": closed("tasks"),
  "tasks.file_chunks": rows("tasks"),
  "tasks.files": rows("tasks"),
  "tasks.lines": verbs("tasks"),
  "tasks.schedules": verbs("tasks"),
  "tasks.task_attempts": verbs("tasks"),
  "tasks.task_dependencies": verbs("tasks"),
  "tasks.task_tags": rows("tasks"),
  "tasks.tasks": verbs("tasks", "own"),
  "tasks.webhook_attempts": verbs("tasks"),
  "tasks.webhook_deliveries": verbs("tasks"),
  "tasks.webhook_endpoints": rows("tasks"),
  "tasks.webhook_figures": verbs("tasks"),
  "tasks.webhook_lines": closed("tasks"),
  "tasks.webhook_secrets": closed("tasks"),
  "tasks.webhook_subscriptions": verbs("tasks"),
  "tasks.workflow_figures": verbs("tasks"),
  "tasks.workflows": verbs("tasks"),
};
