import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import type pg from "pg";
import { connect } from "../kernel/database/connection.ts";
import { openEmbedded } from "../kernel/database/embedded/embedded.ts";
import type { Assignment, Figures, Project } from "../modules/labeling/contract.ts";
import { atEnd } from "./harness.ts";
import { createServerFolder, type ServerProcess } from "./server-process.ts";

const ROWS = 20_000;
const PIECES = 10;
const CALLERS = 8;

const folder = await createServerFolder();
let server = await folder.start();
const passwords = new Map(
  server.lines.flatMap((line) => {
    const [, email, password] = /(\S+@northwind\.example) +(\S+)/.exec(line) ?? [];
    return email && password ? [[email, password]] : [];
  }),
);
const cookies = { admin: await signIn("task-admin"), labeler: await signIn("labeler") };
const ORGANIZATION = "/api/organizations/northwind-studio/labeling";
const project = await firstProject();

async function signIn(who: string): Promise<string> {
  const email = `${who}@northwind.example`;
  const answer = await fetch(`${server.address}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password: passwords.get(email) }),
  });
  return answer.headers.get("set-cookie")?.split(";")[0] ?? assert.fail(`${who} could not sign in`);
}

function ask(path: string, cookie: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.address}${ORGANIZATION}${path}`, { ...init, headers: { ...init.headers, cookie } });
}

async function firstProject(): Promise<Project> {
  const { items } = (await (await ask("/projects", cookies.admin)).json()) as { items: Project[] };
  return items[0] ?? assert.fail("the demo has no project");
}

async function figures(): Promise<Figures> {
  return (await (await ask(`/projects/${project.id}/figures`, cookies.admin)).json()) as Figures;
}

async function restart(victim: ServerProcess): Promise<void> {
  await folder.stop(victim, "SIGKILL");
  server = await folder.start();
}

/** A file that is sent in pieces; `onPiece` learns how many have gone. */
function fileOf(rows: number, onPiece: (piece: number) => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let piece = 0;
  return new ReadableStream({
    pull(controller) {
      onPiece(piece);
      if (piece === 0) controller.enqueue(encoder.encode("text\n"));
      const from = (piece * rows) / PIECES;
      const lines = Array.from({ length: rows / PIECES }, (_, index) => `Text ${from + index}\n`);
      controller.enqueue(encoder.encode(lines.join("")));
      if (++piece === PIECES) controller.close();
    },
  });
}

function upload(onPiece: (piece: number) => void): Promise<Response | undefined> {
  return ask(`/projects/${project.id}/imports?format=csv&background=false`, cookies.admin, {
    method: "POST",
    headers: { "content-type": "text/csv" },
    body: fileOf(ROWS, onPiece),
    duplex: "half",
  } as RequestInit).catch(() => undefined);
}

test("a server killed while a file is uploaded has imported nothing", async () => {
  const { total } = await figures();
  const victim = server;
  const answer = await upload((piece) => piece === PIECES / 2 && victim.child.kill("SIGKILL"));
  assert.equal(answer, undefined);
  await restart(victim);
  assert.equal((await figures()).total, total);
});

test("a server killed while the rows are written has imported none of them", async () => {
  const { total } = await figures();
  const embedded = await openEmbedded(folder.path);
  atEnd(() => embedded.close());
  const admin = await connect(embedded.admin);
  atEnd(() => admin.end());
  const victim = server;
  const uploading = upload(() => undefined);
  await untilRowsAreWritten(admin);
  victim.child.kill("SIGKILL");
  assert.equal(await uploading, undefined);
  await restart(victim);
  assert.equal((await figures()).total, total);
});

/** Waits until a second chunk of the rows is being written: the first would stay if it had been committed by itself. */
async function untilRowsAreWritten(admin: pg.Client): Promise<void> {
  const statement = `
    select query_start::text as began from pg_stat_activity
    where state = 'active' and query like '%insert into datasets.dataset_items%' and pid <> pg_backend_pid()`;
  const chunks = new Set<string>();
  while (chunks.size < 2) {
    const { rows } = await admin.query<{ began: string }>(statement);
    for (const { began } of rows) chunks.add(began);
  }
}

test("a server killed while labels are submitted keeps every label that it had confirmed", async () => {
  const before = await figures();
  const victim = server;
  const confirmed: string[] = [];
  const last = randomInt(3, 8);
  let assignment: Assignment | null | undefined = await claim();
  while (assignment) {
    const { id }: Assignment = assignment;
    if (confirmed.length === last) setImmediate(() => victim.child.kill("SIGKILL"));
    assignment = await submit(id).catch(() => undefined);
    if (assignment) confirmed.push(id);
  }
  await restart(victim);
  const after = await figures();
  const submitted = after.submitted - before.submitted;
  assert.ok(
    submitted === confirmed.length || submitted === confirmed.length + 1,
    `${submitted} of ${confirmed.length}`,
  );
  assert.equal(after.total, after.pending + after.in_progress + after.submitted + after.approved + after.rejected);
  assert.ok(await claim(), "the labeler goes on where they were");
});

async function claim(): Promise<Assignment | null> {
  const answer = await ask(`/projects/${project.id}/next`, cookies.labeler, { method: "POST" });
  return ((await answer.json()) as { assignment: Assignment | null }).assignment;
}

async function submit(assignment: string): Promise<Assignment | null> {
  const answer = await ask(`/assignments/${assignment}/label`, cookies.labeler, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ label: project.labels[0]?.name }),
  });
  return ((await answer.json()) as { next: Assignment | null }).next;
}

test("PostgreSQL killed under load: requests fail clearly, then work again by themselves", async () => {
  const seen = new Set<number>();
  const postmaster = await folder.postmasterPid();
  let healed = false;
  const caller = async () => {
    while (!healed) {
      const answer = await ask("/projects", cookies.admin);
      seen.add(answer.status);
      const document = (await answer.json()) as { code?: string };
      if (!answer.ok) assert.equal(document.code, "too_busy");
      healed = answer.ok && seen.has(503);
    }
  };
  const callers = Array.from({ length: CALLERS }, caller);
  process.kill(postmaster, "SIGKILL");
  await Promise.all(callers);
  assert.deepEqual([...seen].sort(), [200, 503]);
  assert.notEqual(await folder.postmasterPid(), postmaster);
});
