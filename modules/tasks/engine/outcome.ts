import pg from "pg";
import { ZodError } from "zod";
import { BusyError } from "../../../kernel/database/pool.ts";
import { Problem } from "../../../kernel/errors.ts";
import {
  type FailureClass,
  TaskFailure,
  type TaskKind,
  WAIT_FOR_ANSWER,
  WAIT_FOR_PARTS,
} from "../../../kernel/work.ts";

/** What came of a try, as `tasks.finish` takes it. */
export type Outcome = {
  task_id: string;
  status: "completed" | "failed" | "cancelled" | "waiting" | "divided";
  output?: unknown;
  error?: { code: string; message: string };
  failure_class?: FailureClass;
  /** When it is tried again; absent means never. */
  retry_ms?: number;
  log?: string;
  duration_ms: number;
  cost?: number;
  cost_breakdown?: Record<string, number>;
  /** To whom it goes where it has failed for good. */
  escalation?: TaskKind["escalation"];
};

export type Result = Pick<Outcome, "status" | "output" | "error" | "failure_class" | "retry_ms">;

/** A result that is larger has failed. */
export const OUTPUT_BYTES_MAX = 262_144;
const MESSAGE_LENGTH_MAX = 2_000;
/** In JSON: NUL, or half of a surrogate pair, which alone is written so. Behind a backslash they are other characters. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** What waits before another try, by class: the first wait, doubled with each try up to the longest; undefined means no other try. */
const WAITS: Record<FailureClass, { firstMs: number; longestMs: number } | undefined> = {
  transient: { firstMs: 2_000, longestMs: 600_000 },
  timed_out: { firstMs: 5_000, longestMs: 600_000 },
  rate_limited: { firstMs: 30_000, longestMs: 3_600_000 },
  internal: { firstMs: 10_000, longestMs: 600_000 },
  invalid: undefined,
  unauthorized: undefined,
  out_of_credit: undefined,
};

/** The outcome of a try that brought something. */
export function successOf(output: unknown): Result {
  if (output === WAIT_FOR_ANSWER) return { status: "waiting" };
  if (output === WAIT_FOR_PARTS) return { status: "divided" };
  if (output === undefined) return { status: "completed" };
  const text = JSON.stringify(output);
  if (text === undefined) return failureOf(new TaskFailure("internal", "The result is not a JSON value."), 1);
  if (Buffer.byteLength(text) > OUTPUT_BYTES_MAX)
    return failureOf(new TaskFailure("invalid", `The result has more than ${OUTPUT_BYTES_MAX} bytes.`), 1);
  if (UNSTORABLE.test(text))
    return failureOf(new TaskFailure("invalid", "The result holds a NUL character or half of a surrogate pair."), 1);
  return { status: "completed", output };
}

/** The outcome of a try that threw; `attempt` counts from 1. */
export function failureOf(error: unknown, attempt: number): Result {
  const failureClass = classOf(error);
  const wait = WAITS[failureClass];
  const failure = { code: codeOf(error, failureClass), message: messageOf(error, failureClass) };
  const result: Result = { status: "failed", error: failure, failure_class: failureClass };
  if (!wait) return result;
  const after = error instanceof TaskFailure || error instanceof Problem ? error.retryAfterSeconds : undefined;
  return { ...result, retry_ms: after === undefined ? jittered(wait, attempt) : Math.ceil(after * 1_000) };
}

/** Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"), but never at once. */
function jittered({ firstMs, longestMs }: { firstMs: number; longestMs: number }, attempt: number): number {
  const ceiling = Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 20));
  return Math.ceil(ceiling * (0.1 + 0.9 * Math.random()));
}

function classOf(error: unknown): FailureClass {
  if (error instanceof TaskFailure) return error.failureClass;
  if (error instanceof ZodError) return "invalid";
  if (error instanceof BusyError) return "transient";
  if (error instanceof Problem) return classOfProblem(error);
  if (isPassing(error)) return "transient";
  return "internal";
}

function classOfProblem({ code }: Problem): FailureClass {
  if (code === "too_busy" || code === "timed_out") return "transient";
  if (code === "too_many_requests") return "rate_limited";
  if (code === "unauthenticated" || code === "forbidden") return "unauthorized";
  return code === "internal" ? "internal" : "invalid";
}

/** Serialization, deadlock, a long wait, shutdown, a lost connection: another try may well succeed. */
export function isPassing(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(40|57|53|08|25P|55P)/.test(error.code ?? "");
  if (!(error instanceof Error)) return false;
  const { code = "" } = error as NodeJS.ErrnoException;
  return (
    ["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOENT", "EAI_AGAIN"].includes(code) ||
    error instanceof BusyError ||
    /connection (is closed|terminated|ended)|not queryable/i.test(error.message)
  );
}

/** Whether the data are to blame: no other try would end otherwise. */
export function isUnstorable(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^(22|23|54)/.test(error.code ?? "");
}

function codeOf(error: unknown, failureClass: FailureClass): string {
  return error instanceof Problem ? error.code : failureClass;
}

/** What people read. Of a mistake of ours only that it was one: its words are in the log, for they may name anything. */
function messageOf(error: unknown, failureClass: FailureClass): string {
  const isTold = error instanceof TaskFailure || error instanceof Problem || error instanceof ZodError;
  const text =
    isTold && error instanceof Error
      ? error.message
      : failureClass === "transient"
        ? "Something that it needs did not answer."
        : "Tenon made a mistake.";
  return storable(text).slice(0, MESSAGE_LENGTH_MAX);
}

/** A text without what PostgreSQL cannot store. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "");
}
