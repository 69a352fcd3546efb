/** Every tenant table whose changes are not on the record, with why. */
export const UNRECORDED_TABLES: Record<string, string> = {
  "audit.audit_logs": "It is the record.",
  "credits.holds": "A hold lasts as long as its work; what comes of it is in the books.",
  "credits.ledger_entries": "It is its own record, append-only.",
  "credits.operations": "It repeats what the books say.",
  "credits.usage_events": "It is its own record, append-only.",
  "credits.usage_periods": "It is worked out of the usage events.",
  "crm.customer_figures": "Triggers work it out of recorded rows.",
  "crm.customer_stages": "It is its own record, written by a trigger.",
  "labeling.assignments": "A lease lasts for minutes; the label that comes of it is recorded.",
  "labeling.label_revisions": "It is its own record, append-only.",
  "projects.project_figures": "Triggers work it out of recorded rows.",
  "tasks.task_attempts": "It is its own record: one row a try.",
  "labeling.project_figures": "Triggers work it out of recorded rows.",
};
