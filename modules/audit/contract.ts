import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { pageOf, pageQuery } from "../../kernel/http/paging.ts";

/** Most entries of one export. Its last line tells from where to ask for the rest. */
export const EXPORT_ENTRIES_MAX = 1_000_000;

/** A legal hold or a rule of retention is set in days or words of at most this size. */
const RETENTION_DAYS_MIN = 30;
const RETENTION_DAYS_MAX = 3_650;
/** Who listens for longer comes back. */
const LISTENED_SECONDS_MAX = 24 * 60 * 60;
const REASON_LENGTH_MAX = 1_000;

/**
 * One change on the record. Values are those of the changed columns; `actor` is the name of the person who acted, `impersonator`
 * that of a supporter who did it in the person's place. `erased` lists what was erased of the entry since: its values, or its origin.
 */
export const AuditEntry = z.object({
  id: z.uuid(),
  created_at: z.string(),
  actor: z.string().nullable(),
  user_id: z.uuid().nullable(),
  impersonator: z.string().nullable(),
  impersonator_id: z.uuid().nullable(),
  api_key_id: z.uuid().nullable(),
  operation: z.string().nullable(),
  action: z.enum(["insert", "update", "delete"]),
  resource_type: z.string(),
  resource_id: z.string().nullable(),
  old_values: z.unknown(),
  new_values: z.unknown(),
  details: z.unknown(),
  address: z.string().nullable(),
  agent: z.string().nullable(),
  request_id: z.string().nullable(),
  erased: z.array(z.enum(["values", "origin"])),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

const OrganizationParams = z.object({ organization: z.string() });

/** PostgreSQL knows no year 0000, and no offset of 16 hours or more. */
const Moment = z.iso
  .datetime({ offset: true })
  .regex(/^(?!0000).*(Z|[+-](0\d|1[0-5]):\d\d)$/, "This must be a moment such as 2026-01-31T09:00:00+02:00.");

/** Which entries are wanted; what is left out does not matter. */
const EntryFilter = z.object({
  /** The person who acted, or in whose place it was done. */
  user_id: z.uuid().optional(),
  /** The supporter who acted in a member's place. */
  impersonator_id: z.uuid().optional(),
  api_key_id: z.uuid().optional(),
  /** An operation such as `labeling.label.submit`, or with a dot at its end the beginning of several, such as `labeling.`. */
  operation: z.string().max(100).optional(),
  resource_type: z.string().max(100).optional(),
  resource_id: z.string().max(200).optional(),
  /** The moment from which on, and the moment before which, as ISO 8601 with its offset. */
  from: Moment.optional(),
  to: Moment.optional(),
  cursor: pageQuery().cursor,
});
export type EntryFilter = z.infer<typeof EntryFilter>;

export const listEntries = endpoint({
  name: "audit.entry.list",
  summary: "The record of changes, newest first",
  method: "GET",
  path: "/api/organizations/:organization/audit/entries",
  access: "audit.read",
  params: OrganizationParams,
  query: EntryFilter.extend(pageQuery()),
  answer: pageOf(AuditEntry),
});

export const exportEntries = endpoint({
  name: "audit.entry.export",
  summary: "Take entries of the record out as CSV or JSON lines, newest first, at most 1,000,000 at a time",
  method: "GET",
  path: "/api/organizations/:organization/audit/export",
  access: "audit.read",
  params: OrganizationParams,
  query: EntryFilter.extend({ format: z.enum(["csv", "jsonl"]).default("csv") }),
  answerMedia: "stream",
  fileTypes: ["text/csv", "application/jsonl"],
});

/** A row that changed, without values: whoever wants them reads the row. Its id is null where a statement changed very many. */
const Change = z.object({
  operation: z.string().nullable(),
  action: z.enum(["insert", "update", "delete"]),
  resource: z.object({ type: z.string(), id: z.string().nullable() }),
  actor: z.object({ kind: z.enum(["user", "api_key", "task", "system"]), user_id: z.uuid().nullable() }),
});

export const followChanges = endpoint({
  name: "audit.change.follow",
  summary:
    "Hear which rows change, as it happens, as far as one may see all of their kind: events change, and reset when some may have been missed",
  method: "GET",
  path: "/api/organizations/:organization/events",
  access: "member.read",
  params: OrganizationParams,
  query: z.object({
    /** How long to listen at most; with 0 one hears only what came since the event that `Last-Event-ID` names. */
    seconds: z.coerce.number().int().min(0).max(LISTENED_SECONDS_MAX).default(LISTENED_SECONDS_MAX),
  }),
  answer: Change,
  answerMedia: "events",
  example: { query: { seconds: "0" } },
});

/** A legal hold: while it stands, nothing of the organization is erased. */
const LegalHold = z.object({
  id: z.uuid(),
  reason: z.string(),
  placed_by: z.string(),
  placed_at: z.string(),
  released_by: z.string().nullable(),
  released_at: z.string().nullable(),
});

export const listHolds = endpoint({
  name: "audit.hold.list",
  summary: "The legal holds, newest first, those that were lifted too",
  method: "GET",
  path: "/api/organizations/:organization/audit/holds",
  access: "audit.hold",
  params: OrganizationParams,
  answer: z.object({ items: z.array(LegalHold) }),
});

export const placeHold = endpoint({
  name: "audit.hold.place",
  summary: "Place a legal hold: nothing of the organization is erased while it stands",
  method: "POST",
  path: "/api/organizations/:organization/audit/holds",
  access: "audit.hold",
  params: OrganizationParams,
  body: z.object({ reason: z.string().trim().min(1).max(REASON_LENGTH_MAX) }),
  answer: z.object({ id: z.uuid() }),
  example: { body: { reason: "Case 12/34" } },
});

export const releaseHold = endpoint({
  name: "audit.hold.release",
  summary: "Lift a legal hold; it stays on the list",
  method: "DELETE",
  path: "/api/organizations/:organization/audit/holds/:hold",
  access: "audit.hold",
  params: OrganizationParams.extend({ hold: z.uuid() }),
});

/** After how many days the record loses what entries say, while the entries themselves stay; null keeps it for ever. */
const Retention = z.object({
  audit_days: z.number().int().min(RETENTION_DAYS_MIN).max(RETENTION_DAYS_MAX).nullable(),
});

export const readRetention = endpoint({
  name: "audit.retention.read",
  summary: "How long the record keeps what entries say",
  method: "GET",
  path: "/api/organizations/:organization/audit/retention",
  access: "audit.hold",
  params: OrganizationParams,
  answer: Retention,
});

export const setRetention = endpoint({
  name: "audit.retention.set",
  summary: "Set how long the record keeps what entries say",
  method: "PUT",
  path: "/api/organizations/:organization/audit/retention",
  access: "audit.hold",
  params: OrganizationParams,
  body: Retention,
  answer: Retention,
  example: { body: { audit_days: 365 } },
});

export const exportPerson = endpoint({
  name: "audit.person.export",
  summary:
    "Everything that is kept about oneself, as JSON, without secrets; wants a proof of identity from the last 15 minutes",
  method: "GET",
  path: "/api/me/export",
  access: "person",
  answerMedia: "stream",
  fileTypes: ["application/json"],
});
