import type { AREAS } from "./row-rules.ts";

/** The database roles of those who see a part of an organization. */
export type PartRole = "own" | "client";

/** Views that open rows whose owner only a join tells: the table they are of, and to whom they open it. */
export const VIEWS: Record<string, { of: string; area: keyof typeof AREAS; roles: PartRole[] }> = {
  "assistant.open_conversations": { of: "assistant.conversations", area: "assistant", roles: ["own", "client"] },
  "assistant.open_messages": { of: "assistant.messages", area: "assistant", roles: ["own", "client"] },
  "commerce.customer_order_lines": { of: "commerce.order_lines", area: "commerce", roles: ["client"] },
  "evaluation.benchmark_items": { of: "datasets.dataset_items", area: "items", roles: ["own"] },
  "labeling.assigned_items": { of: "datasets.dataset_items", area: "items", roles: ["own"] },
  "labeling.customer_progress": { of: "labeling.project_figures", area: "labeling", roles: ["client"] },
  "labeling.customer_results": { of: "labeling.labels", area: "labeling", roles: ["client"] },
  "projects.customer_progress": { of: "projects.project_figures", area: "projects", roles: ["client"] },
  "studio.open_documents": { of: "studio.documents", area: "studio", roles: ["own", "client"] },
  "studio.open_sessions": { of: "studio.sessions", area: "studio", roles: ["own", "client"] },
};

/** Columns that are not shown to those who see a part; of every other table that is open to them they see all. */
export const HIDDEN: Record<string, string[]> = {
  "analytics.events to own": ["revenue", "currency", "product_id", "customer_id", "order_id", "task_id"],
  "commerce.orders to client": [
    "rate",
    "processed_by",
    "processing_notes",
    "requires_attention",
    "attention_reason",
    "platform_data",
    "synced_at",
    "remote_updated_at",
    "version",
  ],
  "content.items to client": [
    "name",
    "description",
    "author_id",
    "assigned_to",
    "campaign_id",
    "target_keywords",
    "seo_score",
    "readability_score",
    "scheduled_for",
    "ai_generated",
    "ai_model",
    "ai_prompt",
    "ai_generation_cost",
    "version",
    "created_at",
  ],
  "crm.customer_figures to client": [
    "lifetime_value",
    "support_tickets",
    "support_satisfaction",
    "version",
    "created_at",
    "updated_at",
  ],
  "crm.customers to client": [
    "email_key",
    "stage",
    "status",
    "source",
    "segment",
    "persona",
    "predicted_ltv",
    "churn_risk_score",
    "ai_insights",
    "custom_fields",
    "support_notes",
    "last_active_at",
  ],
  "labeling.reviews to own": ["reviewer_id", "version", "updated_at"],
  "projects.projects to client": ["created_by", "budget", "currency"],
};

const OF_ALL = "It is the organization's, and no person's or customer's. What everyone may know of it a verb tells.";
const COLLEAGUES = "It is how colleagues work, and what they think: nothing of it is for the customer.";
const WITH_TASK = "It says nothing of whose the task is. A verb shows it together with its task.";
const SHOP = "It is the shop's own side. What was ordered stands in the order and its lines.";
const SECRET = "It holds what proves who somebody is. Verbs alone look at it.";
const PROJECT = "It is the same for everyone in the project. A verb shows it to who may see the project.";
const RESULTS = "Clients see what comes of it in labeling.customer_results, without whose work it was.";

/**
 * Rows of which some role sees a part by the shape of the roles, and which no database role of a part is granted: verbs show what
 * there is to see, or there is nothing. Why a policy would not do, by table and database role.
 */
