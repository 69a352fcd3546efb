import { RRuleTemporal } from "rrule-temporal";
import { Temporal } from "temporal-polyfill";
import { fault } from "./fault.ts";
import type { Recurrence } from "./pattern.ts";
import { type RecurrenceParts, readRecurrenceText, type WrittenTime } from "./recurrence-text.ts";
import { readWallTime, wallTimeAt } from "./zone.ts";

/** How many years, months, weeks, days, hours or minutes of a rule are searched for its next run before it counts as over. */
const PERIODS_SEARCHED_MAX = 5_000;
const DAY_MS = 86_400_000;

/**
 * Reads a recurrence rule of RFC 5545. The library works on times of the clock, as if in UTC: it leaves out times that clocks skip,
 * and here they run later. A rule of hours or minutes that names no times of the clock counts time as it passes.
 */
export function readRecurrence(text: string, timezone: string): Recurrence {
  const parts = readRecurrenceText(text, timezone);
  const { frequency, lists, until, exceptions } = parts;
  const isSubDaily = frequency === "HOURLY" || frequency === "MINUTELY";
  const isBeat = isSubDaily && Object.keys(lists).length === 0 && !parts.weekdays && parts.second === undefined;
  const start = isBeat ? instantOf(parts.start, timezone) : wallTimeOf(parts.start, timezone);
  const follows = isBeat ? "time" : isSubDaily && !lists.BYHOUR ? "every_hour" : "clock";
  return {
    follows,
    next: searchIn(openRule(parts, start)),
    ...(until && { until: instantOf(until.isDate ? endOf(until) : until, timezone) }),
    except: exceptionsOf(exceptions, timezone),
  };
}

function endOf(day: WrittenTime): WrittenTime {
  return { ...day, milliseconds: day.milliseconds + DAY_MS - 1 };
}

function instantOf({ milliseconds, isInstant }: WrittenTime, timezone: string): number {
  return isInstant ? milliseconds : readWallTime(milliseconds, timezone).shifted;
}

function wallTimeOf({ milliseconds, isInstant }: WrittenTime, timezone: string): number {
  return isInstant ? wallTimeAt(milliseconds, timezone) : milliseconds;
}

/** A time of the clock that comes twice is left out twice. */
function exceptionsOf(exceptions: WrittenTime[], timezone: string): Set<number> {
  return new Set(
    exceptions.flatMap(({ milliseconds, isInstant }) => {
      if (isInstant) return milliseconds;
      const { instants, shifted } = readWallTime(milliseconds, timezone);
      return instants.length > 0 ? instants : shifted;
    }),
  );
}

function openRule({ frequency, interval, count, weekdays, weekStart, second, lists }: RecurrenceParts, start: number) {
  try {
    return new RRuleTemporal({
      freq: frequency,
      interval,
      dtstart: Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO("UTC"),
      tzid: "UTC",
      maxIterations: PERIODS_SEARCHED_MAX,
      ...(count !== undefined && { count }),
      ...(weekdays && { byDay: weekdays }),
      ...(weekStart && { wkst: weekStart }),
      ...(second !== undefined && { bySecond: [second] }),
      ...(lists.BYMINUTE && { byMinute: lists.BYMINUTE }),
      ...(lists.BYHOUR && { byHour: lists.BYHOUR }),
      ...(lists.BYMONTHDAY && { byMonthDay: lists.BYMONTHDAY }),
      ...(lists.BYYEARDAY && { byYearDay: lists.BYYEARDAY }),
      ...(lists.BYWEEKNO && { byWeekNo: lists.BYWEEKNO }),
      ...(lists.BYMONTH && { byMonth: lists.BYMONTH }),
      ...(lists.BYSETPOS && { bySetPos: lists.BYSETPOS }),
    });
  } catch (error) {
    throw fault("rule", `The RRULE is not one of RFC 5545: ${error instanceof Error ? error.message : error}.`);
  }
}

/** Where the library searched long enough, or came to the end of all calendars, nothing comes any more. */
function searchIn(rule: ReturnType<typeof openRule>): (after: number) => number | null {
  return (after) => {
    try {
      return rule.next(new Date(after))?.epochMilliseconds ?? null;
    } catch (error) {
      if (error instanceof RangeError || (error instanceof Error && /^Maximum /.test(error.message))) return null;
      throw error;
    }
  };
}
