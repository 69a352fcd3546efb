import { type Noun, noun } from "../../kernel/nouns/noun.ts";

/** What the API shows of this module's tables. */
export const nouns: readonly Noun[] = [
  noun({
    table: "projects.projects",
    name: "projects.project",
    read: "projects.project.read",
    write: "projects.project.write",
    writable: [
      "name",
      "description",
      "priority",
      "customer_id",
      "manager_id",
      "start_date",
      "due_date",
      "budget",
      "currency",
    ],
  }),
  noun({
    table: "projects.tasks",
    name: "projects.task",
    read: "projects.project.read",
    write: "projects.project.write",
    creatable: ["project_id"],
    writable: ["parent_task_id", "title", "description", "priority", "assigned_to", "due_date", "estimated_minutes"],
    tags: { table: "projects.task_tags", column: "task_id" },
  }),
  noun({
    table: "projects.task_tags",
    name: "projects.task_tag",
    read: "projects.project.read",
    write: "projects.project.write",
    creatable: ["task_id", "tag_id"],
  }),
  noun({
    table: "projects.task_dependencies",
    name: "projects.task_dependency",
    read: "projects.project.read",
    write: "projects.project.write",
    creatable: ["task_id", "depends_on_id"],
  }),
  // Whose time it is, or who manages it, changes it.
  noun({
    table: "projects.worklogs",
    name: "projects.worklog",
    read: "projects.project.read",
    write: "projects.project.write",
    creatable: ["project_id", "task_id"],
    writable: ["worked_on", "minutes", "note"],
  }),
  // Nobody changes what somebody else said.
  noun({
    table: "projects.comments",
    name: "projects.comment",
    read: "projects.project.read",
    write: "projects.project.write",
    creatable: ["task_id", "parent_id", "content"],
    byVerb: ["delete"],
  }),
  noun({ table: "projects.project_figures", name: "projects.project_figure", read: "projects.project.read" }),
];
