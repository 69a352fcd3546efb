/** What is carried out here again and again: type, category, who does it, and a line for people. */
export const TASKS = [
  { type: "content.write_draft", category: "content", worker: "ai", name: "Write a first draft" },
  { type: "content.check_links", category: "content", worker: "internal", name: "Check the links of the journal" },
  { type: "commerce.sync_store", category: "ecommerce", worker: "integration", name: "Sync the online store" },
  { type: "commerce.describe_product", category: "ecommerce", worker: "ai", name: "Describe a product" },
  { type: "crm.answer_mail", category: "customer_service", worker: "human", name: "Answer a customer's mail" },
  { type: "analytics.weekly_report", category: "analytics", worker: "internal", name: "Add up the week" },
  { type: "labeling.export_labels", category: "labeling", worker: "internal", name: "Export the labels" },
  { type: "evaluation.score_submission", category: "evaluation", worker: "internal", name: "Score a submission" },
] as const;

export const STEPS = [
  { type: "content.write_draft", category: "content", name: "Write the newsletter" },
  { type: "content.check_links", category: "content", name: "Check its links" },
  { type: "content.approve", category: "content", name: "Have it approved" },
  { type: "content.send_newsletter", category: "content", name: "Send it" },
] as const;
