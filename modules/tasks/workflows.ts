import type { JsonText } from "../../kernel/http/route.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { pageStatement } from "../../kernel/tenancy/page.ts";
import { personOf, TASK_ROW } from "./listing.ts";
import type { WorkflowFilter } from "./workflows-contract.ts";

const TASKS_SHOWN_MAX = 200;

const FIELDS = `
  w.id, w.name, w.status, coalesce(f.total, 0) as total, coalesce(f.completed, 0) as completed, coalesce(f.failed, 0) as failed,
  coalesce(f.cancelled, 0) as cancelled, coalesce(100 * (f.completed + f.failed + f.cancelled) / nullif(f.total, 0), 0) as progress_percentage,
  ${personOf("w.created_by")} as created_by, w.created_at`;
const FIGURES = "left join tasks.workflow_figures f on f.organization_id = w.organization_id and f.workflow_id = w.id";

const PAGE = pageStatement(
  `select w.* from tasks.workflows w
   where w.organization_id = $1 and ($2::text is null or w.status = $2) and ($3::uuid is null or w.id < $3)`,
  "$4",
  `select ${FIELDS} from shown w ${FIGURES}`,
);

/** A page of workflows, newest first: `{items, next_cursor}` as JSON. */
export async function listWorkflows(context: Context, { status, cursor, limit }: WorkflowFilter): Promise<JsonText> {
  return askJson(context, PAGE, [context.organization.id, status ?? null, cursor ?? null, limit]);
}

const WORKFLOW = `
  select row_to_json(told)::text from (
    select ${FIELDS}, coalesce((
      select json_agg(${TASK_ROW} order by t.created_at, t.id) from (
        select * from tasks.tasks t where t.organization_id = $1 and t.workflow_id = w.id order by t.created_at, t.id limit ${TASKS_SHOWN_MAX}) t), '[]') as tasks
    from tasks.workflows w ${FIGURES} where w.organization_id = $1 and w.id = $2) told`;

/** A workflow with its figures and its first 200 tasks, as JSON. Throws not_found. */
export async function readWorkflow(context: Context, { workflow }: { workflow: string }): Promise<JsonText> {
  return askJson(context, WORKFLOW, [context.organization.id, workflow]);
}
