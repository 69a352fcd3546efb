import type { Examples } from "./example.ts";

export const AUDIT: Examples = {
  "audit.hold.place": { body: { reason: "Case 12/34" } },
  "audit.retention.set": { body: { audit_days: 365 } },
};
