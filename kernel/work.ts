import type { Database } from "./database/pool.ts";
import type { Services } from "./services.ts";
import type { TaskDeclaration } from "./task-declaration.ts";
import type { Context } from "./tenancy/context.ts";

/** What background work is given; `signal` is aborted when it is to end. */
export type Workplace = { database: Database; services: Services; signal: AbortSignal };

/**
 * A chore: something the installation does again and again. One process at a time does it; another takes it over when that one
 * is lost, so it must bear to be done again from the beginning.
 */
export type Work = {
  name: string;
  everySeconds: number;
  run(workplace: Workplace): Promise<void>;
  /** Asked after each run: in how many seconds it is wanted again, where that may be sooner than everySeconds. */
  nextSeconds?(workplace: Workplace): Promise<number | undefined>;
};

/**
 * Work of the installation that comes by itself, each by an id, such as a mail to be sent. Resolves with the seconds after which it
 * is to be tried again, or undefined when it is over.
 */
export type Job = { type: string; run(workplace: Workplace, id: string): Promise<number | undefined> };

/** Where failures are told. */
export type WorkLog = { error(entry: { err: unknown; work: string }, message: string): void };

/** Is told of tries at tasks: when one begins, and how it ended after how long. */
export type TaskMeter = { begun(type: string): void; ended(type: string, outcome: string, seconds: number): void };

/** Why a try failed; the class decides whether there is another. */
export type FailureClass =
  | "transient"
  | "rate_limited"
  | "invalid"
  | "unauthorized"
  | "out_of_credit"
  | "timed_out"
  | "internal";

/** What a task throws to say how it failed, in words for people. Anything else that it throws is a mistake of ours: `internal`. */
export class TaskFailure extends Error {
  readonly failureClass: FailureClass;
  /** When another try makes sense, where the other side said so; seconds. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    failureClass: FailureClass,
    message: string,
    options: { retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "TaskFailure";
    this.failureClass = failureClass;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** What a task resolves with when its try is over and it is not: it waits for an answer from outside, or for its parts. */
export const WAIT_FOR_ANSWER = Symbol("wait for an answer");
export const WAIT_FOR_PARTS = Symbol("wait for the parts");

/** A try at a task, as its code sees it. */
export type RunningTask<Input = unknown> = {
  id: string;
  type: string;
  input: Input;
  /** What was told beside the input, and what answers brought. */
  context: Record<string, unknown>;
  /** Which try it is, from 1. */
  attempt: number;
  aiModel: string | undefined;
  aiProvider: string | undefined;
  /** Enters the organization on behalf of the member who asked, for as long as the claim lasts. */
  entry: Context;
  services: Services;
  /** Aborted when the task was cancelled, took too long, or was lost to another worker. */
  signal: AbortSignal;
  /** Tells how far it is: 0 to 100, and a line of text. Shown about once a second. */
  progress(percentage: number, note?: string): void;
  /** Writes a line into the log of the try; at most 64 KB are kept. */
  log(line: string): void;
  /** Adds to what the try has cost, in micro-credits. */
  spend(cost: number, breakdown?: Record<string, number>): void;
};

/** A kind of task that can be run. */
export type TaskKind<Input = unknown> = TaskDeclaration<Input> & {
  /** Does it; resolves with its result, a JSON value of at most 256 KB, or with WAIT_FOR_ANSWER or WAIT_FOR_PARTS. */
  run(task: RunningTask<Input>): Promise<unknown>;
};

/** Declares a kind of task. */
export function taskKind<Input>(kind: TaskKind<Input>): TaskKind {
  return kind as unknown as TaskKind;
}
