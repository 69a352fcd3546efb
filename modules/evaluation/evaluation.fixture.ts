import assert from "node:assert/strict";
import { kinds } from "../../app.ts";
import { watchChanges } from "../../test/changes.ts";
import {
  addMember,
  adminOf,
  atEnd,
  createScratchDatabase,
  createTenant,
  openTestDatabase,
  type Person,
  testServices,
} from "../../test/harness.ts";
import { nounsByName, openTestServer } from "../../test/http/server.ts";
import { startWorker } from "../tasks/engine/worker.ts";
import type { Place, Submission, SubmissionResult } from "./contract.ts";

export type Evaluation = Awaited<ReturnType<typeof openEvaluation>>;

/** CSV of a header and rows. */
export function csvOf(header: string, rows: readonly (readonly (string | number)[])[]): string {
  return `${[header, ...rows.map((row) => row.join(","))].join("\n")}\n`;
}

/** A server on a database of its own, with an organization and somebody who sets benchmarks up. Workers start when a test says so. */
export async function openEvaluation() {
  const house = await openHouse();
  return { ...house, ...verbsOf(house) };
}

async function openHouse() {
  const login = await createScratchDatabase();
  const http = await openTestServer([], { database: openTestDatabase(login) });
  const admin = await adminOf(http.database);
  const { until } = await watchChanges(login, ["evaluation.submissions"]);
  const tenant = await createTenant(http.database);
  const hire = (role: string) => addMember(admin, http.database, tenant, role);
  const manager = await hire("task_admin");
  const base = `/api/organizations/${tenant.slug}`;

  const ask = async (person: Person, method: "GET" | "POST" | "PUT", path: string, payload?: object) => {
    const answer = await http.ask(person, { method, url: `${base}${path}`, ...(payload && { payload }) });
    return { status: answer.statusCode, body: answer.body === "" ? undefined : JSON.parse(answer.body) };
  };
  const well = async (person: Person, method: "GET" | "POST" | "PUT", path: string, payload?: object) => {
    const { status, body } = await ask(person, method, path, payload);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  };
  const send = async (person: Person, path: string, file: string | Buffer) => {
    const headers = { "content-type": path.includes("format=jsonl") ? "application/x-ndjson" : "text/csv" };
    const answer = await http.ask(person, { method: "POST", url: `${base}${path}`, payload: file, headers });
    return { status: answer.statusCode, body: answer.json() };
  };
  const work = (database = openTestDatabase(login)) => {
    const log = { error: ({ err }: { err: unknown }) => console.error(err) };
    const times = { leaseSeconds: 2, heartbeatMs: 100, sweepMs: 50, lookAgainMs: 20, graceMs: 100, drainMs: 50 };
    const services = testServices({ nouns: nounsByName });
    const worker = startWorker({ database, services, kinds, jobs: [], works: [], concurrency: 4, log, times });
    atEnd(worker.stop);
    return worker;
  };
  return { http, admin, login, until, tenant, manager, base, hire, ask, well, send, work };
}

/** What people do, each in a call. */
function verbsOf({ admin, until, manager, tenant, well, send }: Awaited<ReturnType<typeof openHouse>>) {
  const upload = async (name: string, file: string, format = "csv") => {
    const { body } = await send(manager, `/datasets/gold?${new URLSearchParams({ name, format })}`, file);
    assert.equal(body.errors_total, 0, JSON.stringify(body));
    return body.dataset as { id: string; version_id: string };
  };
  /** A benchmark that is open, over items whose gold answers are these. */
  const open = async (name: string, answers: readonly string[], terms: object = {}): Promise<string> => {
    const file = csvOf(
      "input,answer",
      answers.map((answer, index) => [`${name} ${index + 1}`, answer]),
    );
    const { version_id } = await upload(name, file);
    const payload = { name, version_id, metrics: ["f1_macro", "accuracy"], ...terms };
    const { id } = await well(manager, "POST", "/benchmarks", payload);
    await well(manager, "PUT", `/benchmarks/${id}/status`, { status: "open" });
    return id;
  };
  const submit = async (
    person: Person,
    benchmark: string,
    file: string | Buffer,
    query: Record<string, string> = {},
  ) => {
    const search = new URLSearchParams({ format: "csv", ...query });
    return send(person, `/benchmarks/${benchmark}/submissions?${search}`, file);
  };
  /** Hands in labels, in the order of the items. */
  const handIn = async (person: Person, benchmark: string, labels: readonly string[]): Promise<Submission> => {
    const rows = labels.map((label, index) => [index + 1, label]);
    const { body } = await submit(person, benchmark, csvOf("position,label", rows));
    const { submission } = body as SubmissionResult;
    return submission ?? assert.fail(JSON.stringify(body));
  };
  const ended = async (person: Person, id: string): Promise<Submission> => {
    const text = "select from evaluation.submissions where id = $1 and status in ('completed', 'failed')";
    await until(async () => ((await admin.query(text, [id])).rowCount ? id : undefined));
    return well(person, "GET", `/submissions/${id}`);
  };
  const ranking = async (person: Person, benchmark: string, split = "public"): Promise<Place[]> =>
    (await well(person, "GET", `/benchmarks/${benchmark}/leaderboard?split=${split}`)).items;
  /** A benchmark with a gold answer that nobody hands in, and a submission of the owner's that was scored. */
  const plant = async (answer: string) => {
    const { owner } = tenant;
    const terms = { participants: [owner.userId], public_percentage: 50 };
    const benchmark = await open("Secret", ["plain", answer, "plain"], terms);
    const { id: submission } = await handIn(owner, benchmark, ["plain", "guess", "plain"]);
    await ended(owner, submission);
    const { rows } = await admin.query("select dataset_id, version_id from evaluation.benchmarks where id = $1", [
      benchmark,
    ]);
    return { benchmark, submission, dataset: rows[0].dataset_id as string, version: rows[0].version_id as string };
  };
  return { upload, open, submit, handIn, ended, ranking, plant };
}
