import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { type RunningTask, TaskFailure, taskKind } from "../../../kernel/work.ts";
import { atEnd, createTenant, testServices } from "../../../test/harness.ts";
import { startWorker } from "../engine/worker.ts";
import { type ApprovalWish, approvalOf, askForApproval } from "./asking.ts";
import { admin, approvalOfTask, ask, database, hire, makeTasks, taskOf } from "./people.fixture.ts";

// Organizations that come first in line, with tasks that no worker here knows, keep nobody waiting.
for (let strangers = 0; strangers < 3; strangers++) await makeTasks(await createTenant(database), {});
const tenant = await createTenant(database);
const boss = await hire(tenant, "admin");
const type = `people_test.publish_${crypto.randomUUID().slice(0, 8)}`;
let asked = Promise.withResolvers<void>();
let leave = Promise.resolve();

type Input = { wish?: Partial<ApprovalWish>; fails?: boolean };

/** Asks, waits, and answers with what people said. */
async function publish(task: RunningTask<Input>): Promise<unknown> {
  if (task.input.fails) throw new TaskFailure("invalid", "It never works.");
  const answer = approvalOf(task, "publish");
  if (answer) return { decision: answer.decision, answer: answer.answer ?? null };
  const form = [{ name: "note", type: "text" as const, title: "Note" }];
  const wish = { key: "publish", title: "Publish it?", role: "admin", form, ...task.input.wish } as ApprovalWish;
  const outcome = await askForApproval(task as RunningTask, wish);
  asked.resolve();
  await leave;
  return outcome;
}

const kind = taskKind<Input>({
  type,
  summary: "Publish",
  category: "content",
  workerType: "internal",
  input: z.object({ wish: z.any().optional(), fails: z.boolean().optional() }) as z.ZodType<Input>,
  timeLimitSeconds: 60,
  attemptsMax: 1,
  isOpen: true,
  escalation: {
    role: "admin",
    form: [{ name: "text", type: "text", title: "Text", required: true, max: 100, long: false }],
  },
  run: publish,
});
const worker = startWorker({
  database,
  services: testServices(),
  kinds: [kind],
  jobs: [],
  works: [],
  concurrency: 2,
  log: { error: (entry) => console.error(entry.err) },
});
atEnd(() => worker.stop());

async function start(input: Input): Promise<string> {
  const [task = ""] = await makeTasks(tenant, { type, input, attempts_max: 1 });
  worker.wake();
  return task;
}

async function until(task: string, ...states: string[]) {
  for (;;) {
    const row = await taskOf(tenant, task);
    if (states.includes(row.status)) return row;
    assert.ok(!["completed", "failed", "cancelled"].includes(row.status), JSON.stringify(row));
  }
}

async function decide(task: string, decision: object): Promise<number> {
  const { status } = await ask(tenant, boss, `/${await approvalOfTask(tenant, task)}/decide`, decision);
  worker.wake();
  return status;
}

async function holdings(task: string): Promise<number> {
  const { rows } = await admin.query(
    "select (select count(*) from tasks.claims where $1 = any (task_ids)) + (select count(*) from tasks.slots where task_id = $1) + (select count(*) from tasks.entries where task_id = $1) as n",
    [task],
  );
  return Number(rows[0].n);
}

test("a task asks, holds nothing while it waits, and goes on with the answer, though it had one try only", async () => {
  const task = await start({});
  await until(task, "waiting");
  assert.equal(await holdings(task), 0);
  assert.equal(await decide(task, { decision: "approved", answer: { note: "Nice" } }), 200);
  const { output, attempts } = await until(task, "completed");
  assert.deepEqual([output, attempts], [{ decision: "approved", answer: { note: "Nice" } }, 2]);
});

test("a rejected one fails with the reason, or goes on where it said so", async () => {
  const [fails, goesOn] = [await start({}), await start({ wish: { onRejection: "continue" } })];
  await Promise.all([until(fails, "waiting"), until(goesOn, "waiting")]);
  for (const task of [fails, goesOn]) await decide(task, { decision: "rejected", reason: "Too loud" });
  const { error_details } = await until(fails, "failed");
  assert.deepEqual([error_details.code, error_details.message], ["rejected", "Too loud"]);
  assert.deepEqual((await until(goesOn, "completed")).output, { decision: "rejected", answer: null });
});

test("an answer that comes before the task waits is not lost", async () => {
  asked = Promise.withResolvers();
  const { promise, resolve } = Promise.withResolvers<void>();
  leave = promise;
  const task = await start({});
  await asked.promise;
  assert.equal(await decide(task, { decision: "approved" }), 200);
  assert.ok(["queued", "processing"].includes((await taskOf(tenant, task)).status));
  resolve();
  assert.deepEqual((await until(task, "completed")).output, { decision: "approved", answer: {} });
});

test("what has failed for good is done by hand, or given up", async () => {
  const [byHand, givenUp] = [await start({ fails: true }), await start({ fails: true })];
  await Promise.all([until(byHand, "escalated"), until(givenUp, "escalated")]);
  const { body } = await ask(tenant, boss, `/${await approvalOfTask(tenant, byHand)}`);
  assert.deepEqual([body.title, body.error.message], ["Do by hand: Pack the parcel", "It never works."]);
  assert.equal(await decide(byHand, { decision: "done", answer: {} }), 400);
  assert.equal(await decide(byHand, { decision: "done", answer: { text: "Written by hand" } }), 200);
  assert.deepEqual((await until(byHand, "completed")).output, { text: "Written by hand" });
  assert.equal(await decide(givenUp, { decision: "rejected", reason: "Not worth it" }), 200);
  assert.equal((await until(givenUp, "failed")).error_details.message, "Not worth it");
});
