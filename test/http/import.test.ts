import assert from "node:assert/strict";
import { once } from "node:events";
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { before, test } from "node:test";
import { parse } from "csv-parse/sync";
import type { ImportResult } from "../../modules/labeling/contract.ts";
import { addMember, createTenant, openAdmin, type Person, type Tenant } from "../harness.ts";
import { authorization, openTestServer, type TestHttpServer } from "./server.ts";

let http: TestHttpServer;
let tenant: Tenant;
let labeler: Person;
let base: string;

before(async () => {
  http = await openTestServer();
  tenant = await createTenant(http.database);
  labeler = await addMember(await openAdmin(), http.database, tenant, "labeler");
  base = `/api/organizations/${tenant.slug}/labeling`;
});

function createProject(labels: { name: string }[] = [{ name: "good" }, { name: "bad" }]) {
  return http.ask(tenant.owner, { method: "POST", url: `${base}/projects`, payload: { name: "Import", labels } });
}

async function newProject(): Promise<string> {
  return (await createProject()).json().id;
}

async function send(project: string, body: string | Buffer, query = "format=csv"): Promise<ImportResult> {
  const url = `${base}/projects/${project}/imports?${query}`;
  const headers = { "content-type": query.includes("jsonl") ? "application/x-ndjson" : "text/csv" };
  const answer = await http.ask(tenant.owner, { method: "POST", url, payload: body, headers });
  assert.equal(answer.statusCode, 200, answer.body);
  return answer.json();
}

async function totalOf(project: string): Promise<number> {
  return (await http.ask(tenant.owner, { url: `${base}/projects/${project}/figures` })).json().total;
}

test("good CSV and good JSON lines are imported, one behind the other", async () => {
  const project = await newProject();
  const csv = await send(project, 'id;Text\r\n1;one\r\n2;"two; and\r\nmore"\r\n');
  assert.deepEqual(
    [csv.rows, csv.imported, csv.errors, csv.text_column, csv.columns],
    [2, 2, [], "Text", ["id", "Text"]],
  );
  assert.deepEqual(csv.preview, ["one", "two; and\r\nmore"]);
  const lines = await send(project, '{"body": "three"}\n"four"\n', "format=jsonl&text_column=body");
  assert.deepEqual([lines.rows, lines.imported, lines.errors_total], [2, 2, 0]);
  assert.equal(await totalOf(project), 4);
});

test("a dry run tells what would be imported and changes nothing", async () => {
  const project = await newProject();
  const entries = async () =>
    (await http.ask(tenant.owner, { url: `/api/organizations/${tenant.slug}/audit/entries` })).body;
  const before = await entries();
  const result = await send(project, "text\none\ntwo\n", "format=csv&dry_run=true");
  assert.deepEqual([result.dry_run, result.rows, result.imported, result.preview], [true, 2, 0, ["one", "two"]]);
  assert.equal(await totalOf(project), 0);
  assert.equal(await entries(), before);
});

const UTF16 = Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from("text\nzwölf\n", "utf16le")]);
const FAULTY: { what: string; body: string | Buffer; query?: string; line: number; reason: RegExp }[] = [
  { what: "an empty text", body: "text\none\n  \ntwo\n", line: 3, reason: /text is empty/ },
  {
    what: "a row with too few columns",
    body: "id,text\n1,one\n2\n",
    line: 3,
    reason: /has 1 column, the header has 2/,
  },
  {
    what: "a row with too many columns",
    body: "id,text\n1,one,more\n",
    line: 2,
    reason: /has 3 columns, the header has 2/,
  },
  { what: "a header with a name twice", body: "text,text\na,b\n", line: 1, reason: /both named "text"/ },
  { what: "another encoding", body: Buffer.from("text\none\nzw\xf6lf\n", "latin1"), line: 3, reason: /Windows-1252/ },
  { what: "UTF-16 without its mark", body: UTF16.subarray(2), line: 1, reason: /NUL byte/ },
  { what: "a NUL byte", body: "text\none\ntw\0o\n", line: 3, reason: /NUL byte/ },
  { what: "an escaped NUL", body: '"one"\n"tw\\u0000o"\n', query: "format=jsonl", line: 2, reason: /NUL character/ },
  { what: "half a surrogate pair", body: '"\\ud83d"\n', query: "format=jsonl", line: 1, reason: /surrogate/ },
  { what: "broken JSON", body: '"one"\n{"text": \n', query: "format=jsonl", line: 2, reason: /not valid JSON/ },
  { what: "an open quote", body: 'text\none\n"two\n', line: 3, reason: /never closed/ },
  { what: "nothing at all", body: "", line: 1, reason: /file is empty/ },
  { what: "a header alone", body: "text\n", line: 1, reason: /no rows/ },
  {
    what: "an unknown column",
    body: "a,b\n1,2\n",
    query: "format=csv&text_column=c",
    line: 1,
    reason: /no column "c"/,
  },
  { what: "a ZIP archive", body: "PK\x03\x04 and more", line: 1, reason: /ZIP archive/ },
];

