import assert from "node:assert/strict";
import { kinds } from "../../app.ts";
import { watchChanges } from "../../test/changes.ts";
import {
  adminOf,
  atEnd,
  createScratchDatabase,
  createTenant,
  openTestDatabase,
  type Person,
  type Tenant,
} from "../../test/harness.ts";
import { localServices, openTestServer } from "../../test/http/server.ts";
import { startWorker } from "../tasks/engine/worker.ts";
import { type FakeStore, KEYS } from "./fake-stores.fixture.ts";

/** A server and its worker on a database of their own, and what people ask of stores. Changes of tasks are heard, and of the tables named. */
export async function openStores(heard: readonly string[] = []) {
  const login = await createScratchDatabase();
  const services = localServices();
  const http = await openTestServer([], { database: openTestDatabase(login), services });
  const admin = await adminOf(http.database);
  const { until } = await watchChanges(login, ["tasks.tasks", ...heard]);
  const tenant = await createTenant(http.database);
  const log = { error: ({ err }: { err: unknown }) => console.error(err) };
  const times = { leaseSeconds: 2, heartbeatMs: 100, sweepMs: 20, lookAgainMs: 20, graceMs: 100, drainMs: 50 };
  const work = () => {
    const worker = startWorker({
      database: openTestDatabase(login),
      services,
      kinds,
      jobs: [],
      works: [],
      concurrency: 4,
      log,
      times,
    });
    services.wakeWorkers = worker.wake;
    atEnd(worker.stop);
  };

  const ask = async (
    method: "GET" | "POST",
    path: string,
    payload?: object,
    of = tenant,
    person: Person = of.owner,
  ) => {
    const answer = await http.ask(person, {
      method,
      url: `/api/organizations/${of.slug}/${path}`,
      ...(payload && { payload }),
    });
    if (answer.statusCode === 500) console.error(http.log.findLast((line) => line.includes('"err"')));
    return { status: answer.statusCode, body: answer.body === "" ? undefined : answer.json() };
  };
  /** Resolves with a task when it is over, or waits for people or credits. */
  const rested = async (task: string) => {
    const text =
      "select status, output, error_details, actual_cost::float8 as cost from tasks.tasks where id = $1 and status in ('completed', 'failed', 'cancelled', 'waiting')";
    return until(async () => (await admin.query(text, [task])).rows[0]);
  };
  const all = async (text: string, values: unknown[] = []) => (await admin.query(text, values)).rows;
  const connect = async (store: Pick<FakeStore<never>, "address">, more: object = {}, of: Tenant = tenant) => {
    const { consumer_key, consumer_secret } = KEYS;
    const body = {
      platform: "woocommerce",
      name: "Shop",
      store_url: store.address,
      consumer_key,
      consumer_secret,
      ...more,
    };
    const answer = await ask("POST", "commerce/stores/connect", body, of);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body as { id: string; task_id: string; webhook_url: string; webhook_secret: string };
  };
  const sync = async (store: string, body: object = {}, of: Tenant = tenant) => {
    const answer = await ask("POST", `commerce/stores/${store}/sync`, body, of);
    assert.equal(answer.status, 202, JSON.stringify(answer.body));
    return rested(answer.body.task_id);
  };
  return { http, admin, login, until, tenant, services, work, ask, rested, all, connect, sync };
}
