import type { LightMyRequestResponse } from "fastify";
import type pg from "pg";
import type { AnswerOf } from "../../kernel/http/endpoint.ts";
import { createTenant, type Person, type Tenant } from "../../test/harness.ts";
import { answered, type TestHttpServer } from "../../test/http/server.ts";
import type * as changes from "./task-changes-contract.ts";
import type * as tasks from "./tasks-contract.ts";
import type * as workflows from "./workflows-contract.ts";

/** What is answered to GET, by the path. */
type Got<Path extends string> = Path extends "task-types"
  ? AnswerOf<typeof tasks.listTaskTypes>
  : Path extends `task-performance${string}`
    ? AnswerOf<typeof tasks.readPerformance>
    : Path extends `tasks?${string}`
      ? AnswerOf<typeof tasks.listTasks>
      : Path extends `tasks/${string}`
        ? AnswerOf<typeof tasks.readTask>
        : Path extends `workflows?${string}`
          ? AnswerOf<typeof workflows.listWorkflows>
          : AnswerOf<typeof workflows.readWorkflow>;

/** And to POST. */
type Posted<Path extends string> = Path extends "tasks"
  ? AnswerOf<typeof tasks.startTask>
  : Path extends "tasks/batch"
    ? AnswerOf<typeof tasks.startTasks>
    : Path extends "tasks/cancel"
      ? AnswerOf<typeof changes.cancelTasks>
      : Path extends "tasks/replay"
        ? AnswerOf<typeof changes.replayTasks>
        : Path extends `tasks/${string}/cancel`
          ? AnswerOf<typeof changes.cancelTask>
          : Path extends "workflows"
            ? AnswerOf<typeof workflows.startWorkflow>
            : unknown;

/** An organization's doors of the task engine, as a person goes through them. */
export type TaskDoors = {
  tenant: Tenant;
  ask(
    method: "GET" | "POST" | "PATCH",
    path: string,
    payload?: object,
    person?: Person,
  ): Promise<LightMyRequestResponse>;
  /** Asks, and gives what was answered to a request that must succeed. */
  get<Path extends string>(path: Path): Promise<Got<Path>>;
  post<Path extends string>(path: Path, payload?: object): Promise<Posted<Path>>;
  /** Starts an echo, and gives its id. */
  start(task?: object): Promise<string>;
};

export async function openDoors(http: TestHttpServer): Promise<TaskDoors> {
  const tenant = await createTenant(http.database);
  const ask: TaskDoors["ask"] = (method, path, payload, person = tenant.owner) =>
    http.ask(person, { method, url: `/api/organizations/${tenant.slug}/${path}`, ...(payload && { payload }) });
  const post: TaskDoors["post"] = (path, payload = {}) => answered(ask("POST", path, payload));
  return {
    tenant,
    ask,
    get: (path) => answered(ask("GET", path)),
    post,
    start: async (task = {}) => (await post("tasks", { type: "example.echo", ...task })).id,
  };
}

/** Has tasks end at once, as the engine ends them. */
export async function endTasks(
  admin: pg.Client,
  { id }: Tenant,
  ids: readonly string[],
  status: "completed" | "failed" | "cancelled",
): Promise<void> {
  await admin.query("select tasks.end_at_once($1, $2, $3, null)", [id, ids, status]);
}
