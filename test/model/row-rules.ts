import type { Permission } from "../../kernel/database/types.gen.ts";

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

/** Whose rows somebody sees or changes: everybody's, their own, their customer's, or none. */
export type Reach = "all" | "own" | "customer" | "none";

/** What a role may do with the rows of an area. Nothing is named of who may do nothing. */
type Rule = { see: Reach; write: Reach };

/**
 * A kind of rows with one rule: the permissions that open it, and whom it is open to. `own` is a permission whose operations work
 * with rows of one's own, whatever the role's scope is.
 */
export type Area = {
  see?: Permission;
  write?: Permission;
  own?: Permission;
  rules: Partial<Record<BuiltInRole, Rule>>;
};

const ALL_WRITE: Rule = { see: "all", write: "all" };
const ALL: Rule = { see: "all", write: "none" };
const OWN_WRITE: Rule = { see: "own", write: "own" };
const OWN: Rule = { see: "own", write: "none" };
const CUSTOMER: Rule = { see: "customer", write: "none" };

const RUN = { owner: ALL_WRITE, admin: ALL_WRITE };
const BUSINESS = { ...RUN, member: ALL_WRITE, moderator: ALL, viewer: ALL, client: CUSTOMER };
const LABELING = { ...RUN, task_admin: ALL_WRITE, reviewer: ALL, labeler: OWN_WRITE, viewer: ALL };

/** Who may do what. What is shown by an operation of its own and not by a permission to see, as published content is, is not here. */
export const AREAS = {
  people: {
    see: "member.read",
    write: "member.manage",
    rules: {
      ...RUN,
      billing_admin: ALL,
      task_admin: ALL,
      reviewer: ALL,
      labeler: OWN,
      member: ALL,
      moderator: ALL,
      viewer: ALL,
      participant: OWN,
    },
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
    rules: { ...RUN, member: ALL_WRITE, moderator: ALL_WRITE, viewer: ALL },
  },
  datasets: {
    see: "datasets.dataset.read",
    write: "datasets.dataset.write",
    rules: { ...RUN, task_admin: ALL_WRITE, reviewer: ALL, viewer: ALL },
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
    rules: { ...RUN, task_admin: ALL_WRITE, reviewer: ALL_WRITE, labeler: OWN_WRITE, moderator: ALL_WRITE },
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
    rules: { ...RUN, task_admin: OWN_WRITE, member: OWN_WRITE },
  },
  studio: {
    see: "studio.session.manage",
    write: "studio.session.manage",
    own: "studio.session.write",
    rules: { ...RUN, task_admin: OWN_WRITE, member: OWN_WRITE },
  },
  analytics: {
    see: "analytics.dashboard.read",
    rules: { owner: ALL, admin: ALL, member: ALL, viewer: ALL },
  },
} satisfies Record<string, Area>;

/**
 * How a table is open: to which reaches, and how it is changed: by members' own statements (`rows`), by verbs alone (`verbs`), or
 * by requests for gold answers (`steward`). A table without reaches is open to no role that serves members.
 */
export type TableRule = {
  area: keyof typeof AREAS;
  reaches: Exclude<Reach, "none">[];
  changed: "rows" | "verbs" | "steward";
};

const rows = (area: TableRule["area"], ...reaches: TableRule["reaches"]): TableRule => ({
  area,
  reaches: ["all", ...reaches],
  changed: "rows",
});
const verbs = (area: TableRule["area"], ...reaches: TableRule["reaches"]): TableRule => ({
  ...rows(area, ...reaches),
  changed: "verbs",
});
const closed = (area: TableRule["area"]): TableRule => ({ area, reaches: [], changed: "verbs" });
const steward = (area: TableRule["area"]): TableRule => ({ area, reaches: ["all"], changed: "steward" });

/** Every tenant table. */
export const TABLES: Record<string, TableRule> = {
  "analytics.daily": verbs("analytics"),
  "analytics.events": verbs("analytics"),
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
  "content.items": rows("content"),
  "credits.accounts": verbs("credits"),
  "credits.holds": verbs("credits"),
  "credits.ledger_entries": verbs("credits"),
  "credits.lots": verbs("credits"),
  "credits.operations": closed("credits"),
  "credits.usage_events": verbs("usage"),
  "credits.usage_periods": verbs("usage"),
  "crm.contacts": rows("customers", "customer"),
  "crm.customer_figures": verbs("customers", "customer"),
  "crm.customer_stages": verbs("customers"),
  "crm.customer_tags": rows("customers"),
  "crm.customers": rows("customers", "customer"),
  "crm.notes": rows("customers"),
  "datasets.dataset_answers": steward("gold"),
  "datasets.dataset_figures": verbs("datasets"),
  "datasets.dataset_items": rows("datasets"),
  "datasets.datasets": rows("datasets"),
  "datasets.versions": rows("datasets"),
  "evaluation.benchmark_metrics": rows("benchmarks"),
  "evaluation.benchmarks": rows("benchmarks"),
  "evaluation.leaderboard": verbs("benchmarks", "own"),
  "evaluation.participants": rows("benchmarks", "own"),
  "evaluation.phases": rows("benchmarks"),
  "evaluation.prediction_chunks": steward("scores"),
  "evaluation.scores": steward("scores"),
  "evaluation.submissions": verbs("benchmarks", "own"),
  "kernel.secrets": closed("people"),
  "labeling.assignments": verbs("labeling", "own"),
  "labeling.choices": rows("labeling"),
  "labeling.comments": rows("comments", "own"),
  "labeling.configurations": rows("labeling"),
  "labeling.exports": verbs("labeling"),
  "labeling.gold_placements": steward("gold"),
  "labeling.label_revisions": verbs("labeling"),
  "labeling.labels": verbs("labeling", "own"),
  "labeling.metrics": verbs("metrics", "own"),
  "labeling.predictions": rows("labeling"),
  "labeling.project_figures": verbs("labeling"),
  "labeling.reviews": verbs("reviews"),
  "labeling.skips": verbs("labeling", "own"),
  "labeling.tasks": rows("labeling"),
  "organizations.api_key_scopes": closed("people"),
  "organizations.api_keys": closed("people"),
  "organizations.domains": verbs("people"),
  "organizations.invitation_roles": closed("people"),
  "organizations.invitations": closed("people"),
  "organizations.join_requests": verbs("people"),
  "organizations.member_roles": verbs("people", "own"),
  "organizations.memberships": verbs("people", "own"),
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
  "studio.session_tags": rows("studio"),
  "studio.sessions": rows("studio", "own"),
  "studio.shares": closed("studio"),
  "studio.versions": verbs("studio"),
  "tasks.approvals": verbs("tasks", "own"),
  "tasks.schedules": verbs("tasks"),
  "tasks.task_attempts": verbs("tasks"),
  "tasks.task_dependencies": verbs("tasks"),
  "tasks.task_tags": rows("tasks"),
  "tasks.tasks": verbs("tasks", "own"),
  "tasks.workflows": verbs("tasks"),
};