for (const { what, body, query, line, reason } of FAULTY) {
  test(`a file with ${what} is refused with the line and the reason, and nothing of it is imported`, async () => {
    const project = await newProject();
    const { imported, errors, errors_total } = await send(project, body, query);
    assert.deepEqual([imported, errors_total, errors.length], [0, 1, 1]);
    assert.equal(errors[0]?.line, line);
    assert.match(errors[0]?.reason ?? "", reason);
    assert.equal(await totalOf(project), 0);
  });
}

test("UTF-16 with its mark is read", async () => {
  assert.deepEqual((await send(await newProject(), UTF16)).preview, ["zwölf"]);
});

test("every bad row is counted, the first thousand are named", async () => {
  const project = await newProject();
  const { rows, imported, errors, errors_total } = await send(project, `id,text\n${"1,\n".repeat(1_500)}2,good\n`);
  assert.deepEqual([rows, imported, errors.length, errors_total], [1_501, 0, 1_000, 1_500]);
  assert.deepEqual([errors[0]?.line, errors.at(-1)?.line, errors[0]?.column], [2, 1_001, "text"]);
  assert.equal(await totalOf(project), 0);
});

async function listen(): Promise<number> {
  if (!http.server.server.listening) await http.server.listen({ host: "127.0.0.1", port: 0 });
  return (http.server.server.address() as AddressInfo).port;
}

test("a line of 100 MB is refused before it has been sent, and the server goes on", async () => {
  const piece = Buffer.alloc(64 * 1024, "x");
  const bytes = 100_000_000;
  const project = await newProject();
  const port = await listen();
  const path = `${base}/projects/${project}/imports?format=csv&background=false`;
  // As clients do that keep their connections: one that is to be closed may break before its answer is read.
  const headers = {
    ...authorization(tenant.owner),
    "content-type": "text/csv",
    "content-length": bytes,
    connection: "keep-alive",
  };
  const request = httpRequest({ host: "127.0.0.1", port, method: "POST", path, headers, agent: false });
  request.on("error", () => undefined);
  const answered = once(request, "response");
  const sent = await sendUntil(request, piece, bytes, answered);
  const [response] = (await answered) as [IncomingMessage];
  const result = JSON.parse(Buffer.concat(await response.toArray()).toString()) as ImportResult;
  request.socket?.destroy();
  assert.ok(sent < bytes / 2, `${sent} bytes were sent`);
  assert.deepEqual([result.imported, result.errors[0]?.line], [0, 1]);
  assert.match(result.errors[0]?.reason ?? "", /longer than 1,000,000 bytes/);
  assert.equal(await totalOf(project), 0);
});

/** Sends a body piece by piece, each as the last one has gone, until there is an answer; resolves with the bytes sent. */
async function sendUntil(request: ClientRequest, piece: Buffer, bytes: number, answered: Promise<unknown>) {
  let isAnswered = false;
  answered.then(() => {
    isAnswered = true;
  });
  let sent = 0;
  while (!isAnswered && sent + piece.length <= bytes) {
    await new Promise((resolve) => request.write(piece, resolve));
    await new Promise(setImmediate);
    sent += piece.length;
  }
  return sent;
}

const TOO_LONG_LINE = 1_500_000;
const ENDLESS = 1_000_000_000;

