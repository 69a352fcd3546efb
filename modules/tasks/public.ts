// What the modules below and the command line may call.
import * as asking from "./asking.ts";
import * as changing from "./changing.ts";
import { openSignal as open } from "./engine/signal.ts";
import { startWorker as start } from "./engine/worker.ts";
import * as files from "./files.ts";
import * as measuring from "./metrics.ts";
import * as operators from "./operators.ts";
import * as outcome from "./outcome.ts";
import * as people from "./people/asking.ts";
import * as schedules from "./schedules.ts";

export type WorkFigures = operators.WorkFigures;

/** See `engine/`. */
export const startWorker = start;
export const openSignal = open;

/** See `files.ts`. */
export const storeFile = files.storeFile;
export const findFile = files.findFile;
export const readFile = files.readFile;
export const removeFile = files.removeFile;
export const noteOutcome = files.noteOutcome;

/** See `outcome.ts`. */
export const { readMadeFile } = outcome;

/** The wish for a task of a kind, and the tasks of wishes; see `asking.ts`. */
export const { askForTask, askForTasks, wishOf } = asking;

/** What a running task asks people; see `people/asking.ts`. */
export const { approvalOf, askForApproval } = people;

/** Work that comes again; see `schedules.ts`. */
export const { createSchedule, dropSchedules } = schedules;

/** See `changing.ts`. */
export const { cancelTask } = changing;

/** Measures what a worker does, and the line; see `metrics.ts`. */
export const { measureTasks } = measuring;

/** What the operator sees and does; see `operators.ts`. */
export const {
  cancelAsOperator,
  describeTask,
  findFailed,
  listTasksOfAll,
  listWorkerClaims,
  readWorkFigures,
  REPLAYED_MAX,
  replayAsOperator,
  TASKS_SHOWN_MAX,
} = operators;
