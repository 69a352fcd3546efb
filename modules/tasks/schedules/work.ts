import pg from "pg";
import { hasState } from "../../../kernel/database/errors.ts";
import { Problem } from "../../../kernel/errors.ts";
import { refusalOf } from "../../../kernel/http/problem-document.ts";
import { callOutside } from "../../../kernel/tenancy/transaction.ts";
import type { Work, Workplace } from "../../../kernel/work.ts";
import { wishOf } from "../asking.ts";
import { isPassing } from "../engine/outcome.ts";
import { readInput } from "../kinds.ts";
import { type MissedRuns, type Step, stepOf } from "./missed.ts";

const SCHEDULES_AT_A_TIME = 100;
const LOOK_EVERY_SECONDS = 10;

type DueRow = {
  organization_id: string;
  id: string;
  type: string;
  input: unknown;
  rule: string;
  timezone: string;
  next_run_at: Date;
  missed_runs: MissedRuns;
  version: string;
  as_of: Date;
};

/**
 * Makes the tasks of all schedules whose time has come, and moves these on. Any number of processes may do it at once: the first
 * one to move a schedule on makes its tasks, in the same transaction. A schedule that fails does not keep the others waiting; it
 * is told so, and tried again later. Rejects at the end with what nobody foresaw.
 */
export async function advanceSchedules({ database, services, signal }: Workplace): Promise<void> {
  const causes: unknown[] = [];
  let hasMade = false;
  let isMoving = true;
  while (isMoving && !signal.aborted) {
    isMoving = false;
    const due = await callOutside<DueRow>(database, "dispatcher", "select * from tasks.due_schedules($1)", [
      SCHEDULES_AT_A_TIME,
    ]);
    for (const row of due) {
      if (signal.aborted) break;
      // What another process moved on in the meantime is no progress of ours: that one goes on.
      if (await advanceOne({ database, services }, row, causes)) isMoving = true;
    }
    hasMade ||= isMoving;
  }
  if (hasMade) services.wakeWorkers();
  if (causes.length > 0) throw new AggregateError(causes, `${causes.length} schedules could not be advanced.`);
}

/** Makes tasks when their time comes: looks every ten seconds, and when the next schedule is due before that. */
export const scheduleWork: Work = {
  name: "tasks.schedules",
  everySeconds: LOOK_EVERY_SECONDS,
  run: advanceSchedules,
  nextSeconds: async ({ database }) => {
    const statement = "select tasks.next_schedule_seconds() as seconds";
    const [next] = await callOutside<{ seconds: number | null }>(database, "dispatcher", statement);
    return next?.seconds ?? undefined;
  },
};

async function advanceOne(
  { database, services }: Pick<Workplace, "database" | "services">,
  row: DueRow,
  causes: unknown[],
): Promise<boolean> {
  const { organization_id, id, version } = row;
  try {
    const { runs, next } = planOf(row);
    const wish = wishOfSchedule(services, row);
    const [answer] = await callOutside<{ outcome: string }>(
      database,
      "dispatcher",
      "select tasks.advance_schedule($1, $2, $3, $4, $5, $6) as outcome",
      [
        organization_id,
        id,
        version,
        runs.map((run) => run.toISOString()),
        next?.toISOString() ?? null,
        JSON.stringify(wish),
      ],
    );
    return answer?.outcome !== "lost";
  } catch (error) {
    const problem = error instanceof Problem ? error : refusalOf(error);
    // Without a database there is nobody to tell.
    if (!problem && !(error instanceof pg.DatabaseError)) throw error;
    if (!problem) causes.push(error);
    // That a connection broke is not the schedule's fault; that it takes too long may be.
    if (isPassing(error) && !hasState(error, "query_canceled")) return false;
    await callOutside(database, "dispatcher", "select tasks.note_schedule_failure($1, $2, $3, $4)", [
      organization_id,
      id,
      version,
      reasonOf(problem),
    ]);
    return true;
  }
}

function planOf({ rule, timezone, missed_runs, next_run_at, as_of }: DueRow): Step {
  return stepOf({ rule, timezone, missedRuns: missed_runs, nextRunAt: next_run_at, asOf: as_of });
}

/** What the kind says of the tasks. It may have been taken away, or have come to want another input, since the schedule was made. */
function wishOfSchedule({ kinds }: Workplace["services"], { type, input }: DueRow): object {
  const kind = kinds.get(type);
  if (kind) return wishOf(kind, { input: readInput(kind, input) });
  throw new Problem("invalid", { detail: `There are no tasks of the type "${type}" any more.` });
}

/** What members may read of a failure. */
function reasonOf(problem: Problem | undefined): string {
  const words = problem?.errors.map(({ message }) => message).join(" ") || problem?.detail;
  return words ?? "The task could not be made.";
}
