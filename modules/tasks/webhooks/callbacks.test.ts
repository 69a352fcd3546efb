import assert from "node:assert/strict";
import { test } from "node:test";
import { createTenant, type Tenant } from "../../../test/harness.ts";
import { openCallback } from "./callbacks.ts";
import { admin, asWorker, http, makeTask } from "./webhooks.fixture.ts";

const HOUR_MS = 3_600_000;

async function callbackFor(tenant: Tenant, taskId: string): Promise<string> {
  const wish = { organizationId: tenant.id, taskId, expiresAt: new Date(Date.now() + HOUR_MS) };
  return (await asWorker(tenant, (tx) => openCallback(tx, wish))).token;
}

async function waitingTask(status = "waiting") {
  const tenant = await createTenant(http.database);
  const task = await makeTask(tenant, status);
  return { tenant, task, token: await callbackFor(tenant, task) };
}

async function answer(
  token: string,
  payload: object = { status: "succeeded", output: { done: true } },
): Promise<[number, string | undefined]> {
  const { statusCode, body } = await http.ask(undefined, {
    method: "POST",
    url: `/api/task-callbacks/${token}`,
    payload,
  });
  return [statusCode, body === "" ? undefined : JSON.parse(body).code];
}

async function taskOf({ id }: Tenant, task: string) {
  const { rows } = await admin.query(
    "select status, output, error_details from tasks.tasks where organization_id = $1 and id = $2",
    [id, task],
  );
  return rows[0];
}

test("whoever holds the token tells the outcome: a success with an output, or a failure with a reason", async () => {
  const good = await waitingTask();
  assert.deepEqual(await answer(good.token), [204, undefined]);
  assert.deepEqual(await taskOf(good.tenant, good.task), {
    status: "completed",
    output: { done: true },
    error_details: null,
  });
  const bad = await waitingTask();
  assert.deepEqual(await answer(bad.token, { status: "failed", error: "No tea" }), [204, undefined]);
  assert.deepEqual(await taskOf(bad.tenant, bad.task), {
    status: "failed",
    output: null,
    error_details: { message: "No tea" },
  });
  const { rows } = await admin.query(
    "select distinct actor_kind, operation from audit.audit_logs where organization_id = $1 and resource_type = 'tasks.tasks' and action = 'update'",
    [good.tenant.id],
  );
  assert.deepEqual(rows, [{ actor_kind: "task", operation: "tasks.callback.answer" }]);
});

test("a token is good once, also for two at a time, and with it all others of the task", async () => {
  const { tenant, task, token } = await waitingTask();
  const other = await callbackFor(tenant, task);
  const answers = await Promise.all([answer(token), answer(other), answer(token, { status: "failed" })]);
  assert.deepEqual(answers.map(([status]) => status).sort(), [204, 410, 410]);
  const told = await taskOf(tenant, task);
  for (const late of [token, other]) assert.deepEqual(await answer(late, { status: "failed" }), [410, "gone"]);
  assert.deepEqual(await taskOf(tenant, task), told);
});

test("a token that expired changes nothing", async () => {
  const { tenant, task, token } = await waitingTask();
  await admin.query("update tasks.callbacks set expires_at = now() where organization_id = $1", [tenant.id]);
  assert.deepEqual(await answer(token), [410, "gone"]);
  assert.equal((await taskOf(tenant, task)).status, "waiting");
});

test("a token that is wrong, of another task, of another organization or none is answered alike, and changes nothing", async () => {
  const [own, foreign] = [await waitingTask(), await waitingTask()];
  const sibling = await makeTask(own.tenant);
  const secret = own.token.slice(-43);
  const wrong = {
    "another secret": `${own.token.slice(0, -43)}${"x".repeat(43)}`,
    "another task of the organization": `tcb_${own.tenant.id}_${sibling}_${secret}`,
    "a task of another organization": `tcb_${foreign.tenant.id}_${foreign.task}_${secret}`,
    "another organization": `tcb_${foreign.tenant.id}_${own.task}_${secret}`,
    "a foreign task here": `tcb_${own.tenant.id}_${foreign.task}_${foreign.token.slice(-43)}`,
    "another kind of token": own.token.replace("tcb_", "tus_"),
    "no token": "x",
    "the secret alone": secret,
  };
  for (const [kind, token] of Object.entries(wrong)) assert.deepEqual(await answer(token), [404, "not_found"], kind);
  for (const { tenant, task } of [own, foreign, { tenant: own.tenant, task: sibling }])
    assert.equal((await taskOf(tenant, task)).status, "waiting");
});

test("an answer that comes before the task waits for it is kept until then", async () => {
  const { tenant, task, token } = await waitingTask("processing");
  assert.deepEqual(await answer(token), [204, undefined]);
  assert.deepEqual(await answer(token), [410, "gone"]);
  assert.equal((await taskOf(tenant, task)).status, "processing");
  await admin.query("update tasks.tasks set status = 'waiting' where organization_id = $1", [tenant.id]);
  await admin.query("select tasks.wait_for_answer($1, $2)", [tenant.id, task]);
  assert.equal((await taskOf(tenant, task)).status, "completed");
});

test("a task that is over is not ended again", async () => {
  const over = await waitingTask();
  await admin.query("update tasks.tasks set status = 'cancelled', completed_at = now() where organization_id = $1", [
    over.tenant.id,
  ]);
  assert.deepEqual(await answer(over.token), [409, "conflict"]);
  assert.equal((await taskOf(over.tenant, over.task)).status, "cancelled");
});

test("a callback of an organization that is suspended is not found", async () => {
  const { tenant, task, token } = await waitingTask();
  await admin.query(
    "update organizations.organizations set status = 'suspended', suspended_reason = 'Unpaid' where id = $1",
    [tenant.id],
  );
  assert.deepEqual(await answer(token), [404, "not_found"]);
  assert.equal((await taskOf(tenant, task)).status, "waiting");
});

test("an outcome that cannot be kept is refused, and the token stays good", async () => {
  const { token } = await waitingTask();
  const deep = JSON.parse("[".repeat(65) + "]".repeat(65));
  const outputs = [deep, "x".repeat(262_200), "\0", "\ud800", Array(30_000).fill(1)];
  for (const output of outputs)
    assert.deepEqual(await answer(token, { status: "succeeded", output }), [400, "invalid"]);
  for (const payload of [{}, { status: "waiting" }, { status: "failed", error: "x".repeat(5001) }])
    assert.deepEqual(await answer(token, payload), [400, "invalid"]);
  assert.deepEqual(await answer(token, { status: "succeeded" }), [204, undefined]);
});

test("a token is in neither the database nor the log", async () => {
  const { tenant, token } = await waitingTask();
  await answer(token);
  const secret = token.slice(-43);
  const { rows } = await admin.query(
    `select (select string_agg(c::text, '') from tasks.callbacks c where organization_id = $1)
         || (select string_agg(l::text, '') from audit.audit_logs l where organization_id = $1) as text`,
    [tenant.id],
  );
  assert.ok(rows[0].text.includes("masked") && !rows[0].text.includes(secret));
  assert.ok(!http.log.join("").includes(secret));
});
