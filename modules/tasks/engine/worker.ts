import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { hasState } from "../../../kernel/database/errors.ts";
import { callOutside } from "../../../kernel/tenancy/transaction.ts";
import { type Bell, makeBell } from "./bell.ts";
import { type ClaimRun, runClaim } from "./claim-run.ts";
import {
  type Claim,
  claimTasks,
  clearAway,
  entryOf,
  extendClaims,
  INSTALLATION,
  reportProgress,
  SWEEP_BATCH,
  sweep,
  type Turn,
} from "./claims.ts";
import { type JobRun, runJobs } from "./job-run.ts";
import type { Place, WorkerOptions, WorkerTimes } from "./place.ts";

/** Most tasks of one claim. */
const CLAIM_MAX = 400;
const TIMES: WorkerTimes = {
  leaseSeconds: 15,
  heartbeatMs: 2_000,
  sweepMs: 1_000,
  lookAgainMs: 1_000,
  graceMs: 5_000,
  drainMs: 25_000,
};
/** After a failure of the database. */
const PAUSE_MS = 500;
/** Who is nearly full waits so long for more places than the one that is free. */
const GATHER_MS = 3;
/** After so many tasks the line is cleared of what went. */
const CLEAR_EVERY_TASKS = 10_000;

export type RunningWorker = {
  name: string;
  /** Says that something has come. */
  wake(): void;
  /** Takes nothing more, waits for what is under way, and puts back what does not end in time. */
  stop(): Promise<void>;
};

/** Starts to claim and run tasks, chores and jobs, until it is stopped. What fails is told to the log, and tried again. */
export function startWorker(options: WorkerOptions): RunningWorker {
  const worker = `${hostname().slice(0, 100)}:${process.pid}:${randomUUID().slice(0, 8)}`;
  const stopping = new AbortController();
  const ending = new AbortController();
  const bell = makeBell();
  const place: Place = {
    ...options,
    times: { ...TIMES, ...options.times },
    worker,
    kinds: new Map(options.kinds.map((kind) => [kind.type, kind])),
    jobs: new Map(options.jobs.map((job) => [job.type, job])),
    works: new Map(options.works.map((work) => [work.name, work])),
    signal: ending.signal,
    pause: (milliseconds) => makePause(milliseconds, ending.signal),
  };
  const runs = new Set<ClaimRun | JobRun>();
  const claiming = claimLoop(place, runs, bell, stopping.signal);
  const loops = [
    repeat(place, stopping.signal, () => keepChores(place, bell), 60 * PAUSE_MS),
    heartbeatLoop(place, runs),
    sweepLoop(place, bell, stopping.signal),
  ];
  return {
    name: worker,
    wake: () => bell.ring(),
    stop: async () => {
      stopping.abort();
      bell.ring();
      // What is just being claimed is under way too.
      await claiming;
      // Chores can be ended anywhere; what else is under way is waited for.
      for (const run of runs) if (isOfInstallation(run.claim)) run.end("stopping");
      const all = Promise.all([...runs].map((run) => run.ended));
      await Promise.race([all, makePause(place.times.drainMs, ending.signal)]);
      for (const run of runs) {
        run.end("stopping");
        if ("giveUp" in run) run.giveUp();
      }
      // Tasks that do not hear it are given up; chores and jobs that do not are left to their leases.
      await Promise.race([all, makePause(2 * place.times.graceMs, ending.signal)]);
      ending.abort();
      await Promise.all(loops);
    },
  };
}

function isOfInstallation({ organizationId }: Claim): boolean {
  return organizationId === INSTALLATION;
}

