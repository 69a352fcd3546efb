import { z } from "zod";
import { Problem } from "../../../kernel/errors.ts";
import type { InputOf } from "../../../kernel/http/endpoint.ts";
import type { JsonText } from "../../../kernel/http/route.ts";
import { askJson } from "../../../kernel/tenancy/ask.ts";
import type { Context } from "../../../kernel/tenancy/context.ts";
import { type Transaction, transaction } from "../../../kernel/tenancy/transaction.ts";
import { answerShape, Form } from "../forms-contract.ts";
import type { decideApproval, handOverApproval, listApprovals } from "../people-contract.ts";

const IN_LIST = `
  'id', a.id, 'kind', a.kind, 'title', a.title, 'status', a.status,
  'assigned_to', case when a.assigned_to is not null then jsonb_build_object('id', a.assigned_to, 'name', a.assignee) end,
  'role', case when a.role_id is not null then jsonb_build_object('id', a.role_id, 'name', a.role) end,
  'due_at', a.due_at, 'is_overdue', a.status = 'pending' and coalesce(a.due_at < now(), false), 'escalation_level', a.escalation_level,
  'opened_at', a.opened_at, 'task', jsonb_build_object('id', a.task_id, 'name', a.task_name, 'type', a.task_type)`;

const WHOLE = `
  'details', a.details, 'form', a.form, 'decided_at', a.decided_at, 'answer', a.answer, 'reason', a.reason,
  'decided_by', case when a.decided_by is not null then jsonb_build_object('id', a.decided_by, 'name', a.decider) end,
  'input', a.task_input, 'error', a.task_error`;

/** Where somebody finds approvals: those of all, or those that wait for them. */
type Source = "tasks.all_approvals" | "tasks.own_approvals(false)" | "tasks.own_approvals(true)";

const PAGE_OF = (source: Source, condition = "") => `
  with page as (
    select * from (
      select a.*, coalesce(a.due_at, 'infinity'::timestamptz) as due from ${source} a where a.organization_id = $1 and a.status = $2
    ) a
    where ($3::timestamptz is null or a.due < $3) and ($4::timestamptz is null or (a.due, a.id) > ($4::timestamptz, $5::uuid)) ${condition}
    order by a.due_at, a.id limit $6 + 1
  ), shown as (select * from page order by due, id limit $6)
  select json_build_object(
    'items', coalesce((select json_agg(jsonb_build_object(${IN_LIST}) order by a.due, a.id) from shown a), '[]'),
    'next_cursor', case when (select count(*) from page) > $6 then (
      select coalesce((extract(epoch from a.due_at) * 1000000)::bigint::text, 'never') || '~' || a.id from shown a order by a.due desc, a.id desc limit 1) end
  )::text`;

const ONE_OF = (source: Source, condition = "") => `
  select (jsonb_build_object(${IN_LIST}) || jsonb_build_object(${WHOLE}))::text as json
  from ${source} a where a.organization_id = $1 and a.id = $2 ${condition}`;

const SEES_ALL = "and (select tasks.sees_all())";

/** Approvals of a status, what is due first: `{ items, next_cursor }` as JSON; of others only for who may see all tasks. */
export async function readApprovals(context: Context, { query }: InputOf<typeof listApprovals>): Promise<JsonText> {
  const { mine, status, due_before, cursor, limit } = query;
  const [due, id] = cursor?.split("~") ?? [];
  const values = [context.organization.id, status, due_before ?? null, due ? momentOf(due) : null, id ?? null, limit];
  if (mine || context.role === "own") return askJson(context, PAGE_OF("tasks.own_approvals(false)"), values);
  return askJson(context, PAGE_OF("tasks.all_approvals", SEES_ALL), values);
}

/** Microseconds since 1970 as a moment; PostgreSQL keeps them, and JavaScript does not. */
function momentOf(due: string): string {
  if (due === "never") return "infinity";
  const micros = BigInt(due);
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((micros - rest) / 1_000n)).toISOString().slice(0, 19);
  return `${seconds}.${String(rest).padStart(6, "0")}Z`;
}

/** An approval with its form as JSON. Throws not_found, also for who may not see it. */
export async function readApproval(context: Context, { approval }: { approval: string }): Promise<JsonText> {
  return transaction(context, async (tx) => ({ json: await readOne(tx, context, approval) }));
}

async function readOne(tx: Transaction, context: Context, approval: string): Promise<string> {
  const values = [context.organization.id, approval];
  const [mine] = await tx.query<{ json: string }>(ONE_OF("tasks.own_approvals(true)"), values);
  if (mine || context.role === "own") return mine?.json ?? missing();
  const [any] = await tx.query<{ json: string }>(ONE_OF("tasks.all_approvals", SEES_ALL), values);
  return any?.json ?? missing();
}

function missing(): never {
  throw new Problem("not_found");
}

const Asked = z.object({ form: Form });

/**
 * Decides, once: `{ id, status }` as JSON. Throws invalid where the answer does not fit the form, not_found, forbidden (it waits for
 * somebody else), conflict (decided before, with who did; or taken by another holder of the role).
 */
export async function decide(
  context: Context,
  approval: string,
  { decision, answer, reason }: InputOf<typeof decideApproval>["body"],
): Promise<JsonText> {
  const decided = await transaction(context, async (tx) => {
    const { form } = Asked.parse(JSON.parse(await readOne(tx, context, approval)));
    const checked = decision === "rejected" && answer === undefined ? undefined : checkAnswer(form, answer ?? {});
    const [row] = await tx.query<{ json: string }>("select tasks.decide_approval($1, $2, $3, $4)::text as json", [
      approval,
      decision,
      checked === undefined ? null : JSON.stringify(checked),
      reason || null,
    ]);
    return row ?? missing();
  });
  // The task may go on now.
  context.services.wakeWorkers();
  return decided;
}

/** An answer that fits the form. Throws invalid, with what is wrong at which field. */
export function checkAnswer(form: Form, answer: Record<string, unknown>): Record<string, unknown> {
  return z.object({ answer: answerShape(form) }).parse({ answer }).answer;
}

/** Takes what waits for a role that one holds: `{ id, assigned_to }` as JSON. Throws not_found, forbidden, conflict (taken, decided). */
export async function take(context: Context, approval: string): Promise<JsonText> {
  return askJson(context, "select tasks.take_approval($1)::text", [approval]);
}

/** Gives an approval to a member or a role. Throws as `take`, and invalid where nobody there works on tasks. */
export async function handOver(
  context: Context,
  approval: string,
  { member, role }: InputOf<typeof handOverApproval>["body"],
): Promise<JsonText> {
  return askJson(context, "select tasks.hand_over_approval($1, $2, $3)::text", [
    approval,
    member ?? null,
    role ?? null,
  ]);
}
