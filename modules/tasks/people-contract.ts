import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { NO_CURSOR, pageOf, pageQuery } from "../../kernel/http/paging.ts";
import { Form } from "./forms-contract.ts";

const APPROVALS = "/api/organizations/:organization/approvals";
const APPROVAL = `${APPROVALS}/:approval`;

const MINUTES_MAX = 365 * 24 * 60;
const REMINDERS_MAX = 5;
const ESCALATION_STEPS_MAX = 10;
export const REASON_LENGTH_MAX = 5_000;

const InOrganization = z.object({ organization: z.string() });
const OfApproval = z.object({ organization: z.string(), approval: z.uuid() });
/** PostgreSQL knows no year 0000, and no offset of 16 hours or more. */
const Moment = z.iso
  .datetime({ offset: true })
  .regex(/^(?!0000).*(Z|[+-](0\d|1[0-5]):\d\d)$/, "This must be a moment such as 2026-01-31T09:00:00+02:00.");
const Minutes = z.int().min(0).max(MINUTES_MAX);

const isSomebody = ({ member, role }: { member?: string | undefined; role?: string | undefined }) =>
  (member === undefined) !== (role === undefined);
const NOBODY = "Name a member or a role, one of the two.";
/** A member or a role: one of the two. */
const Somebody = z.object({ member: z.uuid().optional(), role: z.uuid().optional() }).refine(isSomebody, NOBODY);

/** Who does a person's work, and what happens while nobody does. */
export const PersonWish = z
  .object({
    /** Who does it: a member, or any holder of a role. */
    member: z.uuid().optional(),
    role: z.uuid().optional(),
    form: Form.default([]),
    due_at: Moment.optional(),
    /** Minutes before it is due. */
    reminders: z.array(Minutes).max(REMINDERS_MAX).default([]),
    /** To whom it goes when nobody has done it so many minutes after it was due, or after it was ready where that is later. */
    escalation: z
      .array(
        z
          .object({ after_minutes: Minutes, member: z.uuid().optional(), role: z.uuid().optional() })
          .refine(isSomebody, NOBODY),
      )
      .max(ESCALATION_STEPS_MAX)
      .default([]),
    /** When it is over although nobody has done it, counted alike; left out, it stays open. */
    expires_after_minutes: Minutes.optional(),
    /** Whether the task fails then, or counts as done without a result. */
    on_expiry: z.enum(["fail", "continue"]).default("fail"),
    on_rejection: z.enum(["fail", "continue"]).default("fail"),
  })
  .refine(isSomebody, NOBODY)
  .refine(({ reminders, due_at }) => reminders.length === 0 || due_at !== undefined, "Reminders need due_at.");
export type PersonWish = z.infer<typeof PersonWish>;

const Named = z.object({ id: z.uuid(), name: z.string().nullable() });

/** What a person owes to a task: the work itself, or a decision. */
const ApprovalInList = z.object({
  id: z.uuid(),
  kind: z.enum(["work", "approval"]),
  title: z.string(),
  status: z.enum(["pending", "approved", "rejected", "done", "expired", "cancelled"]),
  /** Of what is a role's, the holder who took it; null while nobody has. */
  assigned_to: Named.nullable(),
  role: Named.nullable(),
  due_at: z.string().nullable(),
  is_overdue: z.boolean(),
  /** How often it was handed up. */
  escalation_level: z.int(),
  opened_at: z.string().nullable(),
  task: z.object({ id: z.uuid(), name: z.string(), type: z.string() }),
});
export type ApprovalInList = z.infer<typeof ApprovalInList>;

const Approval = ApprovalInList.extend({
  details: z.string(),
  form: Form,
  decided_by: Named.nullable(),
  decided_at: z.string().nullable(),
  answer: z.record(z.string(), z.unknown()).nullable(),
  reason: z.string().nullable(),
  /** What the task works on, where the work is the person's; why it failed, where it is done by hand. */
  input: z.unknown(),
  error: z.unknown(),
});
export type Approval = z.infer<typeof Approval>;

/** When what the page before ended with is due, in microseconds, and its id. */
const Cursor = z.string().regex(/^(-?\d{1,17}|never)~[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, NO_CURSOR);

export const listApprovals = endpoint({
  name: "tasks.approval.browse",
  summary: "What waits for people, what is due first; by itself what waits for the caller",
  method: "GET",
  path: APPROVALS,
  access: "tasks.task.work",
  params: InOrganization,
  query: z.object({
    /** Assigned to the caller, or to a role that they hold and taken by nobody. Who may not see all tasks sees no others. */
    mine: z.stringbool().default(true),
    status: ApprovalInList.shape.status.default("pending"),
    due_before: Moment.optional(),
    ...pageQuery(Cursor),
  }),
  answer: pageOf(ApprovalInList),
});

export const readApproval = endpoint({
  name: "tasks.approval.read",
  summary: "An approval with its form",
  method: "GET",
  path: APPROVAL,
  access: "tasks.task.work",
  params: OfApproval,
  answer: Approval,
});

export const decideApproval = endpoint({
  name: "tasks.approval.decide",
  summary: "Approve or reject, or say that the work is done; the first one decides",
  method: "POST",
  path: `${APPROVAL}/decide`,
  access: "tasks.task.work",
  params: OfApproval,
  body: z
    .object({
      decision: z.enum(["approved", "rejected", "done"]),
      /** By the names of the form's fields. A rejection needs none. */
      answer: z.record(z.string().max(50), z.unknown()).optional(),
      reason: z.string().trim().max(REASON_LENGTH_MAX).optional(),
    })
    .refine(({ decision, reason }) => decision !== "rejected" || Boolean(reason), {
      path: ["reason"],
      message: "Say why: who asked reads it.",
    }),
  answer: z.object({ id: z.uuid(), status: z.string() }),
  example: { body: { decision: "approved" } },
});

export const takeApproval = endpoint({
  name: "tasks.approval.take",
  summary: "Take what waits for a role that one holds",
  method: "POST",
  path: `${APPROVAL}/take`,
  access: "tasks.task.work",
  params: OfApproval,
  answer: z.object({ id: z.uuid(), assigned_to: z.uuid() }),
});

export const handOverApproval = endpoint({
  name: "tasks.approval.hand_over",
  summary: "Give an approval to another member, or to a role",
  method: "POST",
  path: `${APPROVAL}/hand-over`,
  access: "tasks.task.work",
  params: OfApproval,
  body: Somebody,
  answer: z.object({ id: z.uuid(), assigned_to: z.uuid().nullable(), role: z.uuid().nullable() }),
  example: { body: { role: ":role" } },
});
