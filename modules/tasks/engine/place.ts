import type { Database } from "../../../kernel/database/pool.ts";
import type { Services } from "../../../kernel/services.ts";
import type { Job, TaskKind, TaskMeter, Work, WorkLog } from "../../../kernel/work.ts";

/** What a worker can do, and with what. */
export type WorkerOptions = {
  database: Database;
  services: Services;
  kinds: readonly TaskKind[];
  jobs: readonly Job[];
  works: readonly Work[];
  /** How many tasks run at once. */
  concurrency: number;
  log: WorkLog;
  /** Who counts what is done, if anybody does. */
  meter?: TaskMeter;
  times?: Partial<WorkerTimes>;
};

/** How long a worker waits for what. */
export type WorkerTimes = {
  /** Not heard of for so long, it loses what it took. */
  leaseSeconds: number;
  heartbeatMs: number;
  sweepMs: number;
  /** With free places it looks again by itself after so long; it is rung for when something comes. */
  lookAgainMs: number;
  /** What does not end when it is told to is given up after so long: its place goes to another task. */
  graceMs: number;
  /** How long a worker that is to stop waits for what is under way. */
  drainMs: number;
};

/** What the parts of a worker share. */
export type Place = Omit<WorkerOptions, "kinds" | "jobs" | "works" | "times"> & {
  times: WorkerTimes;
  worker: string;
  kinds: ReadonlyMap<string, TaskKind>;
  jobs: ReadonlyMap<string, Job>;
  works: ReadonlyMap<string, Work>;
  /** Aborted when chores and jobs are to end. */
  signal: AbortSignal;
  /** Waits, but not beyond the end of the worker. */
  pause(milliseconds: number): Promise<void>;
};
