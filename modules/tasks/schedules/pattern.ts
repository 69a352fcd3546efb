import type { WallTime } from "./zone.ts";

/** A schedule runs no more often than this: rules name one second, and clocks move by whole minutes. */
const INTERVAL_MIN_SECONDS = 60;
export const AT_MOST = `a schedule runs every ${INTERVAL_MIN_SECONDS} seconds at most.`;

/**
 * Times of the clock that a rule names. `clock`: each is one run, on days when clocks move too. `every_hour`: the rule names all
 * hours of a day, so an hour that is skipped has no runs and one that comes twice has them twice.
 */
export type Pattern = { follows: "clock" | "every_hour"; next(after: WallTime): WallTime | null };

/** A rule that counts time as it passes, whatever clocks show: `next` takes and gives instants. */
export type Beat = { follows: "time"; next(after: number): number | null };

/** What a rule says, before its exceptions. Times are milliseconds since 1970. */
export type Recurrence = (Pattern | Beat) & {
  /** Nothing comes after this instant. */
  until?: number;
  /** Instants that are left out. */
  except?: ReadonlySet<number>;
};
