import { hasState } from "../../../kernel/database/errors.ts";
import { type RunningTask, TaskFailure, type TaskKind } from "../../../kernel/work.ts";
import { beginClaim, type Claim, type ClaimedTask, entryOf, finishTasks, type Progress, putBack } from "./claims.ts";
import { failureOf, isPassing, isUnstorable, type Outcome, type Result, storable, successOf } from "./outcome.ts";
import type { Place } from "./place.ts";

const LOG_LENGTH_MAX = 60_000;
const NOTE_LENGTH_MAX = 500;
/** Results of a claim whose other tasks still run wait so long for company. */
const COMPANY_MS = 50;
const AGAIN_MS = 500;
/** What goes wrong for no passing reason, and not by the result, is tried so often. */
const FINISH_TRIES = 5;

/** Why a task is told to end. */
type Ending = "cancelled" | "timed_out" | "lost" | "stopping";

/** A task of this process. */
type Try = {
  task: ClaimedTask;
  controller: AbortController;
  endsBefore: number;
  ending: Ending | undefined;
  progress: Progress | undefined;
  giveUp: () => void;
};

/** A claim of an organization whose tasks run in this process. */
export type ClaimRun = {
  claim: Claim;
  /** How many of its tasks still take up a place. */
  running(): number;
  /** Tells tasks to end: those that were cancelled, all that were lost or take too long. */
  end(ending: Ending, ids?: readonly string[]): void;
  endOverdue(now: number): void;
  /** What was said of progress since the last time. */
  takeProgress(): Progress[];
  /** Resolves when nothing of it is left to do. */
  ended: Promise<void>;
};

/** Runs the tasks of a claim at once, and tells what came of them. Never rejects: what goes wrong is told to the log. */
export function runClaim(place: Place, claim: Claim, onPlaceFree: () => void): ClaimRun {
  const tries = new Map<string, Try>();
  let begun = claim.taskIds.length;
  const results: Outcome[] = [];
  const report = (outcome: Outcome) => {
    tries.delete(outcome.task_id);
    begun--;
    results.push(outcome);
  };

  const run = async () => {
    const tasks = await begin(place, claim);
    begun = tasks.length;
    const flushed = makeFlusher(place, claim, results, () => begun === 0, onPlaceFree);
    await Promise.all(
      tasks.map(async (task) => {
        const kind = place.kinds.get(task.type);
        if (!kind) throw new Error(`A claim holds a task of type ${task.type}, which this worker does not know.`);
        const attempt = openTry(task, kind);
        tries.set(task.id, attempt);
        const outcome = await tryMetered(place, claim, kind, attempt);
        if (outcome) report(outcome);
        else begun--;
        flushed.soon();
      }),
    );
    await flushed.all();
  };

  const ended = run()
    .catch((error: unknown) => {
      if (!hasState(error, "claim_lost")) place.log.error({ err: error, work: "tasks" }, "A claim of tasks failed.");
    })
    .finally(() => {
      begun = 0;
      onPlaceFree();
    });
  return {
    claim,
    running: () => begun,
    end: (ending, ids) => {
      for (const [id, attempt] of tries) if (!ids || ids.includes(id)) endTry(attempt, ending, place.times.graceMs);
    },
    endOverdue: (now) => {
      for (const attempt of tries.values())
        if (attempt.endsBefore <= now) endTry(attempt, "timed_out", place.times.graceMs);
    },
    takeProgress: () => {
      const reports = [...tries.values()].flatMap(({ progress }) => progress ?? []);
      for (const attempt of tries.values()) attempt.progress = undefined;
      return reports;
    },
    ended,
  };
}

function openTry(task: ClaimedTask, kind: TaskKind): Try {
  return {
    task,
    controller: new AbortController(),
    endsBefore: Date.now() + kind.timeLimitSeconds * 1_000,
    ending: undefined,
    progress: undefined,
    giveUp: () => undefined,
  };
}

