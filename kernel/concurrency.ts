/** Too much is under way already. The work was not begun, so it may be tried again later (HTTP: 503, `Retry-After`). */
export class TooBusyError extends Error {
  readonly code = "too_busy";

  constructor(message: string) {
    super(message);
    this.name = "TooBusyError";
  }
}

/** At most so many at once, and at most so many that wait; `name` is the work's name in the plural, for the error. */
export type ConcurrencyLimit = { name: string; running: number; waiting: number };

/**
 * Returns a function that runs the work it is given, at most `running` at a time, and the rest in the order they came.
 * It rejects with a `TooBusyError` at once when `waiting` already wait.
 */
export function limitConcurrency(limit: ConcurrencyLimit): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function enter(): Promise<void> {
    if (running < limit.running) {
      running += 1;
      return;
    }
    if (waiting.length >= limit.waiting) {
      throw new TooBusyError(
        `Too many ${limit.name} at once: ${running} run and ${waiting.length} wait. Try again soon.`,
      );
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  // Whoever leaves hands the place on directly, so nobody who comes in between can take it.
  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }

  return async (work) => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
