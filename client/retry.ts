import type { ApiProblem } from "./problem.ts";

/** The first pause is half of this on average, each further one twice as long. */
const PAUSE_FIRST_MS = 400;
const PAUSE_MAX_MS = 20_000;
/** Whoever is told to wait longer than this is told so, instead of waiting. */
const RETRY_AFTER_MAX_MS = 60_000;
/** Too many requests; a proxy or server that is not there, too busy, or too slow just now. */
const PASSING = [429, 502, 503, 504];

/** A failure that may be over in a moment, and when the server says to come back, in ms. */
export class PassingError extends Error {
  readonly retryAfterMs: number | undefined;

  constructor(cause: ApiProblem, retryAfterMs?: number) {
    super(cause.message, { cause });
    this.name = "PassingError";
    this.retryAfterMs = retryAfterMs;
  }
}

/** Tells which failures may be over in a moment: answers that say so, and no answer at all. */
export function passing(problem: ApiProblem, headers?: Headers): ApiProblem | PassingError {
  const { status } = problem.problem;
  if (status !== 0 && !PASSING.includes(status)) return problem;
  return new PassingError(problem, headers && retryAfterMs(headers.get("retry-after")));
}

function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** How often something is done again, and how many ms after so many failures. */
export type Retrying = { retries: number; pauseMs(failures: number): number; signal: AbortSignal | undefined };

/**
 * Does something again while it fails in passing, `retries` times at most, with pauses that grow and are never the same for two callers.
 * Throws the last failure, and the signal's reason when it is aborted.
 */
export async function retry<T>({ retries, pauseMs, signal }: Retrying, work: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PassingError)) throw error;
      if (failures >= retries || (error.retryAfterMs ?? 0) > RETRY_AFTER_MAX_MS) throw error.cause;
      await pause(error.retryAfterMs ?? pauseMs(failures), signal);
    }
  }
}

/** A pause that grows with the failures and is another for each caller (full jitter). */
export function jitteredMs(failures: number): number {
  return Math.random() * Math.min(PAUSE_MAX_MS, PAUSE_FIRST_MS * 2 ** failures);
}

/** Resolves after so many ms. Rejects with the signal's reason when it is aborted before. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
