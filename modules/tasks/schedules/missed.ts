import { lastRun, nextRun, nextRuns } from "./runs.ts";

/** Most runs of one schedule that become tasks at a time; the rest follow. The database refuses more. */
const RUNS_AT_A_TIME_MAX = 100;
/** A run that comes later than this was missed. */
const LATE_MAX_SECONDS = 300;

export type MissedRuns = "skip" | "once" | "all";

/** A schedule whose time has come; `asOf` is the present. */
export type Due = { rule: string; timezone: string; missedRuns: MissedRuns; nextRunAt: Date; asOf: Date };

/** What becomes of it: the runs that are made tasks now, and when it comes next, which is null when it is over. */
export type Step = { runs: Date[]; next: Date | null };

/**
 * What to do about the runs from `nextRunAt` to the present. `all`: each, at most 100 at a time, so that `next` may be in the past.
 * `once`: the last one alone. `skip`: the last one, and only if it is not late. Throws invalid when the rule is no rule (any more).
 */
export function stepOf({ rule, timezone, missedRuns, nextRunAt, asOf }: Due): Step {
  const before = new Date(nextRunAt.getTime() - 1);
  if (missedRuns === "all") {
    const runs = nextRuns(rule, timezone, before, RUNS_AT_A_TIME_MAX + 1);
    const due = runs.slice(0, RUNS_AT_A_TIME_MAX).filter((run) => run <= asOf);
    return { runs: due, next: runs[due.length] ?? null };
  }
  const first = nextRun(rule, timezone, before);
  if (!first || first > asOf) return { runs: [], next: first };
  const last = lastRun(rule, timezone, first, asOf);
  const isLate = asOf.getTime() - last.getTime() > LATE_MAX_SECONDS * 1000;
  return { runs: missedRuns === "skip" && isLate ? [] : [last], next: nextRun(rule, timezone, last) };
}
