import type { Examples } from "./example.ts";

export const KERNEL: Examples = {
  "mail.mailbox.read": { body: { key: "not the key" } },
  "data_model.table.search": { query: { words: "label" } },
  "data_model.document.read": { query: { words: "labeling", format: "markdown" } },
};
