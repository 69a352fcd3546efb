import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { kinds } from "../../app.ts";
import type { Login } from "../../kernel/database/connection.ts";
import type { Services } from "../../kernel/services.ts";
import { watchChanges } from "../../test/changes.ts";
import {
  adminOf,
  atEnd,
  createScratchDatabase,
  createTenant,
  openTestDatabase,
  type Person,
  type Tenant,
  testServices,
} from "../../test/harness.ts";
import { nounsByName, openTestServer } from "../../test/http/server.ts";
import { startWorker } from "../tasks/engine/worker.ts";

/** An import as it is answered. */
export type Shown = {
  id: string;
  state: string;
  reason: string | null;
  progress: number;
  task_id: string;
  mapping: Record<string, string>;
  rows: Record<"total" | "created" | "updated" | "wrong" | "deleted" | "restored" | "kept", number>;
  errors_total: number;
  errors: { line: number | null; column: string | null; row: string | null; reason: string }[];
};

type Sent = { tenant?: Tenant; person?: Person; type?: string; query?: Record<string, string> };

const PROGRAM = join(import.meta.dirname, "worker.fixture.ts");

export type Imports = Awaited<ReturnType<typeof openImports>>;

/** Workers in processes of their own. */
function processes(login: Login) {
  const children = new Set<ChildProcess>();
  const kill = async (child: ChildProcess) => {
    children.delete(child);
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  atEnd(async () => {
    for (const child of children) await kill(child);
  });
  return {
    spawnWorker: () => {
      const child = spawn(process.execPath, [...process.execArgv, PROGRAM, JSON.stringify(login)], {
        stdio: ["ignore", "ignore", "inherit"],
        env: { ...process.env, NODE_TEST_CONTEXT: "" },
      });
      children.add(child);
      return child;
    },
    kill,
  };
}

/** A server and workers on a database of their own: what is queued is done by whoever works in it. */
export async function openImports(own: Partial<Services> = {}) {
  const login = await createScratchDatabase();
  const http = await openTestServer([], { database: openTestDatabase(login) });
  const admin = await adminOf(http.database);
  const changes = await watchChanges(login, ["tasks.tasks"]);
  const tenant = await createTenant(http.database);
  const base = ({ slug }: Tenant) => `/api/organizations/${slug}/imports`;

  const work = (database = openTestDatabase(login)) => {
    const log = { error: ({ err }: { err: unknown }) => console.error(err) };
    const services = testServices({ nouns: nounsByName, ...own });
    const times = { leaseSeconds: 2, heartbeatMs: 100, sweepMs: 50, lookAgainMs: 20, graceMs: 100, drainMs: 50 };
    const worker = startWorker({ database, services, kinds, jobs: [], works: [], concurrency: 4, log, times });
    atEnd(worker.stop);
    return worker;
  };
  const send = async (path: string, body: string | Buffer | Readable, sent: Sent = {}) => {
    const { tenant: of = tenant, person = of.owner, type = "text/csv", query = {} } = sent;
    const url = `${base(of)}${path}?${new URLSearchParams({ noun: "crm.customer", ...query })}`;
    const answer = await http.ask(person, { method: "POST", url, payload: body, headers: { "content-type": type } });
    return { status: answer.statusCode, body: answer.json() };
  };
  const read = async (id: string, of = tenant): Promise<Shown> => {
    const answer = await http.ask(of.owner, { url: `${base(of)}/${id}` });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  };
  const ended = async (id: string, of = tenant): Promise<Shown> => {
    await changes.until(async () => {
      const { rows } = await admin.query(
        "select from imports.imports i join tasks.tasks t on t.id = i.task_id where i.id = $1 and t.completed_at is not null",
        [id],
      );
      return rows[0];
    });
    return read(id, of);
  };
  return {
    http,
    admin,
    login,
    tenant,
    work,
    ...processes(login),
    send,
    read,
    ended,
    start: async (body: string | Buffer | Readable, sent: Sent = {}): Promise<Shown> => {
      const { status, body: answer } = await send("", body, sent);
      assert.equal(status, 201, JSON.stringify(answer));
      return answer;
    },
    post: async (path: string, payload?: object, of = tenant) => {
      const answer = await http.ask(of.owner, {
        method: "POST",
        url: `${base(of)}${path}`,
        ...(payload && { payload }),
      });
      return { status: answer.statusCode, body: answer.json() };
    },
    /** What the organization's customers have in some columns, in the order of the first. */
    customers: async (columns: string, of = tenant): Promise<unknown[][]> => {
      const { rows } = await admin.query<{ row: unknown[] }>(
        `select json_build_array(${columns}) as row from crm.customers where organization_id = $1 order by name, id`,
        [of.id],
      );
      return rows.map(({ row }) => row);
    },
  };
}
