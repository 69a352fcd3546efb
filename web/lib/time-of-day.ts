import { dayOf } from "./days.ts";

const RANGE = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const SHORT_DAY = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" });

/** When something is, as forms have it: a day and two times of it, as `09:30`. */
export type DayTime = { day: string; from: string; to: string };

/** Such as "09:30 – 10:00". */
export function formatRange(start: string, end: string): string {
  return RANGE.formatRange(new Date(start), new Date(end));
}

/** Such as "Monday, November 30". */
export function formatLongDay(day: string): string {
  return DAY.format(new Date(`${day}T12:00:00`));
}

/** Such as "Mon, Nov 30". */
export function formatShortDay(moment: string): string {
  return SHORT_DAY.format(new Date(moment));
}

export function dayTimeOf({ start_time, end_time }: { start_time: string; end_time: string }): DayTime {
  const [start, end] = [new Date(start_time), new Date(end_time)];
  return { day: dayOf(start), from: timeOf(start), to: timeOf(end) };
}

/** The moments of a day's times where the person is; one that is not told is none. */
export function momentsOf({ day, from, to }: DayTime): { start_time: string; end_time: string } {
  return { start_time: momentOf(day, from), end_time: momentOf(day, to) };
}

function momentOf(day: string, time: string): string {
  const moment = new Date(`${day}T${time}:00`);
  return Number.isNaN(moment.getTime()) ? "" : moment.toISOString();
}

function timeOf(moment: Date): string {
  return `${String(moment.getHours()).padStart(2, "0")}:${String(moment.getMinutes()).padStart(2, "0")}`;
}
