import assert from "node:assert/strict";
import { test } from "node:test";
import { folder, newDatabase } from "../kernel/database/backup/backup.fixture.ts";
import { askForTasks, wishOf } from "../modules/tasks/public.ts";
import { contextOf, createTenant, openTestDatabase } from "../test/harness.ts";
import { testKinds } from "../test/http/kinds.ts";
import { environmentOf, runCommand } from "./command.fixture.ts";

const { login, admin } = await newDatabase();
const database = openTestDatabase(login);
const echo = testKinds.get("example.echo") ?? assert.fail();

function tenonTasks(...args: string[]) {
  return runCommand(["tasks", ...args], environmentOf(login, folder));
}

function say(...args: string[]): string {
  const { status, stdout, stderr } = tenonTasks(...args);
  assert.equal(status, 0, stderr);
  return stdout;
}

function refusal(...args: string[]): string {
  const { status, stderr } = tenonTasks(...args);
  assert.equal(status, 1);
  return stderr;
}

test("the operator sees what runs, waits and went wrong, and cancels and replays it", async () => {
  const tenant = await createTenant(database);
  const context = contextOf(database, tenant, { permission: "tasks.task.write" });
  const [failed, ready, running] = await askForTasks(context, [
    wishOf(echo, { input: {}, name: "Broken", priority: 10 }),
    wishOf(echo, { input: {}, name: "Waits" }),
    wishOf(echo, { input: {}, name: "Runs", priority: 1 }),
  ]);
  assert.ok(failed && ready && running);
  await admin.query("select tasks.end_at_once($1, array[$2::uuid], 'failed', $3)", [
    tenant.id,
    failed.id,
    { code: "internal", message: "It broke" },
  ]);
  await admin.query("select tasks.take($1, 'host:1', '{example.echo}', 1, '1 hour')", [tenant.id]);

  const figures = say();
  assert.match(figures, /^type +running +ready +later +parked +waiting +failed +oldest ready\n/);
  assert.match(figures, /\nexample\.echo +1 +1 +0 +0 +0 +1 +\d+ s\n/);
  assert.match(figures, new RegExp(`\n${tenant.slug} +1 +1 +0 +0 +0 +1 +\\d+ s\n`));
  assert.match(say("workers"), /\nhost:1 +1 +1 .* example\.echo\n/);

  const listed = say("list", "--organization", tenant.slug, "--status", "failed");
  assert.match(listed, new RegExp(`\n${failed.id} +${tenant.slug} +example\\.echo +failed .*Broken +It broke\n$`));
  assert.match(say("show", failed.id), /\nname +Broken\n/);

  assert.equal(say("replay", "--type", "example.echo", "--since", "1h"), "1 task is tried again.\n");
  assert.match(refusal("replay", failed.id), /^tenon: None of these tasks has failed for good\.\n/);
  assert.equal(say("cancel", failed.id, running.id), "2 tasks are cancelled, with their parts.\n");
  const { rows } = await admin.query(
    "select id, status, cancel_requested_at is not null as is_told from tasks.tasks order by name",
  );
  assert.deepEqual(rows, [
    { id: failed.id, status: "cancelled", is_told: false },
    { id: running.id, status: "queued", is_told: true },
    { id: ready.id, status: "queued", is_told: false },
  ]);
  const record = await admin.query(
    "select count(*)::int from audit.audit_logs where organization_id = $1 and user_agent = 'tenon tasks' and user_id is null",
    [tenant.id],
  );
  assert.ok(record.rows[0].count >= 2);
});

test("what cannot be done is told in a line", () => {
  assert.match(refusal("show", "12"), /Give the id of a task, as "tenon tasks list" shows it\./);
  assert.match(
    refusal("list", "--organization", "nobody"),
    /^tenon: There is no organization "nobody"\. "tenon admin organizations" lists them\.\n/,
  );
  assert.match(refusal("replay"), /^tenon: Give the ids of tasks, or a type with --type\.\n/);
});
