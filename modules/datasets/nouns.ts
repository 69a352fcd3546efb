import { type Noun, noun } from "../../kernel/nouns/noun.ts";

/** What the API shows of this module's tables. */
export const nouns: readonly Noun[] = [
  noun({
    table: "datasets.datasets",
    name: "datasets.dataset",
    read: "datasets.dataset.read",
    write: "datasets.dataset.write",
    creatable: ["project_id", "task_type"],
    writable: ["name", "description", "metadata"],
  }),
  noun({
    table: "datasets.dataset_items",
    name: "datasets.dataset_item",
    read: "datasets.dataset.read",
    write: "datasets.dataset.write",
    creatable: ["dataset_id", "position"],
    writable: ["input", "input_json", "file_name"],
    example: { input: "Where is my card?" },
    hidden: ["storage_key"],
  }),
  noun({
    table: "datasets.versions",
    name: "datasets.version",
    read: "datasets.dataset.read",
    write: "datasets.dataset.write",
    creatable: ["dataset_id", "number"],
    writable: ["note"],
  }),
  noun({ table: "datasets.dataset_figures", name: "datasets.dataset_figure", read: "datasets.dataset.read" }),
];