export const BY_VERB: Record<string, Partial<Record<PartRole, string>>> = {
  "analytics.event_keys": { own: "It says of an event only that it has come, which the event says too." },
  "assistant.enabled_tools": { own: OF_ALL, client: OF_ALL },
  "assistant.provider_keys": { own: SECRET, client: SECRET },
  "assistant.providers": { own: OF_ALL, client: OF_ALL },
  "assistant.replies": { own: OF_ALL, client: OF_ALL },
  "assistant.tool_calls": {
    own: "What tools were given and gave back may be more than the reader may see. A verb decides, call by call.",
    client: "What tools were given and gave back is not for clients.",
  },
  "calendar.feeds": { client: SECRET },
  "calendar.reminders": { client: "It is machinery. A reminder for a customer reaches them by itself." },
  "commerce.external_ids": { client: SHOP },
  "commerce.product_tags": { client: SHOP },
  "commerce.product_variants": { client: SHOP },
  "commerce.products": { client: SHOP },
  "commerce.store_credentials": { client: SECRET },
  "commerce.stores": { client: SHOP },
  "commerce.sync_faults": { client: SHOP },
  "commerce.sync_runs": { client: SHOP },
  "commerce.webhook_inbox": { client: SHOP },
  "content.campaigns": { client: COLLEAGUES },
  "content.item_figures": { client: COLLEAGUES },
  "content.item_products": { client: COLLEAGUES },
  "content.item_tags": { client: COLLEAGUES },
  "content.item_versions": { client: COLLEAGUES },
  "content.publications": { client: COLLEAGUES },
  "crm.customer_stages": { client: COLLEAGUES },
  "crm.customer_tags": { client: COLLEAGUES },
  "crm.notes": { client: COLLEAGUES },
  "kernel.secrets": { own: SECRET, client: SECRET },
  "labeling.assignments": { client: RESULTS },
  "labeling.choices": { own: PROJECT, client: PROJECT },
  "labeling.configurations": { own: PROJECT, client: PROJECT },
  "labeling.exports": {
    own: "It holds everybody's labels, so none of it is a labeler's own.",
    client: RESULTS,
  },
  "labeling.label_revisions": { client: RESULTS },
  "labeling.predictions": {
    own: "Who sees what a model says before labeling is led by it. A verb shows it where the project wants that.",
    client: RESULTS,
  },
  "labeling.project_figures": { own: PROJECT },
  "labeling.skips": { client: RESULTS },
  "labeling.tasks": {
    own: "Several people label a task. What is one's own of it stands in one's assignment, and its item in labeling.assigned_items.",
    client: RESULTS,
  },
  "organizations.api_key_scopes": { own: SECRET, client: SECRET },
  "organizations.api_keys": { own: SECRET, client: SECRET },
  "organizations.domains": { own: OF_ALL, client: OF_ALL },
  "organizations.invitation_roles": { own: SECRET, client: SECRET },
  "organizations.invitations": { own: SECRET, client: SECRET },
  "organizations.join_requests": { own: OF_ALL, client: OF_ALL },
  "organizations.role_permissions": { own: OF_ALL, client: OF_ALL },
  "organizations.roles": { own: OF_ALL, client: OF_ALL },
  "organizations.slug_history": { own: OF_ALL, client: OF_ALL },
  "organizations.support_grants": { own: OF_ALL, client: OF_ALL },
  "organizations.support_visits": { own: OF_ALL, client: OF_ALL },
  "organizations.tags": { own: OF_ALL, client: OF_ALL },
  "projects.comments": { client: COLLEAGUES },
  "projects.task_dependencies": { client: COLLEAGUES },
  "projects.task_tags": { client: COLLEAGUES },
  "projects.tasks": { client: COLLEAGUES },
  "projects.worklogs": { client: COLLEAGUES },
  "studio.exports": {
    own: "Its file was made of what could be seen then. A verb hands it out to who may see the session now.",
    client: "Its file was made of what could be seen then. A verb hands it out to who may see the session now.",
  },
  "studio.session_tags": { own: OF_ALL, client: OF_ALL },
  "studio.shares": { own: SECRET, client: SECRET },
  "studio.versions": { own: "A verb shows the history of a section together with the section.", client: COLLEAGUES },
  "tasks.approval_steps": {
    own: "When it is handed up is for those who asked; what waits for them is in their approvals.",
  },
  "tasks.callbacks": { own: SECRET },
  "tasks.file_chunks": { own: "A file is handed out by the verb of what made it." },
  "tasks.files": { own: "A file is handed out by the verb of what made it." },
  "tasks.lines": { own: OF_ALL },
  "tasks.schedules": { own: OF_ALL },
  "tasks.task_attempts": { own: WITH_TASK },
  "tasks.task_dependencies": { own: WITH_TASK },
  "tasks.task_tags": { own: WITH_TASK },
  "tasks.webhook_attempts": { own: OF_ALL },
  "tasks.webhook_deliveries": { own: OF_ALL },
  "tasks.webhook_endpoints": { own: OF_ALL },
  "tasks.webhook_figures": { own: OF_ALL },
  "tasks.webhook_lines": { own: OF_ALL },
  "tasks.webhook_secrets": { own: SECRET },
  "tasks.webhook_subscriptions": { own: OF_ALL },
  "tasks.workflow_figures": { own: OF_ALL },
  "tasks.workflows": { own: OF_ALL },
};
