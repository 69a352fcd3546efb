import type { AnswerOf } from "../../kernel/http/endpoint.ts";
import type { readDashboard } from "../../modules/analytics/contract.ts";

type Dashboard = AnswerOf<typeof readDashboard>;

/** A day of a chart, as `Nov 3`, and its values by name. */
export type DayRow = { day: string; [name: string]: string | number };

const DAY_MS = 86_400_000;
const DAY = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", timeZone: "UTC" });
const OTHERS = "Others";

/** Every day of the dashboard, also those of which nothing is told. */
export function daysOf<Told extends { day: string }>(
  { from, to }: Pick<Dashboard, "from" | "to">,
  told: readonly Told[],
  valuesOf: (told: Told | undefined, day: string) => Record<string, number>,
): DayRow[] {
  const byDay = new Map(told.map((one) => [one.day, one]));
  const rows: DayRow[] = [];
  for (let time = Date.parse(from); time <= Date.parse(to); time += DAY_MS) {
    const day = new Date(time).toISOString().slice(0, 10);
    rows.push({ day: DAY.format(time), ...valuesOf(byDay.get(day), day) });
  }
  return rows;
}

/** Events by kind, the most frequent ones by name and the rest together, so that there are so many at most. */
export function eventDays(
  dashboard: Pick<Dashboard, "from" | "to" | "events">,
  most: number,
): { names: string[]; rows: DayRow[] } {
  const totals = new Map<string, number>();
  for (const { event_type, events } of dashboard.events) totals.set(event_type, (totals.get(event_type) ?? 0) + events);
  const types = [...totals].sort(([, a], [, b]) => b - a).map(([type]) => type);
  const named = types.length > most ? types.slice(0, most - 1) : types;
  const nameOf = (type: string) => (named.includes(type) ? wordsOf(type) : OTHERS);
  const byDay = new Map<string, Record<string, number>>();
  for (const { day, event_type, events } of dashboard.events) {
    const values = byDay.get(day) ?? {};
    values[nameOf(event_type)] = (values[nameOf(event_type)] ?? 0) + events;
    byDay.set(day, values);
  }
  const names = [...named.map(wordsOf), ...(types.length > most ? [OTHERS] : [])];
  const none = Object.fromEntries(names.map((name) => [name, 0]));
  return { names, rows: daysOf(dashboard, [], (_, day) => ({ ...none, ...byDay.get(day) })) };
}

function wordsOf(type: string): string {
  return type.charAt(0).toUpperCase() + type.slice(1).replaceAll("_", " ");
}
