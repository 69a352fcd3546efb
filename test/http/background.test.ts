import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { kinds } from "../../app.ts";
import { startWorker } from "../../modules/tasks/engine/worker.ts";
import { fileRetention, readFile, storeFile } from "../../modules/tasks/files.ts";
import {
  addMember,
  adminOf,
  atEnd,
  contextOf,
  createScratchDatabase,
  createTenant,
  openAdmin,
  openTestDatabase,
  type Person,
  testServices,
} from "../harness.ts";
import { openTestServer } from "./server.ts";

// A database of its own: what is queued is done by whoever works in it.
const login = await createScratchDatabase();
const http = await openTestServer([], { database: openTestDatabase(login) });
const admin = await adminOf(http.database);
const tenant = await createTenant(http.database);
const base = `/api/organizations/${tenant.slug}/labeling`;
/** More than is taken in at once, in few rows. */
const LARGE_ROWS = 220;
const LARGE = `text\n${`${"x".repeat(4_999)}\n`.repeat(LARGE_ROWS)}`;

async function newProject(): Promise<string> {
  const payload = { name: "Import", labels: [{ name: "good" }, { name: "bad" }] };
  return (await http.ask(tenant.owner, { method: "POST", url: `${base}/projects`, payload })).json().id;
}

async function send(project: string, body: string, query = "") {
  const url = `${base}/projects/${project}/imports?format=csv${query}`;
  const headers = { "content-type": "text/csv" };
  const answer = await http.ask(tenant.owner, { method: "POST", url, payload: body, headers });
  return { status: answer.statusCode, body: answer.json() };
}

async function totalOf(project: string): Promise<number> {
  return (await http.ask(tenant.owner, { url: `${base}/projects/${project}/figures` })).json().total;
}

/** A process that runs tasks, with its own connections. */
function work() {
  const log = { error: ({ err }: { err: unknown }) => console.error(err) };
  const database = openTestDatabase(login);
  const worker = startWorker({ database, services: testServices(), kinds, jobs: [], works: [], concurrency: 10, log });
  atEnd(worker.stop);
  return worker;
}

type Row = Record<"status" | "progress_note" | "created_by", string> & {
  output: Record<string, unknown>;
  error_details: { message: string };
};

/** Resolves with a task when it is over. */
async function ended(id: string): Promise<Row> {
  for (;;) {
    const { rows } = await admin.query<Row>("select * from tasks.tasks where id = $1", [id]);
    if (rows[0] && ["completed", "failed", "cancelled"].includes(rows[0].status)) return rows[0];
  }
}

async function run(id: string): Promise<Row> {
  const worker = work();
  const task = await ended(id);
  await worker.stop();
  return task;
}

test("a large file becomes a task in its sender's name, with the answer as its output", async () => {
  const project = await newProject();
  const { status, body } = await send(project, LARGE);
  assert.deepEqual([status, Object.keys(body), await totalOf(project)], [202, ["task_id"], 0]);
  const { status: state, output, created_by } = await run(body.task_id);
  assert.deepEqual([state, created_by, await totalOf(project)], ["completed", tenant.owner.userId, LARGE_ROWS]);
  const { rows, imported, errors, columns, text_column } = output;
  assert.deepEqual([rows, imported, errors, columns, text_column], [LARGE_ROWS, LARGE_ROWS, [], ["text"], "text"]);
});

test("who wishes so has a small one done by a task, or waits for a large one; a dry run is answered at once", async () => {
  const project = await newProject();
  assert.equal((await send(project, LARGE, "&dry_run=true")).body.rows, LARGE_ROWS);
  const { status, body } = await send(project, LARGE, "&background=false");
  assert.deepEqual([status, body.imported, await totalOf(project)], [200, LARGE_ROWS, LARGE_ROWS]);
  const small = await send(project, "text\none\n", "&background=true");
  assert.equal(small.status, 202);
  assert.equal((await run(small.body.task_id)).output.imported, 1);
  assert.equal(await totalOf(project), LARGE_ROWS + 1);
});

test("a bad row is told by its line, and nothing of the file is imported", async () => {
  const project = await newProject();
  const { body } = await send(project, `${LARGE}\n"open\n`);
  const { status, output } = await run(body.task_id);
  assert.deepEqual([status, output.imported, output.errors_total], ["completed", 0, 1]);
  assert.match(JSON.stringify(output.errors), new RegExp(`"line":${LARGE_ROWS + 3},.*never closed`));
  assert.equal(await totalOf(project), 0);
});

test("errors and texts that are too long for a result are cut, so that it can be kept", async () => {
  const project = await newProject();
  const wide = Array.from({ length: 150 }, (_, index) => `${index}${"ä".repeat(190)}`).join(",");
  const { body } = await send(project, `${wide},text\n${"x\n".repeat(1_500)}`, "&text_column=text&background=true");
  const { status, output } = await run(body.task_id);
  assert.deepEqual([status, output.errors_total], ["completed", 1_500]);
  const kept = [output.errors, output.columns].map((list) => (list as unknown[]).length);
  assert.ok(Number(kept[0]) > 100 && kept[1] === 151, `${kept}`);
});

