import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

/** One change on the record. Values are those of the changed columns; `actor` is the name of the person who acted. */
export const AuditEntry = z.object({
  id: z.uuid(),
  created_at: z.string(),
  actor: z.string().nullable(),
  operation: z.string().nullable(),
  action: z.enum(["insert", "update", "delete"]),
  resource_type: z.string(),
  resource_id: z.string().nullable(),
  old_values: z.unknown(),
  new_values: z.unknown(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const listEntries = endpoint({
  name: "audit.entry.list",
  summary: "The record of changes, newest first",
  method: "GET",
  path: "/api/organizations/:organization/audit/entries",
  access: "audit.read",
  params: z.object({ organization: z.string() }),
  query: z.object({
    /** The id of the last entry of the page before. */
    after: z.uuid().optional(),
    resource_type: z.string().max(100).optional(),
    resource_id: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  answer: z.object({ items: z.array(AuditEntry), next: z.uuid().nullable() }),
});
