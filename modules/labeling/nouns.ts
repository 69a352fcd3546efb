import { type Noun, noun } from "../../kernel/nouns/noun.ts";

/** What the API shows of this module's tables. */
export const nouns: readonly Noun[] = [
  noun({
    table: "labeling.configurations",
    name: "labeling.configuration",
    read: "labeling.project.read",
    write: "labeling.project.manage",
    writable: ["instructions", "overlap"],
    hidden: ["label_price"],
    byVerb: ["create", "delete"],
  }),
  noun({
    table: "labeling.choices",
    name: "labeling.choice",
    read: "labeling.project.read",
    write: "labeling.project.manage",
    creatable: ["project_id"],
    writable: ["name", "key", "position"],
  }),
  noun({ table: "labeling.project_figures", name: "labeling.project_figure", read: "labeling.project.read" }),
  noun({ table: "labeling.tasks", name: "labeling.task", read: "labeling.project.read" }),
  noun({ table: "labeling.assignments", name: "labeling.assignment", read: "labeling.project.manage" }),
  noun({ table: "labeling.labels", name: "labeling.label", read: "labeling.project.manage" }),
  noun({ table: "labeling.label_revisions", name: "labeling.label_revision", read: "labeling.project.manage" }),
  noun({ table: "labeling.reviews", name: "labeling.review", read: "labeling.project.manage" }),
  noun({ table: "labeling.skips", name: "labeling.skip", read: "labeling.project.manage" }),
  noun({
    table: "labeling.predictions",
    name: "labeling.prediction",
    read: "labeling.project.manage",
    write: "labeling.project.manage",
    creatable: ["project_id", "task_id", "model_version", "choice_id", "data"],
    example: { data: { label: "lost_card" } },
  }),
  // Nobody changes what somebody else said.
  noun({
    table: "labeling.comments",
    name: "labeling.comment",
    read: "labeling.comment.write",
    write: "labeling.comment.write",
    creatable: ["label_id", "review_id", "parent_id", "content", "region"],
    byVerb: ["delete"],
  }),
  noun({
    table: "labeling.exports",
    name: "labeling.export",
    read: "labeling.project.manage",
    hidden: ["storage_key"],
  }),
  noun({ table: "labeling.metrics", name: "labeling.metric", read: "labeling.metric.read" }),
];
