import type { Database } from "./database/pool.ts";
import type { Services } from "./services.ts";

/** What background work is given; `signal` is aborted when the process is to end. */
export type Workplace = { database: Database; services: Services; signal: AbortSignal };

/** Something that a server does again and again beside its requests. It must bear to be done by several processes at once. */
export type Work = { name: string; everySeconds: number; run(workplace: Workplace): Promise<void> };

/** Where failures are told. */
export type WorkLog = { error(entry: { err: unknown; work: string }, message: string): void };

/** Work that is under way. */
export type RunningWork = {
  /** Has a work run soon; many calls while it runs are one more run. Throws when there is no work of that name. */
  wake(name: string): void;
  /** Tells all work to end, and waits for what is under way. */
  stop(): Promise<void>;
};

/** A bell that somebody can wait for; rung while nobody waits, it keeps the next one from waiting. */
type Bell = { ring(): void; wait(milliseconds: number): Promise<void> };

/** Processes that were started together do not stay in step. */
const JITTER = 0.1;

/**
 * Runs each work at once, and then again and again, never twice at the same time. A failure is logged, and tried again
 * like anything else when its time comes.
 */
export function startWork(works: readonly Work[], place: Omit<Workplace, "signal">, log: WorkLog): RunningWork {
  const controller = new AbortController();
  const bells = new Map(works.map(({ name }) => [name, makeBell()]));
  if (bells.size < works.length) throw new Error("Two works have the same name.");
  const bellOf = (name: string): Bell => bells.get(name) ?? noSuchWork(name);
  const repeated = works.map((work) => repeat(work, { ...place, signal: controller.signal }, bellOf(work.name), log));
  return {
    wake: (name) => bellOf(name).ring(),
    stop: async () => {
      controller.abort();
      for (const bell of bells.values()) bell.ring();
      await Promise.all(repeated);
    },
  };
}

async function repeat(work: Work, place: Workplace, bell: Bell, log: WorkLog): Promise<void> {
  while (!place.signal.aborted) {
    try {
      await work.run(place);
    } catch (err) {
      // What is told to end may end with an error: that is no mistake.
      if (!place.signal.aborted) log.error({ err, work: work.name }, `The work "${work.name}" failed.`);
    }
    await bell.wait(work.everySeconds * 1000 * (1 - JITTER + 2 * JITTER * Math.random()));
  }
}

function makeBell(): Bell {
  let isRung = false;
  let answer: (() => void) | undefined;
  return {
    ring: () => {
      isRung = true;
      answer?.();
    },
    wait: async (milliseconds) => {
      if (!isRung) {
        const { promise, resolve } = Promise.withResolvers<void>();
        const timer = setTimeout(resolve, milliseconds);
        answer = resolve;
        await promise;
        clearTimeout(timer);
        answer = undefined;
      }
      isRung = false;
    },
  };
}

function noSuchWork(name: string): never {
  throw new Error(`There is no work named "${name}".`);
}
