import assert from "node:assert/strict";
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { before, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import { endpoint } from "../kernel/http/endpoint.ts";
import { anyoneRoute, type ServerEvent } from "../kernel/http/route.ts";
import { tokenOf } from "../kernel/tenancy/credential.ts";
import { readProfile, updateProfile } from "../modules/identity/contract.ts";
import { dryRunImport } from "../modules/imports/contract.ts";
import {
  createProject,
  downloadResults,
  importTexts,
  listProjects,
  readProject,
} from "../modules/labeling/contract.ts";
import { listMembers } from "../modules/organizations/contract.ts";
import { addMember, adminOf, atEnd, createTenant, type Tenant } from "../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../test/http/server.ts";
import type { Given } from "./address.ts";
import { ApiProblem } from "./problem.ts";
import { tenon } from "./tenon.ts";

const ROWS = 7;
const PAGE = 3;

const listNumbers = endpoint({
  name: "test.number.list",
  summary: "Numbers",
  method: "GET",
  path: "/api/numbers",
  access: "anyone",
  query: z.object({ cursor: z.string().optional(), from: z.coerce.number().default(0) }),
  answer: z.object({ items: z.array(z.int()), next_cursor: z.string().nullable() }),
});
const countUp = endpoint({
  name: "test.number.follow",
  summary: "Numbers as they come, three a line",
  method: "GET",
  path: "/api/numbers/events",
  access: "anyone",
  answer: z.object({ number: z.int() }),
  answerMedia: "events",
});

/** A proxy that does to each request what the next of `faults` says, and then passes on. */
type Fault = "drop" | "drop after" | "cut" | { status: number; retryAfter?: string };

let http: TestHttpServer;
let tenant: Tenant;
let direct: string;
let flaky: string;
let faults: Fault[] = [];
let seen: IncomingMessage[] = [];
let client: ReturnType<typeof tenon>;

before(async () => {
  http = await openTestServer([
    anyoneRoute(listNumbers, async (_, { query: { cursor, from } }) => {
      const first = Number(cursor ?? from);
      const items = Array.from({ length: Math.min(PAGE, ROWS - first) }, (_, place) => first + place);
      return { items, next_cursor: first + PAGE < ROWS ? String(first + PAGE) : null };
    }),
    anyoneRoute(countUp, async (_, { lastEventId }) => ({ events: threeFrom(Number(lastEventId ?? 0)) })),
  ]);
  direct = await http.server.listen({ host: "127.0.0.1", port: 0 });
  flaky = await startProxy();
  tenant = await createTenant(http.database);
  client = tenon({ url: flaky, token: tokenOf(tenant.owner.credential), pauseMs: () => 0 });
});

async function* threeFrom(last: number): AsyncGenerator<ServerEvent> {
  yield "heartbeat";
  for (let number = last + 1; number <= last + 3; number++)
    yield { id: String(number), event: "number", json: JSON.stringify({ number }) };
}

async function startProxy(): Promise<string> {
  const proxy = createServer((request, response) => {
    seen.push(request);
    const fault = faults.shift();
    if (fault === "drop") return void request.socket.destroy();
    if (typeof fault === "object")
      return void response
        .writeHead(fault.status, fault.retryAfter === undefined ? {} : { "retry-after": fault.retryAfter })
        .end();
    pass(request, response, fault);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  atEnd(async () => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

/** Passes a request on; the answer is lost whole (`drop after`), or in its middle (`cut`). */
function pass(request: IncomingMessage, response: ServerResponse, fault: Fault | undefined): void {
  const { method, headers, url = "" } = request;
  const onward = forward(`${direct}${url}`, { method, headers }, (answer) => {
    if (fault === "drop after") return void answer.on("end", () => request.socket.destroy()).resume();
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    if (fault !== "cut") return void answer.pipe(response);
    answer.once("data", (piece: Buffer) => response.write(piece.subarray(0, -2), () => request.socket.destroy()));
  });
  request.pipe(onward);
}

/** What the proxy gets while something is done that meets these faults. */
async function meeting<T>(
  wanted: Fault[],
  work: () => Promise<T>,
): Promise<{ requests: IncomingMessage[]; result: T }> {
  faults = [...wanted];
  seen = [];
  const result = await work();
  assert.deepEqual(faults, []);
  return { requests: seen, result };
}

/** Whether an error is the problem of a code, with faults in exactly these fields. */
function failsWith(code: string, ...fields: string[]) {
  return (error: unknown) => {
    assert.ok(error instanceof ApiProblem, String(error));
    assert.equal(error.problem.code, code);
    assert.deepEqual(
      (error.problem.errors ?? []).map(({ field }) => field),
      fields,
    );
    return true;
  };
}

const inOrganization = () => ({ params: { organization: tenant.slug } });
const project = (name: string) => ({
  ...inOrganization(),
  body: { name, instructions: "", labels: [{ name: "a" }, { name: "b" }] },
});

test("a call has the types and the answer of its endpoint", async () => {
  const made = await client.call(createProject, project("Typed"));
  const { name, figures } = await client.call(readProject, { params: { organization: tenant.slug, project: made.id } });
  assert.deepEqual([name, figures.total], ["Typed", 0]);
  const imported = await client.call(
    importTexts,
    { params: { organization: tenant.slug, project: made.id }, query: { format: "csv", dry_run: false } },
    { file: new Blob(["text\none\ntwo\n"], { type: "text/csv" }) },
  );
  assert.equal(imported.imported, 2);
  const looked = await client.call(
    dryRunImport,
    {
      params: { organization: tenant.slug },
      query: { noun: "crm.customer", mapping: { name: "text" }, key: ["name"], on_error: "stop", is_head: false },
    },
    { file: new Blob(["text\none\n"], { type: "text/csv" }) },
  );
  assert.deepEqual([looked.mapping, looked.faults, looked.creates], [{ name: "text" }, [], 1]);
  const results = await client.open(downloadResults, {
    params: { organization: tenant.slug, project: made.id },
    query: { format: "csv" },
  });
  assert.match(await results.text(), /^position,text,/);
});

test("a read is tried again, whatever became of it", async () => {
  const broken: Fault[] = ["drop", "cut", { status: 503, retryAfter: "0" }, { status: 502, retryAfter: "0" }];
  const { requests, result } = await meeting(broken, () => client.call(readProfile, {}));
  assert.equal(result.email.length > 0, true);
  assert.equal(requests.length, 5);
  assert.ok(requests.every(({ headers }) => headers["tenon-version"] === "2026-11-01"));
});

test("a write is tried again with the same key, and only where the server keeps it", async () => {
  const { requests } = await meeting(["drop", { status: 503, retryAfter: "0" }], () =>
    client.call(createProject, project("Once")),
  );
  const keys = requests.map(({ headers }) => headers["idempotency-key"]);
  assert.equal(keys.length, 3);
  assert.ok(keys[0] && new Set(keys).size === 1);
  const change = { body: { timezone: "Europe/Berlin" } };
  await assert.rejects(
    meeting(["drop"], () => client.call(updateProfile, change)),
    failsWith("unreachable"),
  );
  assert.equal(seen.length, 1);
  await assert.rejects(
    meeting(["drop"], () => client.call(updateProfile, change, { idempotencyKey: "mine" })),
    failsWith("unreachable"),
  );
  assert.equal(seen.length, 1);
  const { requests: again } = await meeting(["drop"], () =>
    client.call(createProject, project("Mine"), { idempotencyKey: "mine" }),
  );
  assert.deepEqual(
    again.map(({ headers }) => headers["idempotency-key"]),
    ["mine", "mine"],
  );
});

test("there is an end to trying, and what is no passing failure is told at once", async () => {
  const once = tenon({ url: flaky, token: tokenOf(tenant.owner.credential), retries: 1, pauseMs: () => 0 });
  const closed: Fault[] = [
    { status: 503, retryAfter: "0" },
    { status: 503, retryAfter: "0" },
  ];
  await assert.rejects(
    meeting(closed, () => once.call(readProfile, {})),
    (error: unknown) => {
      assert.ok(error instanceof ApiProblem);
      assert.deepEqual([error.problem.status, error.problem.code], [503, "http_503"]);
      return true;
    },
  );
  const wrong = { ...project("x"), body: { name: "", instructions: "", labels: [] } };
  await assert.rejects(
    meeting([], () => client.call(createProject, wrong)),
    (error: unknown) => {
      assert.ok(error instanceof ApiProblem);
      assert.equal(error.problem.code, "invalid");
      assert.deepEqual(
        error.problem.errors?.map(({ field }) => field),
        ["name", "labels"],
      );
      return true;
    },
  );
  assert.equal(seen.length, 1);
  const long: Fault[] = [{ status: 429, retryAfter: "3600" }];
  await assert.rejects(
    meeting(long, () => client.call(readProfile, {})),
    failsWith("http_429"),
  );
  assert.equal(seen.length, 1);
});

test("a call ends when it is aborted, also while it waits", async () => {
  const reason = new Error("Enough.");
  const controller = new AbortController();
  faults = [{ status: 503, retryAfter: "50" }];
  seen = [];
  const calling = client.call(readProfile, {}, { signal: controller.signal });
  while (faults.length > 0) await setImmediate();
  controller.abort(reason);
  await assert.rejects(calling, reason);
  assert.equal(seen.length, 1);
  await assert.rejects(client.call(readProfile, {}, { signal: AbortSignal.abort(reason) }), reason);
});

test("all rows of a list come, page by page, and no page that nobody asks for", async () => {
  const numbers: number[] = [];
  const { requests } = await meeting(["drop", "cut"], async () => {
    for await (const number of client.pages(listNumbers, { query: { from: 0 } })) numbers.push(number);
  });
  assert.deepEqual(numbers, [0, 1, 2, 3, 4, 5, 6]);
  assert.equal(requests.length, 5);
  const { requests: few } = await meeting([], async () => {
    for await (const number of client.pages(listNumbers, { query: { from: 1 } })) if (number === 2) break;
  });
  assert.equal(few.length, 1);
});

test("lists whose pages are linked by `after` come whole too", async () => {
  const admin = await adminOf(http.database);
  for (let count = 0; count < 4; count++) await addMember(admin, http.database, tenant, "viewer");
  const ids = new Set<string>();
  for await (const { user_id } of client.pages(listMembers, { ...inOrganization(), query: { limit: 2 } }))
    ids.add(user_id);
  assert.equal(ids.size, 5);
});

test("events go on behind the last one when the line breaks or ends", async () => {
  const numbers: number[] = [];
  const { requests } = await meeting(["drop", "cut"], async () => {
    for await (const { id, event, data } of client.events(countUp, {})) {
      assert.deepEqual([event, id], ["number", String(data.number)]);
      numbers.push(data.number);
      if (numbers.length === 7) break;
    }
  });
  assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(
    requests.slice(0, 2).map(({ headers }) => headers["last-event-id"]),
    [undefined, undefined],
  );
  for await (const { data } of client.events(countUp, {}, { lastEventId: "40" })) {
    assert.equal(data.number, 41);
    break;
  }
});

test("a list's rows have their types", async () => {
  const { items } = await client.call(listProjects, inOrganization());
  const names: string[] = items.map(({ name }) => name);
  assert.ok(names.includes("Typed"));
  type Row = (typeof items)[number];
  const hasColour: "colour" extends keyof Row ? true : false = false;
  const needsBody: "body" extends keyof Given<typeof listProjects> ? true : false = false;
  const needsParams: "params" extends keyof Given<typeof listProjects> ? true : false = true;
  assert.deepEqual([hasColour, needsBody, needsParams], [false, false, true]);
});
