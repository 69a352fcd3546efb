import assert from "node:assert/strict";
import type { LightMyRequestResponse } from "fastify";
import type pg from "pg";
import { createTenant, type Person, type Tenant } from "../../test/harness.ts";
import type { TestHttpServer } from "../../test/http/server.ts";

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
  // biome-ignore lint/suspicious/noExplicitAny: the answer is whatever the test looks for in it
  get(path: string): Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: the answer is whatever the test looks for in it
  post(path: string, payload?: object): Promise<any>;
  /** Starts an echo, and gives its id. */
  start(task?: object): Promise<string>;
};

export async function openDoors(http: TestHttpServer): Promise<TaskDoors> {
  const tenant = await createTenant(http.database);
  const ask: TaskDoors["ask"] = (method, path, payload, person = tenant.owner) =>
    http.ask(person, { method, url: `/api/organizations/${tenant.slug}/${path}`, ...(payload && { payload }) });
  const must = async (answer: Promise<LightMyRequestResponse>) => {
    const { statusCode, body } = await answer;
    assert.ok(statusCode === 200 || statusCode === 204, `${statusCode} ${body}`);
    return body === "" ? undefined : JSON.parse(body);
  };
  const post = (path: string, payload: object = {}) => must(ask("POST", path, payload));
  return {
    tenant,
    ask,
    get: (path) => must(ask("GET", path)),
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
