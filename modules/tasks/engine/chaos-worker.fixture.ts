import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { queryText, transaction } from "../../../kernel/tenancy/transaction.ts";
import { type RunningTask, TaskFailure, taskKind, WAIT_FOR_PARTS } from "../../../kernel/work.ts";
import { openTestDatabase, testServices } from "../../../test/harness.ts";
import { scheduleWork } from "../schedules/work.ts";
import { openSignal } from "./signal.ts";
import { startWorker } from "./worker.ts";

// A worker process of the chaos tests: its argument is the database. Each try is written down in chaos.starts by itself, and the end of
// a task by a trigger of the database.

const server = JSON.parse(process.argv[2] ?? "{}");
const database = openTestDatabase(server, 40);

type Step = { fails?: number; invalid?: boolean; parts?: number; waitMs?: number; cost?: number };

async function run(task: RunningTask): Promise<unknown> {
  const { fails = 0, invalid = false, parts = 0, waitMs = 0, cost = 0 } = task.input as Step;
  await transaction(task.entry, async (tx) => {
    await tx.query("insert into chaos.starts (task_id, attempt) values ($1, $2)", [task.id, task.attempt]);
  });
  if (cost > 0) task.spend(cost);
  if (waitMs > 0) await delay(waitMs, undefined, { signal: task.signal });
  if (invalid) throw new TaskFailure("invalid", "It cannot be done.");
  // A failure is known by its try: what was lost meanwhile counts as one.
  if (task.attempt <= fails) throw new TaskFailure("transient", "Not now.", { retryAfterSeconds: 0.01 });
  if (parts > 0 && (await askForParts(task, parts))) return WAIT_FOR_PARTS;
  return { attempt: task.attempt };
}

/** Asked for twice they are the same parts. Resolves with whether they are new: the second time they are over, or some are not. */
async function askForParts({ id, entry }: RunningTask, parts: number): Promise<boolean> {
  const wishes = Array.from({ length: parts }, (_, index) => ({
    type: "chaos.step",
    name: "Part",
    input: {},
    parent_task_id: id,
    attempts_max: 50,
    idempotency_key: `${id}:${index}`,
  }));
  const text = "select tasks.ask($1)";
  await queryText(entry, { text, values: [JSON.stringify(wishes)], fixed: true });
  const open = "select count(*) from tasks.tasks where parent_task_id = $1 and completed_at is null";
  return Number(await queryText(entry, { text: open, values: [id] })) > 0;
}

const kind = taskKind({
  type: "chaos.step",
  summary: "A step of a chaos test.",
  category: "system",
  workerType: "internal",
  input: z.looseObject({}),
  timeLimitSeconds: 60,
  attemptsMax: 50,
  isOpen: false,
  run,
});

const services = testServices({ kinds: new Map([[kind.type, kind]]), wakeWorkers: () => signal.send() });
const worker = startWorker({
  database,
  services,
  kinds: [kind],
  jobs: [],
  works: [{ ...scheduleWork, everySeconds: 1 }],
  concurrency: 40,
  log: { error: () => undefined },
  times: { leaseSeconds: 1, heartbeatMs: 100, sweepMs: 50, lookAgainMs: 20, graceMs: 100 },
});
const signal = openSignal(database, () => worker.wake());
