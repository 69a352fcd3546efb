import { Temporal } from "temporal-polyfill";
import { readCron } from "./cron.ts";
import { fault } from "./fault.ts";
import type { Recurrence } from "./pattern.ts";
import { readRecurrence } from "./recurrence.ts";
import { moveAround, readTimeZone, readWallTime, wallTimeAt } from "./zone.ts";

const RULE_LENGTH_MAX = 2_000;
/** What comes later than this many years from now never comes. */
const YEARS_AHEAD_MAX = 100;

const YEAR_MS = 366 * 86_400_000;
const ONCE = /^\d{4}-\d\d-\d\d/;
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?$/i;
const RECURRENCE = /^(FREQ=|RRULE|DTSTART|EXDATE|RDATE|EXRULE|UNTIL|COUNT)/i;

/** A rule that was read, and the zone whose clock it goes by. */
type Rule = { timezone: string; recurrence: Recurrence | { follows: "once"; at: number } };

/**
 * Reads a rule: a time such as `2026-12-24T18:00`, a cron expression of 5 or 6 fields, or the lines DTSTART, RRULE and EXDATE of
 * RFC 5545. Times without an offset are of the zone. Throws invalid; each error names the part and says what to write.
 */
function readRule(rule: string, timezone: string): Rule {
  const zone = readTimeZone(timezone);
  const text = rule.trim();
  if (text === "")
    throw fault("rule", `The rule is empty. Write a time, a cron expression such as "0 9 * * 1-5", or an RRULE.`);
  if (text.length > RULE_LENGTH_MAX)
    throw fault(
      "rule",
      `The rule has ${text.length} characters, and ${RULE_LENGTH_MAX} are the most. Make it shorter.`,
    );
  if (ONCE.test(text)) return { timezone: zone, recurrence: { follows: "once", at: readOnce(text, zone) } };
  return { timezone: zone, recurrence: RECURRENCE.test(text) ? readRecurrence(text, zone) : readCron(text) };
}

function readOnce(text: string, timezone: string): number {
  try {
    if (!TIME.test(text)) throw new RangeError("It is written otherwise.");
    const isInstant = /(z|[+-]\d\d:?\d\d)$/i.test(text);
    const instant = isInstant
      ? Temporal.Instant.from(text).epochMilliseconds
      : readWallTime(Temporal.PlainDateTime.from(text).toZonedDateTime("UTC").epochMilliseconds, timezone).shifted;
    return instant - (instant % 1000);
  } catch {
    throw fault(
      "rule",
      `"${text.slice(0, 50)}" is no time. Write it as 2026-12-24T18:00, or as 2026-12-24T17:00Z in UTC.`,
    );
  }
}

/** The next runs of a rule, at most `count`, all after `after`, in order; fewer where the rule ends. Throws as `readRule`. */
export function nextRuns(rule: string, timezone: string, after: Date, count: number): Date[] {
  return runsAfter(readRule(rule, timezone), after.getTime(), count).map((run) => new Date(run));
}

/** The next run of a rule after `after`, or null when it never comes again. Throws as `readRule`. */
export function nextRun(rule: string, timezone: string, after: Date): Date | null {
  return nextRuns(rule, timezone, after, 1)[0] ?? null;
}

/**
 * The last run from `from` to `until`, where there is one at `from`. A search by halves: a schedule that was down for a year has
 * half a million minutes to skip.
 */
export function lastRun(rule: string, timezone: string, from: Date, until: Date): Date {
  const read = readRule(rule, timezone);
  let found = from.getTime();
  let nothingAfter = until.getTime();
  while (found < nothingAfter) {
    const [next] = runsAfter(read, found, 1);
    if (next === undefined || next > nothingAfter) break;
    found = next;
    const middle = Math.floor((found + nothingAfter) / 2);
    const [behind] = runsAfter(read, middle, 1);
    if (behind !== undefined && behind <= nothingAfter) found = behind;
    else nothingAfter = middle;
  }
  return new Date(found);
}

function runsAfter({ recurrence, timezone }: Rule, after: number, count: number): number[] {
  const start = after - (((after % 1000) + 1000) % 1000);
  const horizon = start + YEARS_AHEAD_MAX * YEAR_MS;
  if (recurrence.follows === "once") return recurrence.at > after && recurrence.at <= horizon ? [recurrence.at] : [];
  const end = Math.min(horizon, recurrence.until ?? Number.POSITIVE_INFINITY);
  const isRun = (run: number) => run > after && run <= end && !recurrence.except?.has(run);
  return recurrence.follows === "time"
    ? stepsAfter(recurrence.next, start, end, count, isRun)
    : clockRunsAfter(recurrence, timezone, { start, end, count, isRun });
}

type Search = { start: number; end: number; count: number; isRun: (run: number) => boolean };

function stepsAfter(
  next: Recurrence["next"],
  start: number,
  end: number,
  count: number,
  isRun: Search["isRun"],
): number[] {
  const runs: number[] = [];
  for (let at = next(start); at !== null && at <= end && runs.length < count; at = next(at))
    if (isRun(at)) runs.push(at);
  return runs;
}

/**
 * Goes through the times of the clock and takes the instants that they are. Where clocks move, these come out of order: a time that
 * is skipped runs later than those behind the skip, and a time that comes twice has those around it in between. So the search
 * begins early enough, and ends when no later time of the clock can be an earlier instant.
 */
function clockRunsAfter(recurrence: Recurrence, timezone: string, { start, end, count, isRun }: Search): number[] {
  const found = new Set<number>();
  const nth = () => [...found].sort((a, b) => a - b)[count - 1] ?? Number.POSITIVE_INFINITY;
  let wall = recurrence.next(wallTimeAt(start, timezone) - moveAround(start, timezone) - 1);
  while (wall !== null) {
    const { instants, shifted } = readWallTime(wall, timezone);
    const runs = recurrence.follows === "clock" ? [shifted] : instants;
    for (const run of runs) if (isRun(run)) found.add(run);
    const isSkipped = instants.length === 0;
    if (!isSkipped && (shifted > end || (found.size >= count && nth() <= shifted))) break;
    wall = recurrence.next(wall);
  }
  return [...found].sort((a, b) => a - b).slice(0, count);
}
