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
const LABELING = { ...RUN, task_admin: ALL_WRITE, reviewer: ALL, labeler: OWN_WRITE, viewer: ALL };

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
    parts: [["labeling.result.read", "customer"]],
    rules: { ...LABELING, client: CUSTOMER },
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
    parts: [["evaluation.leaderboard.read", "own"]],
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
