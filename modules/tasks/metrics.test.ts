import assert from "node:assert/strict";
import { test } from "node:test";
import { openMetrics, serveMetrics } from "../../kernel/http/metrics.ts";
import { atEnd, openAdmin, openTestDatabase, testServer } from "../../test/harness.ts";
import { openTestServer } from "../../test/http/server.ts";
import { measureTasks } from "./metrics.ts";
import { openDoors } from "./tasks.fixture.ts";

test("tries are counted as they begin and end, and the line at each look", async () => {
  const http = await openTestServer();
  const admin = await openAdmin();
  const registry = openMetrics(http.database);
  const meter = measureTasks(registry, http.database);
  meter.begun("example.echo");
  meter.begun("example.echo");
  meter.ended("example.echo", "completed", 0.02);
  const doors = await openDoors(http);
  const ready = await doors.start();
  const later = await doors.start({ scheduled_for: "2999-01-01T00:00:00Z" });
  await admin.query("update tasks.entries set ready_at = now() - interval '10 years' where task_id = $1", [ready]);
  const metrics = await serveMetrics(registry, 0);
  atEnd(metrics.close);
  const text = await (await fetch(metrics.address)).text();
  for (const line of [
    'tenon_tasks_started_total{type="example.echo"} 2',
    'tenon_tasks_finished_total{type="example.echo",outcome="completed"} 1',
    'tenon_task_seconds_bucket{le="0.05",type="example.echo"} 1',
    "tenon_tasks_running 1",
  ])
    assert.ok(text.includes(`${line}\n`), `${line} is not in:\n${text}`);
  const figure = (name: string) =>
    Number(
      text
        .split("\n")
        .find((line) => line.startsWith(name))
        ?.split(" ")
        .at(-1),
    );
  assert.ok(figure('tenon_task_entries{state="ready"}') >= 1);
  assert.ok(figure('tenon_task_entries{state="later"}') >= 1);
  // Other tests use the same database: whatever they have parked or claimed is counted too.
  for (const name of ['tenon_task_entries{state="parked"}', "tenon_task_claims", "tenon_task_claimed"])
    assert.ok(figure(name) >= 0, name);
  assert.ok(figure("tenon_task_oldest_ready_seconds") > 300_000_000);
  assert.equal((await fetch(metrics.address.replace("metrics", "other"))).status, 404);
  await assert.rejects(serveMetrics(registry, Number(new URL(metrics.address).port)), /EADDRINUSE/);
  await doors.post("tasks/cancel", { ids: [ready, later] });
});

test("a database that does not answer leaves out the line, and nothing else", async () => {
  const nowhere = openTestDatabase({ ...testServer.admin, host: "127.0.0.1", port: 1 });
  const registry = openMetrics(nowhere);
  measureTasks(registry, nowhere);
  const text = await registry.metrics();
  assert.match(text, /tenon_tasks_running 0/);
  assert.doesNotMatch(text, /^tenon_task_(entries|claims|claimed|oldest)/m);
});
