import type { JsonText } from "../../kernel/http/route.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import type { TaskFilter } from "./tasks-contract.ts";

/** How many tasks a page looks at, at most, for those that a filter lets through: in all, and of each priority or in line. */
export type Bounds = { inAll: number; ofEach: number };

const BOUNDS: Bounds = { inAll: 10_000, ofEach: 1_000 };

/** What a list needs of a task `t`. */
const COLUMNS = `t.id, t.type, t.category, t.name, t.status, t.priority, t.worker_type, t.progress_percentage, t.progress_note, t.attempts,
  t.attempts_max, t.error_details, t.created_by, t.assigned_to, t.parent_task_id, t.workflow_id, t.scheduled_for, t.deadline_at, t.created_at,
  t.started_at, t.completed_at, t.version`;

/** A task `t` of the organization `$1` as lists show it. */
export const TASK_ROW = `json_build_object(
  'id', t.id, 'type', t.type, 'category', t.category, 'name', t.name, 'status', t.status, 'priority', t.priority, 'worker_type', t.worker_type,
  'progress_percentage', t.progress_percentage, 'progress_note', t.progress_note, 'attempts', t.attempts, 'attempts_max', t.attempts_max,
  'error_details', t.error_details, 'created_by', ${personOf("t.created_by")}, 'assigned_to', ${personOf("t.assigned_to")},
  'parent_task_id', t.parent_task_id, 'workflow_id', t.workflow_id, 'scheduled_for', t.scheduled_for, 'deadline_at', t.deadline_at,
  'created_at', t.created_at, 'started_at', t.started_at, 'completed_at', t.completed_at, 'version', t.version)`;

/** The member of a column, with their name, in the organization `$1`. */
export function personOf(column: string): string {
  return `(select json_build_object('id', m.user_id, 'name', m.display_name) from organizations.memberships m
    where m.organization_id = $1 and m.user_id = ${column})`;
}

/** A way to the tasks that may be on a page, newest first: with-clauses, the tasks `t`, their order, and behind which it goes on when the page is not full. */
type Way = { clauses: string; tasks: string; order: string; edge: string };

const NEWEST_FIRST = "t.created_at desc, t.id desc";
const POSITION = "(extract(epoch from t.created_at) * 1000000)::bigint || '_' || t.id";

const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

type Bind = (value: unknown, type: string) => string;

/**
 * A page of tasks, newest first: `{items, next_cursor}` as JSON. An index leads to the tasks that the most telling condition lets through;
 * of these a page looks at a bounded number for the others. So it may be short, and `next_cursor` tells from where to go on.
 */
export async function listTasks(context: Context, filter: TaskFilter): Promise<JsonText> {
  const { text, values } = pageOf(context.organization.id, filter);
  return askJson(context, text, values);
}

/** The statement of a page. */
export function pageOf(
  organizationId: string,
  { limit, ...filter }: TaskFilter,
  bounds = BOUNDS,
): { text: string; values: unknown[] } {
  const values: unknown[] = [organizationId];
  const bind: Bind = (value, type) => `$${values.push(value)}::${type}`;
  const { leading, others } = conditionsOf(filter, bind);
  const most = bind(limit, "integer");
  const way = wayOf(leading, { cursor: filter.cursor, hasOthers: others.length > 0, most, bounds, bind });
  const text = `
    with ${way.clauses}
    page as (select * from (${way.tasks}) t where ${["true", ...others].join(" and ")} order by ${way.order} limit ${most} + 1),
    shown as (select * from page t order by ${way.order} limit ${most})
    select json_build_object(
      'items', coalesce((select json_agg(${TASK_ROW} order by ${way.order}) from shown t), '[]'),
      'next_cursor', case when (select count(*) from page) > ${most} then
        (select ${POSITION} from shown t order by ${reversed(way.order)} limit 1) else ${way.edge} end)::text`;
  return { text, values };
}

function reversed(order: string): string {
  return order.replaceAll(" desc", "");
}

/** A condition, and which way leads to what it lets through; `none` is only compared. */
type Condition = { way: "time" | "urgency" | "line" | "none"; text: string };

/** The condition that an index leads along, the most telling one, and the others. */
function conditionsOf(
  { workflow, parent, assigned_to, status, type, category }: Omit<TaskFilter, "limit">,
  bind: Bind,
): { leading: Condition; others: string[] } {
  const equal = (column: string, value: string | undefined, columnType: string): Condition[] =>
    value === undefined ? [] : [{ way: "time", text: `${column} = ${bind(value, columnType)}` }];
  const assigned: Condition[] =
    assigned_to === "me"
      ? [{ way: "time", text: "t.assigned_to = kernel.user_id()" }]
      : equal("t.assigned_to", assigned_to, "uuid");
  const conditions = [
    ...equal("t.workflow_id", workflow, "uuid"),
    ...equal("t.parent_task_id", parent, "uuid"),
    ...assigned,
    ...statusCondition(status, bind),
    ...equal("t.type", type, "text"),
    ...equal("t.category", category, "text"),
  ];
  const leading = conditions.find(({ way }) => way !== "none") ?? { way: "time", text: "true" };
  return { leading, others: conditions.filter((condition) => condition !== leading).map(({ text }) => text) };
}

