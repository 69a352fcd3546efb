import { transaction } from "../../../kernel/tenancy/transaction.ts";
import { type RunningTask, WAIT_FOR_ANSWER } from "../../../kernel/work.ts";
import { Form, type FormInput } from "../forms-contract.ts";
import type { PersonWish } from "../people-contract.ts";

/** Who is asked: a member by their id, or a role by its name or id. */
type Asked = { member: string; role?: never } | { role: string; member?: never };

/** What a task asks people for. Times are as in the contract's `PersonWish`. */
export type ApprovalWish = Asked & {
  /** What the task calls it: `context.approvals` has the answer by that. One of a name is open at a time. */
  key: string;
  title: string;
  details?: string;
  form?: FormInput;
  dueAt?: Date;
  reminders?: number[];
  escalation?: (Asked & { afterMinutes: number })[];
  expiresAfterMinutes?: number;
  /** Whether the task fails when it is rejected, or when nobody decides in time; else it goes on and sees it. Fails, if left out. */
  onRejection?: "fail" | "continue";
  onExpiry?: "fail" | "continue";
};

/** What people said, as a task finds it in its context. */
export type ApprovalAnswer = {
  approval: string;
  decision: "approved" | "rejected" | "expired";
  answer?: Record<string, unknown>;
  reason?: string;
  by?: string;
  at: string;
};

/** What people said to an approval of this key; undefined as long as they were not asked, or have not answered. */
export function approvalOf({ context }: Pick<RunningTask, "context">, key: string): ApprovalAnswer | undefined {
  return (context.approvals as Record<string, ApprovalAnswer> | undefined)?.[key];
}

/**
 * Asks people, and resolves with what the task is to return: it waits then, and takes up nothing. When all that it asked for is decided,
 * it runs again from its beginning, with `approvalOf` it. Throws invalid where nobody can be asked, or the form is none.
 */
export async function askForApproval(task: RunningTask, wish: ApprovalWish): Promise<typeof WAIT_FOR_ANSWER> {
  const asked = {
    key: wish.key,
    title: wish.title,
    details: wish.details,
    form: Form.parse(wish.form ?? []),
    assigned_to: wish.member,
    role: wish.role,
    due_at: wish.dueAt?.toISOString(),
    reminders: wish.reminders,
    escalation: wish.escalation?.map(({ afterMinutes, member, role }) => ({
      after_minutes: afterMinutes,
      assigned_to: member,
      role,
    })),
    expires_after_minutes: wish.expiresAfterMinutes,
    on_rejection: wish.onRejection,
    on_expiry: wish.onExpiry,
  };
  await transaction(task.entry, (tx) =>
    tx.query("select tasks.open_approval($1, $2)", [task.id, JSON.stringify(asked)]),
  );
  return WAIT_FOR_ANSWER;
}

/** The part of a wish for `tasks.ask` that makes it a person's task. Its title is the task's name, its details the description. */
export function humanWish({ member, escalation, ...wish }: PersonWish): {
  worker_type: "human";
  assigned_to?: string;
  person: object;
} {
  const steps = escalation.map(({ after_minutes, member: to, role }) => ({ after_minutes, assigned_to: to, role }));
  return { worker_type: "human", ...(member && { assigned_to: member }), person: { ...wish, escalation: steps } };
}
