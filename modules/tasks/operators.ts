import type pg from "pg";

/** The most tasks in one list. */
export const TASKS_SHOWN_MAX = 200;
/** The most that are replayed at once. */
export const REPLAYED_MAX = 1_000;

/** How the work of a type or of an organization stands. */
export type WorkFigures = {
  name: string;
  running: number;
  ready: number;
  later: number;
  parked: number;
  waiting: number;
  failed: number;
  oldest_ready_seconds: number | null;
};

/** By what figures are put together; the installation's own work has no organization. */
const GROUPS = {
  type: "f.type",
  organization:
    "coalesce((select o.slug from organizations.organizations o where o.id = f.organization_id), '(the installation)')",
};

/** How the work stands, by type or by organization, the busiest first. Failed is what failed for good in the last day. */
export async function readWorkFigures(owner: pg.ClientBase, by: keyof typeof GROUPS): Promise<WorkFigures[]> {
  const { rows } = await owner.query<WorkFigures>(
    `with f as (
       select e.organization_id, e.type, e.state, count(*) as count,
              case when e.state = 'ready' then extract(epoch from now() - min(e.ready_at)) end as seconds
       from tasks.entries e group by e.organization_id, e.type, e.state
       union all
       select c.organization_id, k.type, 'running', count(*), null from tasks.claims c cross join unnest(c.types) k (type) group by 1, 2
       union all
       select t.organization_id, t.type, t.attention, count(*), null
       from organizations.organizations o join tasks.tasks t on t.organization_id = o.id
       where t.attention in ('waiting', 'failed') and (t.attention = 'waiting' or t.completed_at >= now() - interval '1 day')
       group by 1, 2, 3
     )
     select ${GROUPS[by]} as name, ${["running", "ready", "later", "parked", "waiting", "failed"]
       .map((state) => `coalesce(sum(f.count) filter (where f.state = '${state}'), 0)::float8 as ${state}`)
       .join(", ")}, max(f.seconds)::float8 as oldest_ready_seconds
     from f group by 1 order by 2 desc, 3 desc, 1`,
  );
  return rows;
}

/** What a worker has at present. */
export type WorkerClaims = {
  worker: string;
  claims: number;
  tasks: number;
  since: Date;
  seconds_left: number;
  types: string[];
};

/** The workers that hold claims, and what is in them. */
export async function listWorkerClaims(owner: pg.ClientBase): Promise<WorkerClaims[]> {
  const { rows } = await owner.query<WorkerClaims>(
    `select c.worker, count(*)::int as claims, sum(cardinality(c.task_ids))::int as tasks, min(c.begun_at) as since,
            min(extract(epoch from c.expires_at - now()))::float8 as seconds_left,
            (select array_agg(distinct k.type order by k.type) from tasks.claims n cross join unnest(n.types) k (type) where n.worker = c.worker) as types
     from tasks.claims c group by c.worker order by c.worker`,
  );
  return rows;
}

export type TaskSummary = {
  id: string;
  organization: string;
  type: string;
  status: string;
  name: string;
  attempts: number;
  created_at: Date;
  error: string | null;
};

/** Tasks, newest first; `organization` is a slug. Throws when there is no such organization. */
export async function listTasksOfAll(
  owner: pg.ClientBase,
  {
    organization,
    status,
    type,
  }: { organization?: string | undefined; status?: string | undefined; type?: string | undefined },
): Promise<TaskSummary[]> {
  const id = organization === undefined ? null : await organizationIdOf(owner, organization);
  const { rows } = await owner.query<TaskSummary>(
    `select t.id, o.slug as organization, t.type, t.status, t.name, t.attempts, t.created_at, t.error_details ->> 'message' as error
     from organizations.organizations o cross join lateral (
       select * from tasks.tasks t
       where t.organization_id = o.id and ($2::text is null or t.status = $2) and ($3::text is null or t.type = $3)
         and ($2 is null or $2 in ('queued', 'completed') or t.attention = $2)
       order by t.created_at desc, t.id desc limit $4) t
     where $1::uuid is null or o.id = $1
     order by t.created_at desc, t.id desc limit $4`,
    [id, status ?? null, type ?? null, TASKS_SHOWN_MAX],
  );
  return rows;
}

async function organizationIdOf(owner: pg.ClientBase, slug: string): Promise<string> {
  const { rows } = await owner.query<{ id: string }>("select id from organizations.organizations where slug = $1", [
    slug,
  ]);
  if (rows[0]) return rows[0].id;
  throw new Error(`There is no organization "${slug}". "tenon admin organizations" lists them.`);
}

/** A task with its tries, as a list of names and values, in the words of the table. Undefined where there is none. */
export async function describeTask(
  owner: pg.ClientBase,
  task: string,
): Promise<{ fields: [name: string, value: string][]; attempts: string[][] } | undefined> {
  const { rows } = await owner.query<{ organization_id: string; told: Record<string, unknown> }>(
    `select t.organization_id, to_jsonb(t) - '{organization_id,attention,tree_id}'::text[]
       || jsonb_build_object('organization', (select o.slug from organizations.organizations o where o.id = t.organization_id),
            'line', (select e.state || ' since ' || e.ready_at from tasks.entries e where e.organization_id = t.organization_id and e.task_id = t.id),
            'worker', (select c.worker from tasks.claims c where c.organization_id = t.organization_id and t.id = any (c.task_ids))) as told
     from tasks.tasks t where t.id = $1`,
    [task],
  );
  const [found] = rows;
  if (!found) return undefined;
  const fields = Object.entries(found.told)
    .filter(([, value]) => value !== null && value !== "")
    .map(([name, value]): [string, string] => [name, typeof value === "string" ? value : JSON.stringify(value)]);
  const tries = await owner.query<{ row: string[] }>(
    `select array[a.attempt::text, a.status, coalesce(a.failure_class, ''), round(extract(epoch from a.ended_at - a.started_at) * 1000) || ' ms',
       a.ended_at::text, a.worker, coalesce(a.error_details ->> 'message', '')] as row
     from tasks.task_attempts a where a.organization_id = $1 and a.task_id = $2 order by a.created_at`,
    [found.organization_id, task],
  );
  return { fields, attempts: tries.rows.map(({ row }) => row) };
}

/** Cancels tasks of any organization, on the record; resolves with how many were not over. */
export async function cancelAsOperator(owner: pg.ClientBase, ids: readonly string[]): Promise<number> {
  const { rows } = await owner.query<{ count: number }>("select tasks.cancel_as_operator($1) as count", [ids]);
  return rows[0]?.count ?? 0;
}

/** Has tasks tried again that failed for good, on the record; resolves with how many. */
export async function replayAsOperator(owner: pg.ClientBase, ids: readonly string[]): Promise<number> {
  const { rows } = await owner.query<{ count: number }>("select tasks.replay_as_operator($1) as count", [ids]);
  return rows[0]?.count ?? 0;
}

/** Up to 1,000 tasks of a type that failed for good since a time, those that failed first before the others. */
export async function findFailed(owner: pg.ClientBase, type: string, since: Date): Promise<string[]> {
  const { rows } = await owner.query<{ id: string }>(
    `select t.id from organizations.organizations o join tasks.tasks t on t.organization_id = o.id
     where t.attention = 'failed' and t.type = $1 and t.completed_at >= $2 and t.worker_type <> 'human'
     order by t.completed_at limit $3`,
    [type, since, REPLAYED_MAX],
  );
  return rows.map(({ id }) => id);
}
