import type { JsonText } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { askJson } from "./refusals.ts";

const MEMBERS_MAX = 200;

/** What has been done in a project: `Figures` as JSON. Throws not_found. */
export async function readFigures(context: Context, { project }: { project: string }): Promise<JsonText> {
  return askJson(context, "select labeling.read_figures($1)", [project]);
}

// Row-level security shows a labeler their own days alone, and so the sums of these.
const LIST_METRICS = `
  select case when labeling.read_figures($2) is not null then json_build_object(
    'members', (
      select coalesce(json_agg(json_build_object(
        'user_id', m.user_id, 'name', m.display_name, 'submitted', f.submitted, 'rework', f.rework, 'tasks_completed', f.tasks_completed,
        'approved_rate', f.tasks_completed / nullif(f.reviewed, 0), 'average_rework', f.rejected / nullif(f.reviewed, 0),
        'lead_time_ms', f.lead_time_ms) order by f.tasks_completed desc, f.submitted desc, m.user_id), '[]')
      from (
        select user_id, sum(submitted) as submitted, sum(rework) as rework, sum(tasks_completed) as tasks_completed, sum(rejected)::float8 as rejected,
          sum(reviewed)::float8 as reviewed, sum(lead_time_ms) as lead_time_ms
        from labeling.metrics where organization_id = $1 and project_id = $2 group by user_id order by 4 desc, 2 desc, 1 limit ${MEMBERS_MAX}
      ) f join organizations.memberships m on m.organization_id = $1 and m.user_id = f.user_id),
    'days', (
      select coalesce(json_agg(json_build_object(
        'day', d.day, 'submitted', d.submitted, 'rework', d.rework, 'tasks_completed', d.tasks_completed, 'rejected', d.rejected,
        'approved_rate', d.tasks_completed::float8 / nullif(d.tasks_completed + d.rejected, 0)::float8,
        'average_rework', d.rejected::float8 / nullif(d.reviewed, 0)::float8, 'lead_time_ms', d.lead_time_ms) order by d.day desc), '[]')
      from (
        select day, sum(submitted) as submitted, sum(rework) as rework, sum(tasks_completed) as tasks_completed, sum(rejected) as rejected,
          sum(reviewed) as reviewed, sum(lead_time_ms) as lead_time_ms
        from labeling.metrics where organization_id = $1 and project_id = $2 group by day order by day desc limit $3
      ) d)) end`;

/** What each labeler did in a project, and what was done on the last `days` on which something was: `Metrics` as JSON. Throws not_found. */
export async function listMetrics(
  context: Context,
  { project, days }: { project: string; days: number },
): Promise<JsonText> {
  return askJson(context, LIST_METRICS, [context.organization.id, project, days]);
}
