import { type Noun, noun } from "../../kernel/nouns/noun.ts";

/** What the API shows of this module's tables. */
export const nouns: readonly Noun[] = [
  noun({
    table: "tasks.tasks",
    name: "tasks.task",
    read: "tasks.task.read",
    hidden: ["attention"],
    tags: { table: "tasks.task_tags", column: "task_id" },
  }),
  noun({
    table: "tasks.task_tags",
    name: "tasks.task_tag",
    read: "tasks.task.read",
    write: "tasks.task.write",
    creatable: ["task_id", "tag_id"],
  }),
  noun({ table: "tasks.task_dependencies", name: "tasks.task_dependency", read: "tasks.task.read" }),
  noun({
    table: "tasks.task_attempts",
    name: "tasks.task_attempt",
    read: "tasks.task.read",
    hidden: ["fencing_token"],
  }),
  noun({ table: "tasks.workflows", name: "tasks.workflow", read: "tasks.task.read" }),
  noun({ table: "tasks.workflow_figures", name: "tasks.workflow_figure", read: "tasks.task.read" }),
  noun({ table: "tasks.approvals", name: "tasks.approval", read: "tasks.task.read", hidden: ["next_at", "told_at"] }),
  noun({ table: "tasks.approval_steps", name: "tasks.approval_step", read: "tasks.task.read" }),
  noun({ table: "tasks.schedules", name: "tasks.schedule", read: "tasks.task.read", hidden: ["retry_at"] }),
  noun({ table: "tasks.webhook_endpoints", name: "tasks.webhook_endpoint", read: "tasks.task.read" }),
];
