import type { Examples } from "./example.ts";

export const LABELING: Examples = {
  "labeling.project.create": { body: { name: "Example", labels: [{ name: "a" }, { name: "b" }] } },
  "labeling.task.import": { text: "text\nhello\n", query: { format: "csv" } },
  "labeling.export.start": { body: { format: "csv" } },
  "labeling.label.submit": { body: { label: "good" } },
  "labeling.review.decide": { body: { decision: "approved" } },
};
