/** A day of the person's own calendar, as `2026-11-21`. */
export function dayOf(moment: Date): string {
  const pad = (part: number) => String(part).padStart(2, "0");
  return `${moment.getFullYear()}-${pad(moment.getMonth() + 1)}-${pad(moment.getDate())}`;
}

/** When a day begins where the person is. */
export function startOf(day: string): Date {
  return new Date(`${day}T00:00:00`);
}

/** The day so many days later. */
export function laterBy(day: string, days: number): string {
  const moment = startOf(day);
  moment.setDate(moment.getDate() + days);
  return dayOf(moment);
}

/** The seven days of a day's week, from Monday on. */
export function weekOf(day: string): string[] {
  const sinceMonday = (startOf(day).getDay() + 6) % 7;
  return Array.from({ length: 7 }, (_, place) => laterBy(day, place - sinceMonday));
}
