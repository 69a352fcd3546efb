import type pg from "pg";
import type { Services } from "../kernel/services.ts";
import { type Chance, openChance } from "./random.ts";

/** One person per built-in role. */
export const CAST = {
  owner: "Olivia Hart",
  admin: "Adam Novak",
  billing_admin: "Bella Costa",
  task_admin: "Tara Singh",
  reviewer: "Rafael Ortiz",
  labeler: "Lena Fischer",
  member: "Milan Petrov",
  moderator: "Mona Haddad",
  viewer: "Victor Lund",
  client: "Clara Jensen",
  participant: "Pavel Dvorak",
} as const;

export type CastRole = keyof typeof CAST;

/** A row to insert, by column; what is undefined is null. */
export type Row = Record<string, unknown>;

/** A task, as other parts of the demo go on with it. */
export type Task = Row & {
  id: string;
  status: string;
  type: string;
  created_at: Date;
  actual_cost: number | undefined;
  processing_time_ms: number | undefined;
};

/** What all parts of the demo are made with. */
export type Scene = {
  organization: string;
  people: Record<CastRole, string>;
  services: Services;
  chance: Chance;
  clock: Clock;
  /** A new id (UUID of version 7), as of a point in time. */
  id(at?: Date): string;
  /** Inserts rows of the organization in one statement; all have the same columns. Nothing is done for no rows. */
  insert(table: string, rows: readonly Row[]): Promise<void>;
  /** Runs a statement whose `$1` is the organization. */
  run(text: string, values?: readonly unknown[]): Promise<void>;
  /** Lets the triggers run that wait for the end of the transaction. */
  settle(): Promise<void>;
};

/** Points in time around the moment the demo is made. */
export type Clock = {
  now: Date;
  /** A time on a day: `on(-3, 9.5)` is half past nine (UTC) three days ago. */
  on(day: number, hour?: number): Date;
  /** A moment of a day that has passed already, today's too: `share` of the day, 0 to 1. */
  past(day: number, share: number): Date;
  /** A day as text: `day(-1)` is yesterday. */
  day(offset: number): string;
};

const SEED = 20_418;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function openClock(now: Date): Clock {
  const midnight = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const at = (time: number) => new Date(Math.round(time));
  return {
    now,
    on: (day, hour = 9) => at(midnight + day * DAY_MS + hour * HOUR_MS),
    past: (day, share) => at(midnight + day * DAY_MS + share * (day < 0 ? DAY_MS : now.getTime() - midnight)),
    day: (offset) =>
      at(midnight + offset * DAY_MS)
        .toISOString()
        .slice(0, 10),
  };
}

/** Sets the scene on a connection that works as the database's owner. */
export function openScene(
  admin: pg.Client,
  services: Services,
  { organization, people, now }: { organization: string; people: Record<CastRole, string>; now: Date },
): Scene {
  const chance = openChance(SEED);
  const run = async (text: string, values: readonly unknown[] = []) => {
    await admin.query(text, [organization, ...values]);
  };
  return {
    organization,
    people,
    services,
    chance,
    clock: openClock(now),
    id: (at = now) => idAt(at, chance),
    run,
    settle: async () => {
      await admin.query("set constraints all immediate; set constraints all deferred");
    },
    insert: async (table, rows) => {
      if (rows.length === 0) return;
      const columns = columnsOf(table, rows);
      await run(
        `insert into ${table} (organization_id, ${columns.join(", ")})
         select $1, ${columns.map((column) => `r.${column}`).join(", ")} from json_populate_recordset(null::${table}, $2) r`,
        [JSON.stringify(rows)],
      );
    },
  };
}

function columnsOf(table: string, rows: readonly Row[]): string[] {
  const columns = Object.keys(rows[0] ?? {});
  for (const row of rows) {
    const strange = Object.keys(row).find((column) => !columns.includes(column));
    if (strange) throw new Error(`The first row for ${table} has no "${strange}", but another one has.`);
  }
  return columns;
}

const BITS_MAX = 0xffff;

function idAt(at: Date, chance: Chance): string {
  const hex = (value: number, length: number) => value.toString(16).padStart(length, "0");
  const bits = () => hex(chance.whole(0, BITS_MAX), 4);
  const time = hex(at.getTime(), 12);
  const variant = hex(0x8000 | chance.whole(0, 0x3fff), 4);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${bits().slice(1)}-${variant}-${bits()}${bits()}${bits()}`;
}
