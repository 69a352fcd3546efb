import { makeApprovals, makeSchedules } from "./approvals.ts";
import type { Row, Scene, Task } from "./scene.ts";
import { STEPS, TASKS } from "./words/tasks.ts";

const DAYS = 28;
const PER_DAY = 3;
const START_MS = 1_500;
const MICRO_CREDITS = 1_000_000;
const OVER = ["completed", "failed", "cancelled"];
/** What became of today's tasks: the others are over. */
const TODAY = [
  "completed",
  "processing",
  "pending",
  "queued",
  "escalated",
  "waiting",
  "pending",
  "completed",
  "failed",
  "processing",
] as const;

/** Makes tasks in every state with their attempts, a workflow whose steps wait for each other, approvals and schedules. */
export async function makeTasks(scene: Scene, tags: Map<string, string>): Promise<Task[]> {
  const { insert, id, clock, people } = scene;
  const past = Array.from({ length: DAYS * PER_DAY }, (_, index) => {
    const status = index % 13 === 6 ? "failed" : index % 23 === 9 ? "cancelled" : "completed";
    return taskOf(scene, Math.floor(index / PER_DAY) - DAYS, index, status);
  });
  const today = TODAY.map((status, index) => taskOf(scene, 0, index, status));
  const created_at = clock.past(-1, 0.3);
  const [running, done] = [id(created_at), id(clock.on(-8))];
  await insert("tasks.workflows", [
    { id: running, name: "Newsletter of this month", status: "running", created_by: people.member, created_at },
    {
      id: done,
      name: "Newsletter of last month",
      status: "completed",
      created_by: people.member,
      created_at: clock.on(-8),
    },
  ]);
  const steps = STEPS.map((step, index) => ({
    ...taskOf(scene, -1, index, ["completed", "completed", "waiting", "pending"][index] ?? "pending"),
    ...step,
    worker_type: index === 2 ? "human" : "internal",
    assigned_to: undefined,
    workflow_id: running,
  }));
  const tasks: Task[] = [...past, ...today, ...steps];
  await insert("tasks.tasks", tasks);
  await insert("tasks.workflow_figures", [
    {
      workflow_id: running,
      total: steps.length,
      completed: steps.filter(({ status }) => status === "completed").length,
    },
    { workflow_id: done, total: 0, completed: 0 },
  ]);
  await insert(
    "tasks.task_dependencies",
    steps.slice(1).map((step, index) => ({ task_id: step.id, depends_on_id: steps[index]?.id, policy: "succeeded" })),
  );
  await insert("tasks.task_attempts", tasks.flatMap(attemptsOf));
  await insert(
    "tasks.task_tags",
    tasks
      .filter(({ status }) => status === "escalated")
      .map((task) => ({ task_id: task.id, tag_id: tags.get("Urgent") })),
  );
  await makeApprovals(scene, tasks);
  await makeSchedules(scene);
  return tasks;
}

function taskOf(scene: Scene, day: number, index: number, status: string): Task {
  const { id, chance, clock, people } = scene;
  const { type, category, worker, name } = chance.pick(TASKS);
  const created_at = clock.past(day, 0.3 + (index % 10) * 0.05);
  return {
    id: id(created_at),
    type,
    category,
    name,
    status,
    priority: chance.whole(2, 8),
    worker_type: worker,
    input: { sample: index },
    created_by: people.member,
    assigned_to: worker === "human" || status === "escalated" ? people.admin : undefined,
    workflow_id: undefined,
    idempotency_key: `demo:${day}:${index}:${status}`,
    scheduled_for: status === "pending" && index % 2 === 0 ? clock.on(1, 6) : undefined,
    progress_percentage: status === "processing" ? 40 : undefined,
    ...courseOf(scene, status, created_at),
    ...resultOf(scene, status, { index, isModel: worker === "ai" }),
    created_at,
  };
}

const TRIES: Record<string, number> = { completed: 1, processing: 1, failed: 3 };

/** When it began and ended, and after how many tries. */
function courseOf({ chance }: Scene, status: string, created_at: Date) {
  const attempts = TRIES[status] ?? 0;
  const isOver = OVER.includes(status);
  const processing_time_ms = isOver && attempts > 0 ? chance.whole(800, 90_000) : undefined;
  return {
    attempts,
    started_at: attempts > 0 ? new Date(created_at.getTime() + START_MS) : undefined,
    completed_at: isOver ? new Date(created_at.getTime() + START_MS + (processing_time_ms ?? 0)) : undefined,
    processing_time_ms,
  };
}

/** What came of it, and what it cost where a model did it. */
function resultOf({ chance }: Scene, status: string, { index, isModel }: { index: number; isModel: boolean }) {
  const isDone = status === "completed";
  return {
    output: isDone ? { ok: true } : undefined,
    error_details: status === "failed" ? { message: "The other side did not answer in time." } : undefined,
    ai_model: isModel ? "northwind-writer" : undefined,
    estimated_cost: isModel ? 2 * MICRO_CREDITS : undefined,
    actual_cost: isModel && isDone ? chance.whole(5, 25) * 100_000 : undefined,
    quality_score: isDone && index % 2 === 0 ? chance.whole(60, 100) / 20 : undefined,
  };
}

/** A try is written down when it is over: what is under way has none yet. */
function attemptsOf({ id, status, attempts, started_at, completed_at, processing_time_ms, actual_cost }: Task): Row[] {
  if (status === "processing") return [];
  return Array.from({ length: Number(attempts ?? 0) }, (_, index) => ({
    task_id: id,
    attempt: index + 1,
    worker: "worker-1",
    fencing_token: index + 1,
    status: status === "failed" ? "failed" : "succeeded",
    failure_class: status === "failed" ? "timed_out" : undefined,
    error_details: status === "failed" ? { after_ms: processing_time_ms } : undefined,
    log: status === "failed" ? "Asked, and waited for an answer." : "Done.",
    started_at,
    ended_at: completed_at,
    cost: actual_cost,
  }));
}