function endTry(attempt: Try, ending: Ending, graceMs: number): void {
  if (attempt.ending) return;
  attempt.ending = ending;
  attempt.controller.abort(new Error(`The task was told to end: ${ending}.`));
  setTimeout(() => attempt.giveUp(), graceMs).unref();
}

async function tryMetered(place: Place, claim: Claim, kind: TaskKind, attempt: Try): Promise<Outcome | undefined> {
  const started = performance.now();
  let outcome: Outcome | undefined;
  place.meter?.begun(kind.type);
  try {
    outcome = await tryOnce(place, claim, kind, attempt);
    return outcome;
  } finally {
    place.meter?.ended(kind.type, outcomeName(outcome, attempt), (performance.now() - started) / 1_000);
  }
}

/** How a try ended, for who counts: what failed and is tried again is `retried`, what nobody wanted to know `dropped`. */
function outcomeName(outcome: Outcome | undefined, { task }: Try): string {
  if (!outcome) return "dropped";
  const isTriedAgain =
    outcome.status === "failed" && outcome.retry_ms !== undefined && task.attempt < task.attempts_max;
  return isTriedAgain ? "retried" : outcome.status;
}

/** One try. Resolves with what came of it, or undefined when nobody wants to know: it was lost, or goes back untried. */
async function tryOnce(place: Place, claim: Claim, kind: TaskKind, attempt: Try): Promise<Outcome | undefined> {
  const { task } = attempt;
  const started = performance.now();
  const notes = { log: "", cost: undefined as number | undefined, breakdown: {} as Record<string, number> };
  const result = await resultOf(place, claim, kind, attempt, notes);
  if (attempt.ending === "lost") return undefined;
  if (attempt.ending === "stopping" && result.status === "failed") {
    // What cannot be put back now comes into line when its lease is over.
    await putBack(place.database, claim, [task.id]).catch((err: unknown) => {
      place.log.error({ err, work: "tasks" }, "A task could not be put back.");
    });
    return undefined;
  }
  return {
    task_id: task.id,
    ...endedResult(result, attempt, kind),
    ...(kind.escalation && { escalation: kind.escalation }),
    duration_ms: Math.round(performance.now() - started),
    ...(notes.log !== "" && { log: storable(notes.log) }),
    ...(notes.cost !== undefined && { cost: notes.cost, cost_breakdown: notes.breakdown }),
  };
}

/** What was told to end and failed has failed by being told so; what was done nevertheless is done. */
function endedResult(result: Result, { ending, task }: Try, kind: TaskKind): Result {
  if (result.status !== "failed" || !ending) return result;
  if (ending === "cancelled") {
    return { status: "cancelled", error: { code: "cancelled", message: "It was cancelled." } };
  }
  const message = `It took longer than ${kind.timeLimitSeconds} seconds.`;
  const { retry_ms } = failureOf(new TaskFailure("timed_out", message), task.attempt);
  return {
    status: "failed",
    error: { code: "timed_out", message },
    failure_class: "timed_out",
    ...(retry_ms !== undefined && { retry_ms }),
  };
}

async function resultOf(
  place: Place,
  claim: Claim,
  kind: TaskKind,
  attempt: Try,
  notes: { log: string; cost: number | undefined; breakdown: Record<string, number> },
): Promise<Result> {
  const { task, controller } = attempt;
  try {
    const work = kind.run(runningTask(place, claim, kind, attempt, notes));
    const givenUp = new Promise<never>((_, reject) => {
      attempt.giveUp = () => reject(controller.signal.reason);
    });
    return successOf(await Promise.race([work, givenUp]));
  } catch (error) {
    const result = failureOf(error, task.attempt);
    if (result.failure_class === "internal" && !attempt.ending)
      place.log.error({ err: error, work: task.type }, `The task ${task.id} failed.`);
    return result;
  }
}

