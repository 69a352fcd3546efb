import type { Database } from "../../../kernel/database/pool.ts";
import type { Services } from "../../../kernel/services.ts";
import type { Context } from "../../../kernel/tenancy/context.ts";
import { callOutside, queryText } from "../../../kernel/tenancy/transaction.ts";
import type { Outcome } from "./outcome.ts";

/** Under what the installation's own work stands in line. */
export const INSTALLATION = "ffffffff-ffff-ffff-ffff-ffffffffffff";
/** Most of anything that one sweep moves. */
export const SWEEP_BATCH = 1_000;

/** What a worker took at once of an organization. */
export type Claim = { token: string; organizationId: string; taskIds: string[]; types: string[] };

/** A claimed task, as the database tells it. */
export type ClaimedTask = {
  id: string;
  type: string;
  input: unknown;
  context: Record<string, unknown>;
  attempt: number;
  attempts_max: number;
  created_by: string | null;
  ai_model: string | null;
  ai_provider: string | null;
  /** The most that it may cost, in micro-credits. */
  cost_cap: number | null;
};

/** Which organization was served last, and how much it has had of its turn. */
export type Turn = { after: string; served: number };

/** Takes up to so many tasks of these types, going on where the turn is. */
export async function claimTasks(
  database: Database,
  leaseSeconds: number,
  { worker, types, places, turn }: { worker: string; types: readonly string[]; places: number; turn: Turn },
): Promise<Claim[]> {
  const rows = await callOutside<{ token: string; organization_id: string; task_ids: string[]; types: string[] }>(
    database,
    "dispatcher",
    "select token, organization_id, task_ids, types from tasks.claim($1, $2, $3, $4, $5, make_interval(secs => $6))",
    [worker, types, places, turn.after, turn.served, leaseSeconds],
  );
  return rows.map(({ token, organization_id, task_ids, types: taken }) => ({
    token,
    organizationId: organization_id,
    taskIds: task_ids,
    types: taken,
  }));
}

/** Tells that a worker lives; resolves with its claims that still stand, and what of them was cancelled. */
export async function extendClaims(
  database: Database,
  leaseSeconds: number,
  tokens: readonly string[],
): Promise<Map<string, string[]>> {
  if (tokens.length === 0) return new Map();
  const rows = await callOutside<{ token: string; cancelled: string[] }>(
    database,
    "dispatcher",
    "select token, cancelled from tasks.heartbeat($1, make_interval(secs => $2))",
    [tokens, leaseSeconds],
  );
  return new Map(rows.map(({ token, cancelled }) => [token, cancelled]));
}

/** Puts tasks back that were not tried. */
export async function putBack(database: Database, { token }: Claim, ids: readonly string[]): Promise<void> {
  await callOutside(database, "dispatcher", "select tasks.put_back($1, $2)", [token, ids]);
}

/** Does what time brings; resolves with how much it was, and the seconds until something is due next. */
export async function sweep(database: Database): Promise<{ moved: number; nextSeconds: number }> {
  const [row] = await callOutside<{ moved: number; next_seconds: number | null }>(
    database,
    "dispatcher",
    "select moved, next_seconds from tasks.sweep($1)",
    [SWEEP_BATCH],
  );
  return { moved: row?.moved ?? 0, nextSeconds: row?.next_seconds ?? Number.POSITIVE_INFINITY };
}

/** Tells that work of the installation is over, or when it comes again. */
export async function settleJob(
  database: Database,
  { token }: Claim,
  id: string,
  again: { seconds: number; isAnotherTry: boolean } | undefined,
): Promise<void> {
  const values = [token, id, again?.seconds ?? null, again?.isAnotherTry ?? false];
  await callOutside(database, "dispatcher", "select tasks.settle_job($1, $2, $3, $4)", values);
}

/**
 * Clears away what came and went, or the line would grow by what is gone. Without the right to (before PostgreSQL 17 nobody but the
 * owner has it) it does nothing, and autovacuum does it in its own time.
 */
export async function clearAway(database: Database): Promise<void> {
  await callOutside(database, "dispatcher", "vacuum (skip_locked, truncate false) tasks.entries, tasks.claims");
}

/** How a worker enters the organization of its claim; on behalf of the task's member where a task is named. */
export function entryOf(
  { database, services }: { database: Database; services: Services },
  { token, organizationId }: Claim,
  task?: { id: string; type: string; signal: AbortSignal },
): Context {
  return {
    database,
    services,
    role: "worker",
    credential: { kind: "claim", token, taskId: task?.id },
    organization: { id: organizationId, slug: "" },
    permission: "tasks.task.work",
    operation: task?.type ?? "tasks.engine",
    request: { requestId: task?.id ?? `claim-${token}` },
    ...(task && { signal: task.signal }),
  };
}

/** What a claim holds, after credits were set aside for it. */
export async function beginClaim(entry: Context, { token }: Claim): Promise<ClaimedTask[]> {
  const json = await queryText(entry, { text: "select tasks.begin($1)", values: [token], fixed: true });
  return JSON.parse(json ?? "[]") as ClaimedTask[];
}

/** Tells what came of claimed tasks. */
export async function finishTasks(entry: Context, { token }: Claim, outcomes: readonly Outcome[]): Promise<void> {
  const values = [token, JSON.stringify(outcomes)];
  await queryText(entry, { text: "select tasks.finish($1, $2)", values, fixed: true });
}

/** Tells how far tasks are. */
export async function reportProgress(entry: Context, { token }: Claim, reports: readonly Progress[]): Promise<void> {
  const values = [token, JSON.stringify(reports)];
  await queryText(entry, { text: "select tasks.report_progress($1, $2)", values, fixed: true });
}

/** How far a task is: 0 to 100, and a line of text. */
export type Progress = { task_id: string; percentage: number; note: string };