test("a file is taken in once, however many tasks try it and however often", async () => {
  const project = await newProject();
  const { body } = await send(project, LARGE);
  const again = async () => {
    const { rows } = await admin.query<{ id: string }>(
      `select made.id from tasks.tasks t cross join lateral tasks.enqueue(t.organization_id, t.created_by, jsonb_build_array(
         jsonb_build_object('type', t.type, 'name', 'Again', 'input', t.input))) made where t.id = $1`,
      [body.task_id],
    );
    return rows[0]?.id ?? assert.fail();
  };
  const atOnce = [body.task_id, await again(), await again()];
  const workers = [work(), work()];
  const tasks: Row[] = [];
  for (const id of atOnce) tasks.push(await ended(id));
  const later = await ended(await again());
  await Promise.all(workers.map((worker) => worker.stop()));
  for (const { status, output } of [...tasks, later])
    assert.deepEqual([status, output.imported], ["completed", LARGE_ROWS]);
  assert.equal(await totalOf(project), LARGE_ROWS);
});

test("an import that is cancelled while it writes has imported nothing", async () => {
  const project = await newProject();
  const { body } = await send(project, LARGE);
  const [holder, watching] = [await openAdmin(login), await openAdmin(login)];
  await holder.query("begin");
  await holder.query(
    "select from tasks.files f join tasks.tasks t on t.input ->> 'file' = f.id::text where t.id = $1 for update of f",
    [body.task_id],
  );
  const worker = work();
  const waits =
    "select count(*)::int from pg_stat_activity where wait_event_type = 'Lock' and query ~ 'update tasks.files set outcome'";
  while ((await watching.query(waits)).rows[0].count === 0);
  await watching.query("select tasks.cancel_all($1, array[$2::uuid], '{}')", [tenant.id, body.task_id]);
  const { status } = await ended(body.task_id);
  await holder.query("rollback");
  await worker.stop();
  assert.deepEqual([status, await totalOf(project)], ["cancelled", 0]);
});

test("a file that is too long is refused, and nothing of it is left; so is one whose sender breaks off", async () => {
  const context = contextOf(http.database, tenant, { permission: "labeling.project.manage" });
  const count = async () => (await admin.query("select count(*)::int from tasks.files")).rows[0].count;
  const before = await count();
  const file = { type: "labeling.import_texts", name: "file.csv", mediaType: "text/csv" };
  async function* pieces(fault?: Error) {
    for (let piece = 0; piece < 3; piece++) yield Buffer.alloc(700_000, "x");
    if (fault) throw fault;
  }
  await assert.rejects(storeFile(context, file, pieces(), 2_000_000), { code: "too_large", detail: /more than 2 MB/ });
  await assert.rejects(storeFile(context, file, pieces(new Error("gone"))), /gone/);
  assert.equal(await count(), before);
  const { id, bytes } = await storeFile(context, file, pieces(), 2_100_000);
  const read = await Readable.from(readFile(context, { id })).toArray();
  assert.deepEqual([bytes, Buffer.concat(read).equals(Buffer.alloc(2_100_000, "x"))], [2_100_000, true]);
});

test("files are removed after a day, and a task that comes later says so", async () => {
  const project = await newProject();
  const [old, young] = [await send(project, LARGE), await send(project, LARGE)];
  const move =
    "update tasks.files f set created_at = now() - $2::interval from tasks.tasks t where t.id = $1 and f.id = (t.input ->> 'file')::uuid";
  await admin.query(move, [old.body.task_id, "25 hours"]);
  await admin.query(move, [young.body.task_id, "23 hours"]);
  await fileRetention.run({ database: http.database, services: testServices(), signal: new AbortController().signal });
  const worker = work();
  const [gone, kept] = [await ended(old.body.task_id), await ended(young.body.task_id)];
  await worker.stop();
  assert.deepEqual([gone.status, kept.status, await totalOf(project)], ["failed", "completed", LARGE_ROWS]);
  assert.match(gone.error_details.message, /kept for a day/);
});

test("an export is a file to download, as the results are, for those who may take results out", async () => {
  const project = await newProject();
  await send(project, "text\none\n=two\n");
  const post = async (person: Person, url: string, payload: object = {}) =>
    (await http.ask(person, { method: "POST", url: `${base}${url}`, payload })).json();
  const labeler = await addMember(admin, http.database, tenant, "labeler");
  let { assignment } = await post(labeler, `/projects/${project}/next`);
  while (assignment) assignment = (await post(labeler, `/assignments/${assignment.id}/label`, { label: "good" })).next;
  const { items } = (await http.ask(tenant.owner, { url: `${base}/projects/${project}/reviews` })).json();
  for (const { id } of items) await post(tenant.owner, `/labels/${id}/reviews`, { decision: "approved" });

  for (const format of ["csv", "jsonl"]) {
    const url = `${base}/projects/${project}/exports`;
    const asked = await http.ask(tenant.owner, { method: "POST", url, payload: { format } });
    assert.equal(asked.statusCode, 202);
    const { output } = await run(asked.json().task_id);
    const now = await http.ask(tenant.owner, { url: `${base}/projects/${project}/results?format=${format}` });
    const file = await http.ask(tenant.owner, { url: `${base}/files/${output.file}` });
    assert.deepEqual(
      [file.statusCode, file.body, file.headers["content-type"]],
      [200, now.body, now.headers["content-type"]],
    );
    assert.deepEqual(
      [file.headers["content-disposition"], output.name, output.bytes],
      [now.headers["content-disposition"], `Import.${format}`, now.body.length],
    );
    assert.equal((await http.ask(labeler, { url: `${base}/files/${output.file}` })).statusCode, 403);
  }
});

test("what was sent to be imported is not to be downloaded", async () => {
  const { body } = await send(await newProject(), LARGE);
  const { rows } = await admin.query("select input ->> 'file' as file from tasks.tasks where id = $1", [body.task_id]);
  assert.equal((await http.ask(tenant.owner, { url: `${base}/files/${rows[0].file}` })).statusCode, 404);
});
