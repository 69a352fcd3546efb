import { Command, InvalidArgumentError, Option } from "commander";
import type pg from "pg";
import { readConfig } from "../kernel/config.ts";
import { withConnection } from "../kernel/database/connection.ts";
import { openInstallation } from "../kernel/installation.ts";
import {
  cancelAsOperator,
  describeTask,
  findFailed,
  listTasksOfAll,
  listWorkerClaims,
  REPLAYED_MAX,
  readWorkFigures,
  replayAsOperator,
  TASKS_SHOWN_MAX,
  type WorkFigures,
} from "../modules/tasks/public.ts";
import { tableOf } from "./table.ts";

const STATUSES = ["pending", "queued", "processing", "waiting", "completed", "failed", "cancelled", "escalated"];
const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const HELP = `
ready tasks wait for a worker; later ones for their time; parked ones until another one like them is over; waiting ones for a person,
an answer, their parts or credits. failed counts what failed for good in the last day.

Much is ready and nothing running:     tenon tasks workers       (is a worker there at all?)
What went wrong, and why:              tenon tasks list --status failed, then tenon tasks show ID
The cause is mended, try them again:   tenon tasks replay --type webhooks.deliver --since 2h
One of them must stop:                 tenon tasks cancel ID`;

/** `tenon tasks`: what runs, waits and went wrong, in all organizations. */
export function tasksCommand(): Command {
  const tasks = new Command("tasks")
    .description("see, cancel and replay background work")
    .addHelpText("after", HELP)
    .action(() => asOwner(printFigures));
  const commands = [
    new Command("workers").description("list the workers that have tasks now").action(() => asOwner(printWorkers)),
    new Command("list")
      .description(`list tasks, the newest ${TASKS_SHOWN_MAX} first`)
      .option("--organization <slug>", 'only those of one organization, as "tenon admin organizations" lists it')
      .addOption(new Option("--status <status>", "only those with this status").choices(STATUSES))
      .option("--type <type>", "only those of this type")
      .action((options: ListOptions) => asOwner((owner) => printTasks(owner, options))),
    new Command("show")
      .description("tell all that is known of a task")
      .argument("<id>", "the task's id", taskId)
      .action((id: string) => asOwner((owner) => printTask(owner, id))),
    new Command("cancel")
      .description("cancel tasks with their parts; what is under way ends when its worker has stopped")
      .argument("<ids...>", "the tasks' ids", collectIds)
      .action((ids: string[]) => asOwner((owner) => cancel(owner, ids))),
    new Command("replay")
      .description(`have tasks tried again that failed for good: by id, or up to ${REPLAYED_MAX} of a type`)
      .argument("[ids...]", "the tasks' ids", collectIds)
      .option("--type <type>", "those of this type instead")
      .option("--since <time>", "that failed in this time, such as 90m, 6h or 2d", duration, UNIT_MS.d)
      .action((ids: string[] | undefined, options: ReplayOptions) => replay(ids ?? [], options)),
  ];
  for (const command of commands) tasks.addCommand(command);
  return tasks;
}

type ListOptions = { organization?: string; status?: string; type?: string };
type ReplayOptions = { type?: string; since: number };

async function asOwner(work: (owner: pg.Client) => Promise<void>): Promise<void> {
  const installation = await openInstallation(readConfig(), console.error);
  try {
    await withConnection(installation.server.admin, work);
  } finally {
    await installation.close();
  }
}

async function printFigures(owner: pg.Client): Promise<void> {
  for (const by of ["type", "organization"] as const) {
    const figures = await readWorkFigures(owner, by);
    if (figures.length === 0) {
      console.log("Nothing runs, waits, or has failed in the last day.");
      return;
    }
    if (by === "organization") console.log("");
    const headings = [by, "running", "ready", "later", "parked", "waiting", "failed", "oldest ready"];
    console.log(tableOf(headings, figures.map(rowOf)));
  }
}

function rowOf({
  name,
  running,
  ready,
  later,
  parked,
  waiting,
  failed,
  oldest_ready_seconds: oldest,
}: WorkFigures): string[] {
  const counts = [running, ready, later, parked, waiting, failed].map(String);
  return [name, ...counts, oldest === null ? "-" : ageOf(oldest)];
}

/** Seconds in words: 12 s, 5 min, 3 h, 4 d. */
function ageOf(seconds: number): string {
  if (seconds < 120) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}

async function printWorkers(owner: pg.Client): Promise<void> {
  const workers = await listWorkerClaims(owner);
  if (workers.length === 0) {
    console.log("No worker has a task now. An idle worker is not listed: it is known by what it has.");
    return;
  }
  const rows = workers.map(({ worker, claims, tasks, since, seconds_left, types }) => [
    worker,
    String(claims),
    String(tasks),
    since.toISOString(),
    seconds_left < 0 ? "lost" : `${Math.round(seconds_left)} s`,
    types.join(", "),
  ]);
  console.log(tableOf(["worker", "claims", "tasks", "since", "lease", "types"], rows));
}

async function printTasks(owner: pg.Client, options: ListOptions): Promise<void> {
  const tasks = await listTasksOfAll(owner, options);
  if (tasks.length === 0) {
    console.log("There is no such task.");
    return;
  }
  const rows = tasks.map(({ id, organization, type, status, name, attempts, created_at, error }) => [
    id,
    organization,
    type,
    status,
    String(attempts),
    created_at.toISOString(),
    name.slice(0, 40),
    (error ?? "").slice(0, 80),
  ]);
  console.log(tableOf(["id", "organization", "type", "status", "tries", "made", "name", "error"], rows));
  if (tasks.length === TASKS_SHOWN_MAX)
    console.log(`The newest ${TASKS_SHOWN_MAX}; --organization, --status and --type find others.`);
}

async function printTask(owner: pg.Client, id: string): Promise<void> {
  const task = await describeTask(owner, id);
  if (!task) throw new Error(`There is no task ${id}.`);
  console.log(tableOf(["field", "value"], task.fields));
  if (task.attempts.length === 0) return;
  console.log("");
  console.log(tableOf(["try", "status", "class", "took", "ended", "worker", "error"], task.attempts));
}

async function cancel(owner: pg.Client, ids: readonly string[]): Promise<void> {
  const count = await cancelAsOperator(owner, ids);
  if (count === 0) throw new Error("None of these tasks is there and not over yet.");
  console.log(`${countOf(count)} cancelled, with their parts.`);
}

async function replay(ids: readonly string[], { type, since }: ReplayOptions): Promise<void> {
  if (ids.length > 0 === (type !== undefined)) throw new Error("Give the ids of tasks, or a type with --type.");
  await asOwner(async (owner) => {
    const found = type === undefined ? ids : await findFailed(owner, type, new Date(Date.now() - since));
    const count = found.length === 0 ? 0 : await replayAsOperator(owner, found);
    if (count === 0) throw new Error("None of these tasks has failed for good.");
    console.log(`${countOf(count)} tried again.`);
    if (type !== undefined && found.length === REPLAYED_MAX)
      console.log("There may be more: say it once more for those.");
  });
}

function countOf(count: number): string {
  return count === 1 ? "1 task is" : `${count} tasks are`;
}

function taskId(text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text;
  throw new InvalidArgumentError('Give the id of a task, as "tenon tasks list" shows it.');
}

function collectIds(text: string, others: string[] | undefined): string[] {
  return [...(others ?? []), taskId(text)];
}

function duration(text: string): number {
  const [, count = "", unit = ""] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (count === "") throw new InvalidArgumentError("Give a time such as 90m, 6h or 2d.");
  return Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}