function runningTask(
  place: Place,
  claim: Claim,
  kind: TaskKind,
  attempt: Try,
  notes: { log: string; cost: number | undefined; breakdown: Record<string, number> },
): RunningTask {
  const { task, controller } = attempt;
  const { id, type } = task;
  return {
    id,
    type,
    input: kind.input.parse(task.input),
    context: task.context,
    attempt: task.attempt,
    aiModel: task.ai_model ?? undefined,
    aiProvider: task.ai_provider ?? undefined,
    entry: entryOf(place, claim, { id, type, signal: controller.signal }),
    services: place.services,
    signal: controller.signal,
    progress: (percentage, note = "") => {
      const whole = Math.min(100, Math.max(0, Math.round(percentage)));
      attempt.progress = { task_id: id, percentage: whole, note: storable(note).slice(0, NOTE_LENGTH_MAX) };
    },
    log: (line) => {
      if (notes.log.length < LOG_LENGTH_MAX) notes.log += `${line.slice(0, LOG_LENGTH_MAX - notes.log.length)}\n`;
    },
    spend: (cost, breakdown = {}) => {
      notes.cost = (notes.cost ?? 0) + cost;
      if (task.cost_cap !== null && notes.cost > task.cost_cap)
        throw new TaskFailure("out_of_credit", "It has cost more than it may.");
      for (const [part, amount] of Object.entries(breakdown))
        notes.breakdown[part] = (notes.breakdown[part] ?? 0) + amount;
    },
  };
}

/** Tells results together: the last ones at once, earlier ones after a moment, in case others end just then. */
function makeFlusher(
  place: Place,
  claim: Claim,
  results: Outcome[],
  isLast: () => boolean,
  onPlaceFree: () => void,
): { soon(): void; all(): Promise<void> } {
  let flushing = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    flushing = flushing.then(async () => {
      const outcomes = results.splice(0);
      if (outcomes.length === 0) return;
      await finish(place, claim, outcomes);
      onPlaceFree();
    });
  };
  return {
    soon: () => {
      if (isLast()) flush();
      else timer ??= setTimeout(flush, COMPANY_MS);
    },
    all: async () => {
      flush();
      await flushing;
    },
  };
}

/** Nothing has been tried yet: what keeps a claim from being begun for a moment costs none of its tasks a try. */
async function begin(place: Place, claim: Claim): Promise<ClaimedTask[]> {
  for (;;) {
    try {
      return await beginClaim(entryOf(place, claim), claim);
    } catch (error) {
      if (!isPassing(error) || place.signal.aborted) throw error;
      await place.pause(AGAIN_MS);
    }
  }
}

/**
 * Tells what came of tasks until the database has heard it or the claim is lost. An answer that was lost on its way does no harm:
 * told twice, it counts once. A result that cannot be stored fails alone.
 */
async function finish(place: Place, claim: Claim, outcomes: readonly Outcome[]): Promise<void> {
  for (let mistakes = 0; !place.signal.aborted; ) {
    try {
      return await finishTasks(entryOf(place, claim), claim, outcomes);
    } catch (error) {
      if (hasState(error, "claim_lost")) return;
      if (!isPassing(error) && outcomes.length > 1) return finishEach(place, claim, outcomes);
      if (!isPassing(error) && (isUnstorable(error) || ++mistakes >= FINISH_TRIES))
        return finishUnstored(place, claim, outcomes, error);
    }
    await place.pause(AGAIN_MS);
  }
}

async function finishEach(place: Place, claim: Claim, outcomes: readonly Outcome[]): Promise<void> {
  for (const outcome of outcomes) await finish(place, claim, [outcome]);
}

/** What cannot even be told to have failed is left to its lease, and then lost. */
async function finishUnstored(place: Place, claim: Claim, outcomes: readonly Outcome[], error: unknown): Promise<void> {
  place.log.error({ err: error, work: "tasks" }, "A result could not be stored.");
  try {
    await finishTasks(entryOf(place, claim), claim, outcomes.map(unstorable));
  } catch (err) {
    place.log.error({ err, work: "tasks" }, "The end of a task could not be told.");
  }
}

function unstorable({ task_id, duration_ms }: Outcome): Outcome {
  const error = { code: "internal", message: "Its result could not be stored." };
  return { task_id, duration_ms, status: "failed", error, failure_class: "internal" };
}
