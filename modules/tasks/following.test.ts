import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { ServerEvent } from "../../kernel/http/route.ts";
import { addMember, contextOf, openAdmin } from "../../test/harness.ts";
import { authorization, openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { followTask } from "./following.ts";
import { endTasks, openDoors, type TaskDoors } from "./tasks.fixture.ts";

const FAST = { lookMs: 5, heartbeatMs: 25 };

let http: TestHttpServer;
let admin: Awaited<ReturnType<typeof openAdmin>>;
let doors: TaskDoors;

before(async () => {
  http = await openTestServer();
  admin = await openAdmin();
  doors = await openDoors(http);
});

async function follow(
  task: string,
  own: { lastEventId?: string; signal?: AbortSignal; person?: TaskDoors["tenant"]["owner"] } = {},
) {
  const { lastEventId, ...overrides } = own;
  const context = contextOf(http.database, doors.tenant, { permission: "tasks.task.read", ...overrides });
  const { events } = await followTask(context, { task }, lastEventId, FAST);
  return events[Symbol.asyncIterator]();
}

async function nextOf(events: AsyncIterator<ServerEvent>) {
  for (;;) {
    const { value, done } = await events.next();
    if (done) return "the end";
    if (value !== "heartbeat" && "event" in value)
      return { id: value.id, event: value.event, ...JSON.parse(value.json) };
  }
}

test("a listener is told each change, and at last that the task is over", async () => {
  const id = await doors.start();
  const events = await follow(id);
  const first = await nextOf(events);
  assert.deepEqual(
    [first.event, first.status, first.progress_percentage, first.attempt],
    ["progress", "queued", null, 0],
  );
  await admin.query(
    "update tasks.tasks set status = 'processing', progress_percentage = 40, progress_note = 'Two of five' where id = $1",
    [id],
  );
  const second = await nextOf(events);
  assert.deepEqual(
    [second.status, second.progress_percentage, second.progress_note, second.attempt],
    ["processing", 40, "Two of five", 1],
  );
  await endTasks(admin, doors.tenant, [id], "completed");
  const last = await nextOf(events);
  assert.deepEqual([last.event, last.status], ["over", "completed"]);
  assert.equal(await nextOf(events), "the end");
});

test("who comes back is told only what they have not seen", async () => {
  const id = await doors.start();
  const { id: seen } = await nextOf(await follow(id));
  const events = await follow(id, { lastEventId: seen });
  const next = nextOf(events);
  await admin.query("update tasks.tasks set progress_percentage = 50 where id = $1", [id]);
  assert.equal((await next).progress_percentage, 50);
  await doors.post(`tasks/${id}/cancel`);
  assert.equal((await nextOf(events)).event, "over");
});

test("a quiet line is told to stand", async () => {
  const id = await doors.start();
  const events = await follow(id);
  await nextOf(events);
  assert.deepEqual(await events.next(), { value: "heartbeat", done: false });
  await doors.post(`tasks/${id}/cancel`);
});

test("listening ends with the right to it, and when the listener leaves", async () => {
  const id = await doors.start();
  const viewer = await addMember(admin, http.database, doors.tenant, "viewer");
  const leaving = new AbortController();
  const [theirs, ours] = [await follow(id, { person: viewer }), await follow(id, { signal: leaving.signal })];
  await Promise.all([nextOf(theirs), nextOf(ours)]);
  await admin.query(
    "update organizations.memberships set status = 'suspended' where organization_id = $1 and user_id = $2",
    [doors.tenant.id, viewer.userId],
  );
  assert.equal(await nextOf(theirs), "the end");
  const last = nextOf(ours);
  leaving.abort();
  assert.equal(await last, "the end");
  await doors.post(`tasks/${id}/cancel`);
});

test("events travel as browsers read them, from the one that was seen last", async () => {
  const id = await doors.start();
  await doors.post(`tasks/${id}/cancel`);
  const { statusCode, headers, body } = await doors.ask("GET", `tasks/${id}/events`);
  assert.deepEqual(
    [statusCode, headers["content-type"], headers["cache-control"]],
    [200, "text/event-stream; charset=utf-8", "no-store"],
  );
  const [, version, data = ""] = /^id: (\d+)\nevent: over\ndata: (\{.*\})\n\n$/.exec(body) ?? assert.fail(body);
  assert.equal(JSON.parse(data).status, "cancelled");
  assert.equal(Number(version), (await doors.get(`tasks/${id}`)).version);
  assert.equal((await doors.ask("GET", `tasks/${await (await openDoors(http)).start()}/events`)).statusCode, 404);
});

test("a server that is stopped does not wait for listeners", async () => {
  const own = await openTestServer();
  const id = await doors.start();
  const address = await own.server.listen({ port: 0, host: "127.0.0.1" });
  const url = `${address}/api/organizations/${doors.tenant.slug}/tasks/${id}/events`;
  const answer = await fetch(url, { headers: authorization(doors.tenant.owner) });
  const reader = (answer.body ?? assert.fail()).getReader();
  assert.match(new TextDecoder().decode((await reader.read()).value), /event: progress/);
  await own.server.close();
  assert.equal((await reader.read()).done, true);
  await doors.post(`tasks/${id}/cancel`);
});
