import { setTimeout as delay } from "node:timers/promises";
import { hasState } from "../../kernel/database/errors.ts";
import { BusyError } from "../../kernel/database/pool.ts";
import { Problem } from "../../kernel/errors.ts";
import { FileFault } from "../../kernel/import/fault.ts";
import type { RowError } from "../../kernel/import/sink.ts";
import type { Noun } from "../../kernel/nouns/noun.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { takeEach } from "../../kernel/tenancy/take-each.ts";
import { type Transaction, transaction } from "../../kernel/tenancy/transaction.ts";
import { type RunningTask, TaskFailure } from "../../kernel/work.ts";
import { removeFile } from "../tasks/public.ts";
import { examineRows } from "./examining.ts";
import { type Advance, advance, type Job, keptFile, readJob, tellAdvance } from "./job.ts";
import { gatherRows, type Piece } from "./pieces.ts";
import type { Plan, PlanRow } from "./plan.ts";
import { undoAll } from "./undoing.ts";
import { changeRows, copyRows, errorsOf } from "./writing.ts";

const BUSY_TRIES = 60;
const BUSY_MS = 500;
/** With `stop`, checking is this much of the way. */
const CHECKING_SHARE = 40;

/** What a try has in hands. */
type Run = { job: Job; noun: Noun; worker: Context; loader: Context; task: RunningTask<unknown> };

/** The rows of a file whose rows must all be right, of which the database refused some after all. */
class RefusedRows extends Error {
  readonly errors: RowError[];
  constructor(errors: RowError[]) {
    super("The database refused rows.");
    this.errors = errors;
  }
}

/**
 * Does an import from where it stands: each piece of the file in the transaction that notes it, so that a try that was lost, however
 * it was, is gone on with and nothing is done twice.
 */
export async function runImport(task: RunningTask<{ import: string }>): Promise<{ state: string }> {
  const job = await readJob(task.entry, task.input.import);
  const noun = task.services.nouns.get(job.noun);
  if (!noun?.write) throw new TaskFailure("invalid", `Nothing can be imported into ${job.noun} any more.`);
  const worker: Context = { ...task.entry, request: { ...task.entry.request, importId: job.id } };
  const run: Run = { job, noun, worker, loader: { ...worker, role: "loader" }, task };
  try {
    if (job.state === "waiting") await advance(run, { state: job.on_error === "stop" ? "checking" : "loading" });
    if (job.state === "checking") await checkAll(run);
    if (job.state === "loading") await loadAll(run);
    if (job.state === "undoing") await undoAll(run, "failed");
  } catch (error) {
    // It was cancelled, or somebody else goes on with it.
    if (!hasState(error, "in_conflict")) throw error;
    return { state: "cancelled" };
  }
  await removeFile(worker, job.file_id);
  return { state: job.state };
}

async function checkAll(run: Run): Promise<void> {
  const { job } = run;
  if (!(await goThrough(run, (plan, piece) => checkPiece(run, plan, piece)))) return;
  const { rows_wrong: wrong, position: rows } = job;
  if (job.errors_total === 0) await advance(run, { state: "loading", position: 0, progress: CHECKING_SHARE });
  else
    await advance(run, {
      state: "failed",
      reason: `${wrong} of ${rows} rows are wrong, and nothing was imported. Correct them, or import with on_error=skip.`,
    });
}

async function loadAll(run: Run): Promise<void> {
  try {
    if (await goThrough(run, (plan, piece) => loadPiece(run, plan, piece)))
      await advance(run, { state: "completed", progress: 100 });
  } catch (error) {
    if (!(error instanceof RefusedRows)) throw error;
    const reason = "The database refused rows that were right when they were checked: everything was undone.";
    await advance(run, { state: "undoing", reason, rows_wrong: error.errors.length }, error.errors);
  }
}

/** Goes through the pieces of the file that are not done. False where the file itself is at fault: then the import has failed. */
async function goThrough(run: Run, take: (plan: Plan, piece: Piece) => Promise<void>): Promise<boolean> {
  const { job, noun, worker } = run;
  try {
    await gatherRows(await keptFile(worker, job), noun, job, take);
    return true;
  } catch (error) {
    if (error instanceof FileFault) {
      const { line, message: reason } = error;
      await advance(run, { state: "failed", reason }, [{ line, column: null, reason }]);
      return false;
    }
    if (!(error instanceof Problem) || error.code !== "invalid") throw error;
    await advance(run, { state: "failed", reason: error.errors.map(({ message }) => message).join(" ") });
    return false;
  }
}

