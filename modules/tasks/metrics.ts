import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Database } from "../../kernel/database/pool.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import type { TaskMeter } from "../../kernel/work.ts";

const SECONDS_BUCKETS = [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1_800, 7_200];

type LineFigures = {
  ready: number;
  later: number;
  parked: number;
  claims: number;
  claimed: number;
  oldest_ready_seconds: number;
};

/** Measures what this process's worker does, and at each look how the line is, which is the same in every process. */
export function measureTasks(registry: Registry, database: Database): TaskMeter {
  const registers = [registry];
  const started = new Counter({
    name: "tenon_tasks_started_total",
    help: "Tries at tasks that were begun here.",
    labelNames: ["type"],
    registers,
  });
  const finished = new Counter({
    name: "tenon_tasks_finished_total",
    help: "Tries at tasks that ended here: completed, failed for good, retried, cancelled, waiting, divided, or dropped.",
    labelNames: ["type", "outcome"],
    registers,
  });
  const seconds = new Histogram({
    name: "tenon_task_seconds",
    help: "How long a try at a task took.",
    labelNames: ["type"],
    buckets: SECONDS_BUCKETS,
    registers,
  });
  const running = new Gauge({ name: "tenon_tasks_running", help: "Tasks that run here now.", registers });
  measureLine(registry, database);
  return {
    begun: (type) => {
      started.inc({ type });
      running.inc();
    },
    ended: (type, outcome, duration) => {
      finished.inc({ type, outcome });
      seconds.observe({ type }, duration);
      running.dec();
    },
  };
}

/** One bounded statement for all of it at each look. A database that does not answer leaves these out, and nothing else. */
function measureLine(registry: Registry, database: Database): void {
  let looking: Promise<LineFigures | undefined> | undefined;
  // Figures that are collected together share one look.
  const look = () => {
    looking ??= readLine(database)
      .catch(() => undefined)
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  const registers = [registry];
  new Gauge({
    name: "tenon_task_entries",
    help: "Tasks in line by state, of the whole installation: exact up to 10,000, estimated beyond.",
    labelNames: ["state"],
    registers,
    async collect() {
      const figures = await look();
      this.reset();
      for (const state of ["ready", "later", "parked"] as const) if (figures) this.set({ state }, figures[state]);
    },
  });
  for (const [name, help, figure] of LINE_GAUGES) {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const figures = await look();
        if (figures) this.set(figures[figure]);
        else this.remove();
      },
    });
  }
}

const LINE_GAUGES: readonly [name: string, help: string, figure: keyof LineFigures][] = [
  ["tenon_task_claims", "Claims that workers hold, of the whole installation.", "claims"],
  ["tenon_task_claimed", "Tasks in these claims.", "claimed"],
  [
    "tenon_task_oldest_ready_seconds",
    "How long the first in line of an organization has waited at most, of up to 1,000 organizations.",
    "oldest_ready_seconds",
  ],
];

async function readLine(database: Database): Promise<LineFigures | undefined> {
  const [row] = await callOutside<{ figures: LineFigures }>(
    database,
    "dispatcher",
    "select tasks.line_figures() as figures",
  );
  return row?.figures;
}