function statusCondition(status: TaskFilter["status"], bind: Bind): Condition[] {
  if (status === undefined) return [];
  if (status === "queued") return [{ way: "line", text: "t.status = 'queued'" }];
  if (status === "completed") return [{ way: "none", text: "t.status = 'completed'" }];
  return [{ way: "urgency", text: `t.status = ${bind(status, "text")}` }];
}

/** What the ways need to know: behind which task the page begins, whether other conditions are compared, and how much is looked at. */
type Wanted = { cursor: string | undefined; hasOthers: boolean; most: string; bounds: Bounds; bind: Bind };

function wayOf({ way, text }: Condition, wanted: Wanted): Way {
  if (way === "line") return wayAlongLine(wanted);
  return way === "urgency" ? wayByUrgency(text, wanted) : wayByTime(text, wanted);
}

/** What stands behind the end of the page before. */
function isBehind({ cursor, bind }: Wanted): string {
  if (cursor === undefined) return "true";
  const [micros, id] = cursor.split("_");
  return `(t.created_at, t.id) < (timestamptz 'epoch' + ${bind(micros, "bigint")} * interval '1 microsecond', ${bind(id, "uuid")})`;
}

function wayByTime(condition: string, wanted: Wanted): Way {
  const { inAll } = wanted.bounds;
  const from = `from tasks.tasks t where t.organization_id = $1 and ${condition} and ${isBehind(wanted)} order by ${NEWEST_FIRST}`;
  const last = `(select ${POSITION} from (select t.created_at, t.id ${from} offset ${inAll - 1} limit 1) t)`;
  return {
    clauses: "",
    tasks: `select ${COLUMNS} ${from} limit ${wanted.hasOthers ? inAll : `${wanted.most} + 1`}`,
    order: NEWEST_FIRST,
    edge: wanted.hasOthers ? last : "null",
  };
}

/** The index on what needs attention is by priority: the newest of each, and of these the newest, as far as none can be missing. */
function wayByUrgency(condition: string, wanted: Wanted): Way {
  const { hasOthers, most, bounds } = wanted;
  const clauses = `
    of_each as materialized (
      select t.* from generate_series(1, 10) p cross join lateral (
        select ${COLUMNS} from tasks.tasks t
        where t.organization_id = $1 and ${condition.replace("t.status", "t.attention")} and t.priority = p::smallint and ${isBehind(wanted)}
        order by ${NEWEST_FIRST} limit ${hasOthers ? bounds.ofEach : `${most} + 1`}) t),
    edge as (
      select t.created_at, t.id from (
        select e.created_at, e.id, row_number() over (partition by e.priority order by e.created_at desc, e.id desc) as number from of_each e) t
      where ${hasOthers} and t.number = ${bounds.ofEach} order by ${NEWEST_FIRST} limit 1),`;
  return {
    clauses,
    tasks:
      "select t.* from of_each t where not exists (select from edge e where (t.created_at, t.id) < (e.created_at, e.id))",
    order: NEWEST_FIRST,
    edge: `(select ${POSITION} from edge t)`,
  };
}

/** Which tasks are queued, the line knows: no index of theirs does, for that would make every task cost more. */
function wayAlongLine({ cursor, bounds, bind }: Wanted): Way {
  const before = cursor === undefined ? `'${LAST_ID}'::uuid` : bind(cursor.split("_")[1], "uuid");
  const clauses = `
    in_line as materialized (select l.id, l.is_queued from tasks.ids_in_line(${before}, ${bounds.inAll}) l),
    queued as materialized (select l.id from in_line l where l.is_queued order by l.id desc limit ${bounds.ofEach}),
    edge as (
      select coalesce(
        (select min(q.id::text)::uuid from queued q having count(*) = ${bounds.ofEach}),
        (select min(l.id::text)::uuid from in_line l having count(*) = ${bounds.inAll})) as id),`;
  return {
    clauses,
    tasks: `select ${COLUMNS} from queued q join tasks.tasks t on t.organization_id = $1 and t.id = q.id where t.status = 'queued'`,
    order: "t.id desc",
    edge: "(select '0_' || e.id from edge e)",
  };
}