async function checkPiece(run: Run, plan: Plan, piece: Piece): Promise<void> {
  await inTransaction(run, run.worker, async (tx) => {
    const { errors } = await examine(tx, run, plan, piece.rows);
    return noted(tx, run, piece, {}, [...piece.errors, ...errors], piece.wrong + errors.length);
  });
}

/** What changes rows that are there is done by the worker, and what is new copied in by the loader: the import notes each half. */
async function loadPiece(run: Run, plan: Plan, piece: Piece): Promise<void> {
  const { job, noun } = run;
  const organization = run.worker.organization.id;
  const errors: RowError[] = [];
  let creates: readonly PlanRow[] = [];
  await inTransaction(run, run.worker, async (tx) => {
    const examined = await examine(tx, run, plan, piece.rows);
    creates = examined.creates;
    errors.splice(0, errors.length, ...piece.errors, ...examined.errors);
    refuseErrors(job, examined.errors);
    if (job.is_half || examined.changes.length === 0) return undefined;
    let updated = 0;
    const refused = await takeEach(tx, examined.changes, async (changes) => {
      updated += await changeRows(tx, organization, plan, changes);
    });
    const refusals = errorsOf(refused.map(({ item, reason }) => ({ item: item.row, reason })));
    refuseErrors(job, refusals);
    const done: Advance = { is_half: true, rows_updated: updated, rows_wrong: refusals.length };
    return { done, apply: await tellAdvance(tx, job, done, refusals) };
  });
  const wrong = piece.wrong + errors.length - piece.errors.length;
  await inTransaction(run, creates.length > 0 ? run.loader : run.worker, async (tx) => {
    const refused = await takeEach(tx, creates, (rows) => copyRows(tx, organization, plan, rows));
    const refusals = errorsOf(refused);
    refuseErrors(job, refusals);
    const done = { rows_created: creates.length - refused.length };
    return noted(tx, run, piece, done, [...errors, ...refusals], wrong + refusals.length);
  });
  run.task.progress(job.progress, `${job.position} rows of ${noun.name}`);
}

function refuseErrors({ on_error }: Job, errors: readonly RowError[]): void {
  if (on_error === "stop" && errors.length > 0) throw new RefusedRows([...errors]);
}

async function examine(tx: Transaction, { noun, worker }: Run, plan: Plan, rows: readonly PlanRow[]) {
  const [held] = await tx.query<{ holds: boolean }>("select kernel.holds($1) as holds", [noun.write]);
  if (!held?.holds)
    throw new TaskFailure("unauthorized", `Who imports this may not write rows of ${noun.name} any more.`);
  return examineRows(tx, worker.organization.id, plan, rows);
}

/** Notes that a piece is done. */
async function noted(
  tx: Transaction,
  { job }: Run,
  piece: Piece,
  figures: Advance,
  errors: readonly RowError[],
  wrong: number,
) {
  const share = piece.bytes / Math.max(job.bytes, 1);
  const [from, to] =
    job.on_error === "skip" ? [0, 100] : job.state === "checking" ? [0, CHECKING_SHARE] : [CHECKING_SHARE, 100];
  const progress = Math.min(Math.floor(from + (to - from) * share), 99);
  const done = { ...figures, position: job.position + piece.count, progress, rows_wrong: wrong };
  return { done, apply: await tellAdvance(tx, job, done, errors) };
}

/** Runs work in a transaction; where all connections are taken it waits for one, as long as that makes sense. */
async function inTransaction(
  { task }: Run,
  context: Context,
  work: (tx: Transaction) => Promise<{ apply: () => void } | undefined>,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      const noted = await transaction(context, work);
      return noted?.apply();
    } catch (error) {
      if (!(error instanceof BusyError) || tries >= BUSY_TRIES) throw error;
      await delay(BUSY_MS * Math.random(), undefined, { signal: task.signal });
    }
  }
}
