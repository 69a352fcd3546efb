import { Temporal } from "temporal-polyfill";
import { fault } from "./fault.ts";

/**
 * A time of the clock without a zone, in milliseconds as if it were UTC. Rules speak of such times; what instant one is depends on
 * the zone and the day.
 */
export type WallTime = number;

/** What a time of the clock is in a zone: one instant, two where clocks go back, none where they go forward. */
export type Reading = { instants: readonly number[]; shifted: number };

const IANA_NAME = /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/;
const HOUR_MS = 3_600_000;
/** Clocks never moved further than by a day: on 2011-12-30 Samoa skipped one. */
const AROUND_MS = 25 * HOUR_MS;

/** The name of a time zone as IANA spells it. Throws invalid when there is no such zone. */
export function readTimeZone(name: string): string {
  if (!IANA_NAME.test(name)) throw noSuchZone(name);
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch {
    throw noSuchZone(name);
  }
}

function noSuchZone(name: string) {
  return fault("timezone", `"${name.slice(0, 64)}" is no time zone. Name one of IANA's, such as Europe/Berlin or UTC.`);
}

/** What the clock of the zone shows at an instant (milliseconds since 1970). */
export function wallTimeAt(instant: number, timezone: string): WallTime {
  return instant + offsetAt(instant, timezone);
}

function offsetAt(instant: number, timezone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timezone).offsetNanoseconds / 1_000_000;
}

/** By how much the clock of the zone moves within a day of an instant, in milliseconds. */
export function moveAround(instant: number, timezone: string): number {
  return Math.abs(offsetAt(instant - AROUND_MS, timezone) - offsetAt(instant + AROUND_MS, timezone));
}

/**
 * When the clock of the zone shows a time. `shifted` is the one instant that stands for it: the first of two; and where clocks skip
 * it, as long after the skip as the time is behind its beginning, so that 02:30 is 03:30 (RFC 5545, 3.3.5).
 */
export function readWallTime(wall: WallTime, timezone: string): Reading {
  const local = Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO("UTC").toPlainDateTime();
  const shifted = local.toZonedDateTime(timezone, { disambiguation: "compatible" });
  if (!shifted.toPlainDateTime().equals(local)) return { instants: [], shifted: shifted.epochMilliseconds };
  const later = local.toZonedDateTime(timezone, { disambiguation: "later" }).epochMilliseconds;
  const first = shifted.epochMilliseconds;
  return { instants: first === later ? [first] : [first, later], shifted: first };
}

/** An instant as the clock of the zone shows it: `2026-03-29T03:30:00+02:00`. */
export function localText(instant: number, timezone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timezone);
  return local.toString({ timeZoneName: "never", smallestUnit: "second" });
}
