import type { Permission } from "../../../kernel/database/types.gen.ts";

/** By which permission all rows of a module's tables may be read; those of single tables where these are seen by fewer. */
const READ_PERMISSIONS: Record<string, Permission> = {
  "organizations.memberships": "member.read",
  "organizations.member_roles": "member.read",
  "organizations.roles": "member.read",
  "organizations.role_permissions": "member.read",
  "organizations.tags": "organization.read",
  "organizations.slug_history": "organization.read",
  "organizations.domains": "organization.domain.manage",
  "organizations.join_requests": "member.manage",
  "credits.accounts": "credits.account.read",
  "credits.limits": "credits.account.read",
  "credits.member_limits": "credits.account.read",
  "tasks.*": "tasks.task.read",
  // Who sees an import depends on what is imported: all of them are seen by who reads the whole record.
  "imports.*": "audit.read",
  "billing.*": "billing.account.read",
  "crm.*": "crm.customer.read",
  "projects.*": "projects.project.read",
  "calendar.*": "calendar.appointment.read",
  "commerce.*": "commerce.store.read",
  "content.*": "content.item.read",
  "datasets.*": "datasets.dataset.read",
  "labeling.*": "labeling.review.write",
  "labeling.configurations": "labeling.project.read",
  "labeling.choices": "labeling.project.read",
  "evaluation.*": "evaluation.benchmark.read",
  "assistant.*": "assistant.conversation.manage",
  "studio.*": "studio.session.manage",
  "audit.*": "audit.hold",
};

/** What members may not read as it is, or what would tell of it: gold answers, scores, secrets, tokens. Nobody hears of it. */
const UNTOLD: ReadonlySet<string> = new Set([
  "assistant.provider_keys",
  "calendar.feeds",
  "commerce.store_credentials",
  "datasets.dataset_answers",
  "evaluation.scores",
  "labeling.gold_placements",
  "studio.shares",
  "tasks.callbacks",
  "tasks.webhook_secrets",
]);

/** Whether somebody with these permissions, by their widest scope, may read every row of a table. What no rule names is told nobody. */
export function isPermitted(table: string, permissions: Readonly<Record<string, string>>): boolean {
  if (UNTOLD.has(table)) return false;
  const permission = READ_PERMISSIONS[table] ?? READ_PERMISSIONS[`${table.slice(0, table.indexOf("."))}.*`];
  return permission !== undefined && permissions[permission] === "organization";
}