/** Sends the head of an import of so many bytes and a line that is too long, and resolves when the answer begins. */
async function sendRefused(bytes: number): Promise<Socket> {
  const head = {
    host: "localhost",
    ...authorization(tenant.owner),
    "content-type": "text/csv",
    "content-length": String(bytes),
  };
  const path = `${base}/projects/${await newProject()}/imports?format=csv&background=false`;
  const socket = connect(await listen(), "127.0.0.1");
  socket.on("error", () => undefined);
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
  socket.write("x".repeat(TOO_LONG_LINE));
  assert.match(String((await once(socket, "data"))[0]), /^HTTP\/1\.1 200 /);
  return socket;
}

test("who was answered and ends the request may ask again on the same connection", async () => {
  const socket = await sendRefused(TOO_LONG_LINE + 1_000_000);
  socket.write("x".repeat(1_000_000));
  socket.write("GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
  assert.match(Buffer.concat(await socket.toArray()).toString(), /HTTP\/1\.1 200 .*"ready":true/s);
});

test("who was answered and goes on sending is cut off", async () => {
  const socket = await sendRefused(ENDLESS);
  const piece = Buffer.alloc(1_000_000, "x");
  let sent = 0;
  for (; !socket.destroyed && sent < ENDLESS; sent += piece.length) {
    const isFull = !socket.write(piece);
    if (isFull) await new Promise<void>((resolve) => ["drain", "close"].map((event) => socket.once(event, resolve)));
  }
  assert.ok(sent < ENDLESS / 10, `${sent} bytes were sent`);
});

test("a label set has up to 500 labels", async () => {
  const labels = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `${index} ${"ä".repeat(90)}` }));
  const answer = await createProject(labels(500));
  assert.equal(answer.statusCode, 200, answer.body);
  assert.deepEqual(answer.json().labels, labels(500));
  const refused = await createProject(labels(501));
  assert.equal(refused.statusCode, 400);
  assert.equal(refused.json().errors[0].field, "labels");
});

const TEXTS = [
  "👩‍👩‍👧‍👦 🇩🇪 ✊🏿 are emoji",
  "שלום עולם, how are you?",
  "مرحبا بالعالم \u202bembedded\u202c",
  "e\u0301 is not é, \u00a0 and \u200b stay",
  'quotes ", commas, and\nlines',
  "\tnot trimmed  ",
  "=1+1",
  "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \ufeff \ufffd",
];

test("emoji, right-to-left texts and odd spaces come back unchanged in the downloads", async () => {
  const labels = [{ name: "👍🏽" }, { name: "رفض" }];
  const project = (await createProject(labels)).json().id;
  await send(project, TEXTS.map((text) => `${JSON.stringify({ text })}\n`).join(""), "format=jsonl");
  await approveAll(project, "👍🏽");
  const download = (format: string) =>
    http.ask(tenant.owner, { url: `${base}/projects/${project}/results?format=${format}` });

  const lines = await download("jsonl");
  assert.match(String(lines.headers["content-disposition"]), /^attachment; filename\*=UTF-8''Import\.jsonl$/);
  const results = lines.body
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    results.map(({ text }) => text),
    TEXTS,
  );
  assert.ok(results.every(({ label }) => label === "👍🏽"));

  const rows = parse((await download("csv")).body, { columns: true }) as { text: string; label: string }[];
  // A spreadsheet would take these for formulas, so they come with an apostrophe before them.
  assert.deepEqual(
    rows.map(({ text }) => text),
    TEXTS.map((text) => (/^[=\t]/.test(text) ? `'${text}` : text)),
  );
});

async function approveAll(project: string, label: string): Promise<void> {
  const post = async (person: Person, url: string, payload: object = {}) =>
    (await http.ask(person, { method: "POST", url: `${base}${url}`, payload })).json();
  let { assignment } = await post(labeler, `/projects/${project}/next`);
  while (assignment) assignment = (await post(labeler, `/assignments/${assignment.id}/label`, { label })).next;
  const { items } = (await http.ask(tenant.owner, { url: `${base}/projects/${project}/reviews` })).json();
  for (const { id } of items) await post(tenant.owner, `/labels/${id}/reviews`, { decision: "approved" });
}
