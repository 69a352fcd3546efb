import { type Claim, putBack, settleJob } from "./claims.ts";
import { isPassing } from "./outcome.ts";
import type { Place } from "./place.ts";

const SETTLE_AGAIN_MS = 500;
/** What failed without saying when it is wanted again. */
const FAILED_AGAIN_SECONDS = 60;
const SOONEST_SECONDS = 0.1;
/** Processes that were started together do not stay in step. */
const JITTER = 0.1;

type Again = Parameters<typeof settleJob>[3];

/** A claim of the installation's own work. */
export type JobRun = {
  claim: Claim;
  running(): number;
  end(ending: string): void;
  endOverdue(now: number): void;
  takeProgress(): never[];
  /** Puts back what has not ended though it was told to: nobody here waits for it any more. */
  giveUp(): void;
  ended: Promise<void>;
};

/** Does the chores and jobs of a claim at once. Never rejects: what goes wrong is told to the log, and done again in its time. */
export function runJobs(place: Place, claim: Claim, onPlaceFree: () => void): JobRun {
  const controller = new AbortController();
  const givenUp = Promise.withResolvers<"given up">();
  let running = claim.taskIds.length;
  const runOne = async (id: string, type: string) => {
    const again = await Promise.race([runJob(place, type, id, controller.signal), givenUp.promise]);
    if (again === "given up") await putBack(place.database, claim, [id]).catch(() => undefined);
    else await settle(place, claim, id, again);
    running--;
    onPlaceFree();
  };
  return {
    claim,
    running: () => running,
    end: (ending) => controller.abort(new Error(`The work was told to end: ${ending}.`)),
    endOverdue: () => undefined,
    takeProgress: () => [],
    giveUp: () => givenUp.resolve("given up"),
    ended: Promise.all(claim.taskIds.map((id, index) => runOne(id, claim.types[index] ?? ""))).then(() => undefined),
  };
}

/** Resolves with when it is wanted again, if it is. */
async function runJob(place: Place, type: string, id: string, signal: AbortSignal): Promise<Again> {
  const { database, services } = place;
  const work = place.works.get(type);
  try {
    if (!work) {
      const seconds = await place.jobs.get(type)?.run({ database, services, signal }, id);
      return seconds === undefined ? undefined : { seconds, isAnotherTry: true };
    }
    await work.run({ database, services, signal });
    if (signal.aborted) return AT_ONCE;
    const sooner = (await work.nextSeconds?.({ database, services, signal })) ?? Number.POSITIVE_INFINITY;
    const seconds = Math.min(jittered(work.everySeconds), Math.max(sooner, SOONEST_SECONDS));
    return { seconds, isAnotherTry: false };
  } catch (err) {
    // What is told to end may end with an error: that is no mistake.
    if (signal.aborted) return AT_ONCE;
    place.log.error({ err, work: type }, `The work "${type}" failed.`);
    return { seconds: jittered(work?.everySeconds ?? FAILED_AGAIN_SECONDS), isAnotherTry: !work };
  }
}

/** What was told to end in the middle goes on in another process. */
const AT_ONCE: Again = { seconds: 0, isAnotherTry: true };

async function settle(place: Place, claim: Claim, id: string, again: Again): Promise<void> {
  for (;;) {
    try {
      return await settleJob(place.database, claim, id, again);
    } catch (err) {
      if (place.signal.aborted || !isPassing(err)) {
        place.log.error({ err, work: "tasks" }, "The end of a work could not be told.");
        return;
      }
      await place.pause(SETTLE_AGAIN_MS);
    }
  }
}

function jittered(seconds: number): number {
  return seconds * (1 - JITTER + 2 * JITTER * Math.random());
}