/** Takes as much as there are free places for, again and again. */
async function claimLoop(place: Place, runs: Set<ClaimRun | JobRun>, bell: Bell, stopping: AbortSignal): Promise<void> {
  const types = [...place.kinds.keys(), ...place.jobs.keys(), ...place.works.keys()];
  let sinceCleared = 0;
  let turn: Turn = { after: "00000000-0000-0000-0000-000000000000", served: 0 };
  const start = (claim: Claim) => {
    const run = isOfInstallation(claim) ? runJobs(place, claim, bell.ring) : runClaim(place, claim, bell.ring);
    runs.add(run);
    void run.ended.then(() => runs.delete(run));
  };
  const claim = async (places: number) => {
    const { worker, times } = place;
    const claims = await claimTasks(place.database, times.leaseSeconds, { worker, types, places, turn });
    for (const claim of claims) {
      start(claim);
      turn = nextTurn(turn, claim);
    }
    // A claim looks at so many organizations: where none of these had anything, another one looks at others.
    if (claims.length === 0) turn = { after: randomUUID(), served: 0 };
    return claims.reduce((sum, { taskIds }) => sum + taskIds.length, 0);
  };
  while (!stopping.aborted) {
    const taken = [...runs].reduce((sum, run) => sum + run.running(), 0);
    const places = Math.min(place.concurrency - taken, CLAIM_MAX);
    let found = 0;
    try {
      if (places > 0) found = await claim(places);
      sinceCleared += found;
      if (sinceCleared >= CLEAR_EVERY_TASKS) {
        sinceCleared = 0;
        await clearAway(place.database);
      }
    } catch (err) {
      if (!stopping.aborted) place.log.error({ err, work: "tasks" }, "Tasks could not be claimed.");
      await place.pause(PAUSE_MS);
    }
    if (found < places || places <= 0) await bell.wait(place.times.lookAgainMs);
    // Who is nearly full takes several at once rather than each place as it becomes free.
    if (place.concurrency - taken < place.concurrency / 4) await place.pause(GATHER_MS);
  }
}

function nextTurn({ after, served }: Turn, { organizationId, taskIds }: Claim): Turn {
  return { after: organizationId, served: (organizationId === after ? served : 0) + taskIds.length };
}

/**
 * Tells again and again that this worker lives. What it lost is told to end; so is what was cancelled or takes too long. Who could
 * not be heard for as long as a lease has lost everything, and need not ask.
 */
async function heartbeatLoop(place: Place, runs: ReadonlySet<ClaimRun | JobRun>): Promise<void> {
  let heardAt = Date.now();
  const beat = async () => {
    const now = Date.now();
    for (const run of runs) run.endOverdue(now);
    if (now - heardAt > place.times.leaseSeconds * 1_000) for (const run of runs) run.end("lost");
    const held = [...runs];
    const tokens = held.map((run) => run.claim.token);
    const standing = await extendClaims(place.database, place.times.leaseSeconds, tokens);
    heardAt = now;
    for (const run of held) tellEnds(run, standing.get(run.claim.token));
    for (const run of held) await tellProgress(place, run);
  };
  await repeat(place, place.signal, beat, place.times.heartbeatMs);
}

function tellEnds(run: ClaimRun | JobRun, cancelled: string[] | undefined): void {
  if (!cancelled) run.end("lost");
  else if (cancelled.length > 0) run.end("cancelled", cancelled);
}

/** What ended since the heartbeat has no progress to tell. */
async function tellProgress(place: Place, run: ClaimRun | JobRun): Promise<void> {
  const reports = run.takeProgress();
  if (reports.length === 0) return;
  try {
    await reportProgress(entryOf(place, run.claim), run.claim, reports);
  } catch (error) {
    if (!hasState(error, "claim_lost")) throw error;
  }
}

/** Does what time brings. As much as one sweep does at most means that there may be more. */
async function sweepLoop(place: Place, bell: Bell, stopping: AbortSignal): Promise<void> {
  let wait = 0;
  const run = async () => {
    const { moved, nextSeconds } = await sweep(place.database);
    if (moved > 0) bell.ring();
    wait = moved >= SWEEP_BATCH ? 0 : Math.min(place.times.sweepMs, Math.max(nextSeconds * 1_000, 10));
  };
  await repeat(place, stopping, run, () => wait);
}

async function keepChores({ database, works }: Place, bell: Bell): Promise<void> {
  if (works.size === 0) return;
  await callOutside(database, "dispatcher", "select tasks.keep_chores($1)", [[...works.keys()]]);
  bell.ring();
}

async function repeat(
  place: Place,
  signal: AbortSignal,
  run: () => Promise<void>,
  everyMs: number | (() => number),
): Promise<void> {
  while (!signal.aborted) {
    try {
      await run();
    } catch (err) {
      if (!signal.aborted) place.log.error({ err, work: "tasks" }, "The task engine could not reach the database.");
      await makePause(PAUSE_MS, signal);
    }
    await makePause(typeof everyMs === "number" ? everyMs : everyMs(), signal);
  }
}

/** Waits, but not beyond the abort. */
function makePause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return delay(milliseconds, undefined, { signal }).catch(() => undefined);
}
