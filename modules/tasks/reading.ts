import type { JsonText } from "../../kernel/http/route.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { personOf } from "./listing.ts";

const NEIGHBOURS_SHOWN_MAX = 200;
const ATTEMPTS_SHOWN_MAX = 100;
const LOG_SHOWN_MAX = 8_000;
const PARTS_COUNTED_MAX = 10_000;

const ATTEMPTS = `coalesce((
  select json_agg(json_build_object(
    'attempt', a.attempt, 'status', a.status, 'failure_class', a.failure_class, 'error_details', a.error_details,
    'log', left(a.log, ${LOG_SHOWN_MAX}), 'started_at', a.started_at, 'ended_at', a.ended_at,
    'duration_ms', round(extract(epoch from a.ended_at - a.started_at) * 1000), 'cost', a.cost) order by a.created_at, a.attempt)
  from (
    select * from tasks.task_attempts a where a.organization_id = $1 and a.task_id = t.id and a.created_at >= t.created_at
    order by a.created_at desc, a.attempt desc limit ${ATTEMPTS_SHOWN_MAX}) a), '[]')`;

/** The tasks at the other ends of dependencies. */
const neighbours = (here: string, there: string) => `coalesce((
  select json_agg(json_build_object('id', n.id, 'name', n.name, 'status', n.status, 'policy', n.policy) order by n.id)
  from (
    select o.id, o.name, o.status, d.policy from tasks.task_dependencies d
    join tasks.tasks o on o.organization_id = d.organization_id and o.id = d.${there}
    where d.organization_id = $1 and d.${here} = t.id order by o.id limit ${NEIGHBOURS_SHOWN_MAX}) n), '[]')`;

const PARTS = `(
  select coalesce(json_object_agg(p.status, p.count), '{}') from (
    select c.status, count(*) from (
      select c.status from tasks.tasks c where c.organization_id = $1 and c.parent_task_id = t.id limit ${PARTS_COUNTED_MAX}) c
    group by c.status) p)`;

const TAGS = `coalesce((
  select json_agg(json_build_object('id', g.id, 'name', g.name) order by g.name_key) from tasks.task_tags tt
  join organizations.tags g on g.organization_id = tt.organization_id and g.id = tt.tag_id
  where tt.organization_id = $1 and tt.task_id = t.id), '[]')`;

const APPROVALS = `coalesce((
  select json_agg(json_build_object(
    'id', a.id, 'title', a.title, 'status', a.status, 'assigned_to', a.assigned_to, 'role_id', a.role_id, 'due_at', a.due_at,
    'decided_by', a.decided_by, 'decided_at', a.decided_at) order by a.id)
  from tasks.approvals a where a.organization_id = $1 and a.task_id = t.id), '[]')`;

const TASK = `
  select row_to_json(told)::text from (
    select t.id, t.type, t.category, t.name, t.description, t.status, t.priority, t.worker_type, t.input, t.output, t.error_details, t.context,
      t.ai_model, t.ai_provider, t.estimated_cost, t.actual_cost, t.cost_cap, t.tree_cost_cap, t.cost_breakdown, t.credit_policy,
      t.dependency_policy, t.blocked_by, t.tree_id, t.limits, t.idempotency_key, t.parent_task_id, t.workflow_id,
      ${personOf("t.created_by")} as created_by, ${personOf("t.assigned_to")} as assigned_to,
      t.scheduled_for, t.deadline_at, t.created_at, t.updated_at, t.started_at, t.completed_at, t.processing_time_ms, t.attempts, t.attempts_max,
      t.progress_percentage, t.progress_note, t.cancel_requested_at, t.quality_score, t.user_feedback, t.version,
      ${ATTEMPTS} as attempts_made, ${neighbours("task_id", "depends_on_id")} as depends_on,
      ${neighbours("depends_on_id", "task_id")} as dependants, ${PARTS} as parts,
      (select json_build_object('id', w.id, 'name', w.name, 'status', w.status) from tasks.workflows w
        where w.organization_id = $1 and w.id = t.workflow_id) as workflow,
      ${TAGS} as tags, ${APPROVALS} as approvals,
      case when t.status not in ('completed', 'failed', 'cancelled') then tasks.place_in_line(t.id) end as line
    from tasks.tasks t where t.organization_id = $1 and t.id = $2) told`;

/** A task with its tries, what it depends on, its parts and its place in line, as JSON. Throws not_found. */
export async function readTask(context: Context, { task }: { task: string }): Promise<JsonText> {
  return askJson(context, TASK, [context.organization.id, task]);
}

const PERFORMANCE = `
  select json_build_object('items', coalesce(json_agg(told order by told.day desc, told.type), '[]'))::text
  from (
    select p.type, p.day, p.executions, p.completed, p.failed, p.average_processing_time_ms, p.average_cost, p.average_quality_score, p.success_rate
    from tasks.task_performance p where p.organization_id = $1 and ($2::text is null or p.type = $2)) told`;

/** How the tasks of each type went, by day: `{items}` as JSON. */
export async function readPerformance(context: Context, { type }: { type?: string | undefined }): Promise<JsonText> {
  return askJson(context, PERFORMANCE, [context.organization.id, type ?? null]);
}
