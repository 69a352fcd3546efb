import assert from "node:assert/strict";
import { test } from "node:test";
import { callOutside } from "../../../kernel/tenancy/transaction.ts";
import { createTenant, type Tenant } from "../../../test/harness.ts";
import {
  admin,
  ask,
  database,
  hire,
  letPass,
  mailsTo,
  makeTasks,
  makeWork,
  roleOf,
  rowOf,
  sweep,
  taskOf,
} from "./people.fixture.ts";

const tenant = await createTenant(database);
const admins = await roleOf(tenant, "admin");
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

/** Four processes do what is due at once. */
async function sweepByFour(): Promise<void> {
  await Promise.all(
    Array.from({ length: 4 }, () => callOutside(database, "dispatcher", "select tasks.sweep_people(100)")),
  );
}

test("who has it is reminded once for each reminder, by however many processes", async () => {
  const worker = await hire(tenant, "labeler");
  const { approval } = await makeWork(tenant, {
    assigned_to: worker.userId,
    person: { due_at: inHours(5), reminders: [240, 60, 600] },
  });
  await sweepByFour();
  assert.deepEqual(await mailsTo(worker), []);
  for (const [minutes, mails] of [
    [70, 1],
    [10, 1],
    [160, 2],
    [100, 2],
  ] as const) {
    await letPass(tenant, approval, minutes);
    await sweepByFour();
    assert.deepEqual(await mailsTo(worker), Array(mails).fill("approval_reminder"), `${minutes} minutes later`);
  }
  assert.equal((await ask(tenant, worker, "")).body.items[0].is_overdue, true);
  assert.deepEqual(
    [(await rowOf(tenant, approval)).next_at, (await rowOf(tenant, approval)).status],
    [null, "pending"],
  );
});

test("what nobody does goes up step by step, and is over at the end", async () => {
  const [worker, lead, boss] = await Promise.all([
    hire(tenant, "labeler"),
    hire(tenant, "reviewer"),
    hire(tenant, "admin"),
  ]);
  const { task, approval } = await makeWork(tenant, {
    assigned_to: worker.userId,
    person: {
      due_at: inHours(1),
      escalation: [
        { after_minutes: 30, assigned_to: lead.userId },
        { after_minutes: 90, role: admins },
      ],
      expires_after_minutes: 120,
    },
  });
  const state = async () => {
    const { assigned_to, role_id, escalation_level } = await rowOf(tenant, approval);
    return [escalation_level, assigned_to, role_id, (await taskOf(tenant, task)).status];
  };
  await letPass(tenant, approval, 80);
  await sweepByFour();
  assert.deepEqual(await state(), [0, worker.userId, null, "waiting"]);
  await letPass(tenant, approval, 10);
  await sweepByFour();
  assert.deepEqual(await state(), [1, lead.userId, null, "escalated"]);
  assert.equal((await taskOf(tenant, task)).assigned_to, lead.userId);
  assert.deepEqual(await mailsTo(lead), ["approval_escalated"]);
  assert.equal((await ask(tenant, worker, `/${approval}`)).status, 404);
  await letPass(tenant, approval, 60);
  await sweepByFour();
  assert.deepEqual(await state(), [2, null, admins, "escalated"]);
  assert.deepEqual(await mailsTo(boss), ["approval_escalated"]);
  await letPass(tenant, approval, 30);
  await sweepByFour();
  const { status, error_details } = await taskOf(tenant, task);
  assert.deepEqual(
    [status, error_details.code, (await rowOf(tenant, approval)).status],
    ["failed", "expired", "expired"],
  );
});

test("without a due date the steps count from when it was ready; what goes on without an answer is done", async () => {
  const worker = await hire(tenant, "labeler");
  const { task, approval } = await makeWork(tenant, {
    assigned_to: worker.userId,
    person: { expires_after_minutes: 10, on_expiry: "continue" },
  });
  const [next = ""] = await makeTasks(tenant, { depends_on: [{ task_id: task }] });
  await letPass(tenant, approval, 9);
  await sweep();
  assert.equal((await taskOf(tenant, task)).status, "waiting");
  await letPass(tenant, approval, 1);
  await sweep();
  assert.deepEqual([(await taskOf(tenant, task)).status, (await taskOf(tenant, next)).status], ["completed", "queued"]);
});

test("what is for later is opened at its time", async () => {
  const worker = await hire(tenant, "labeler");
  const { approval } = await makeWork(tenant, { assigned_to: worker.userId, scheduled_for: inHours(2) });
  await sweep();
  assert.deepEqual((await ask(tenant, worker, "")).body.items, []);
  await letPass(tenant, approval, 121);
  await sweep();
  assert.equal((await ask(tenant, worker, "")).body.items.length, 1);
});

test("what a member had who is gone falls to the role, to the next step, or to the owners", async () => {
  const own = await createTenant(database);
  const [worker, lead, colleague] = await Promise.all([
    hire(own, "labeler"),
    hire(own, "reviewer"),
    hire(own, "labeler"),
  ]);
  const labelers = await roleOf(own, "labeler");
  const taken = await makeWork(own, { person: { role: labelers } });
  await ask(own, worker, `/${taken.approval}/take`, {});
  const assigned_to = worker.userId;
  const stepped = await makeWork(own, {
    assigned_to,
    person: { escalation: [{ after_minutes: 60, assigned_to: lead.userId }] },
  });
  const plain = await makeWork(own, { assigned_to });
  await admin.query(
    "update organizations.memberships set status = 'suspended' where organization_id = $1 and user_id = $2",
    [own.id, worker.userId],
  );
  await sweep();
  const owners = await roleOf(own, "owner");
  const found = await Promise.all([taken, stepped, plain].map(({ approval }) => rowOf(own, approval)));
  assert.deepEqual(
    found.map(({ assigned_to, role_id }) => [assigned_to, role_id]),
    [
      [null, labelers],
      [lead.userId, null],
      [null, owners],
    ],
  );
  assert.deepEqual(
    [await mailsTo(lead), await mailsTo(colleague), await mailsTo(own.owner)],
    Array(3).fill(["approval_escalated"]),
  );
  assert.equal((await taskOf(own, stepped.task)).assigned_to, lead.userId);
});

/** What each of two that race did, and how the task and its approval stand then. */
async function race(
  tenant: Tenant,
  first: () => Promise<unknown>,
  second: () => Promise<unknown>,
  work: { task: string; approval: string },
) {
  const answers = await Promise.all([first(), second()]);
  return {
    answers,
    approval: (await rowOf(tenant, work.approval)).status,
    task: (await taskOf(tenant, work.task)).status,
  };
}

const ROUNDS = 6;

test("of two that decide at once one does, and the other is told who did", async () => {
  const [one, two] = await Promise.all([hire(tenant, "admin"), hire(tenant, "admin")]);
  for (let round = 0; round < ROUNDS; round++) {
    const work = await makeWork(tenant, { person: { role: admins } });
    const decide = (person: typeof one, decision: string) => () =>
      ask(tenant, person, `/${work.approval}/decide`, { decision, reason: "Because" });
    const { answers, approval, task } = await race(tenant, decide(one, "done"), decide(two, "rejected"), work);
    const [a, b] = answers as Awaited<ReturnType<typeof ask>>[];
    assert.deepEqual([a?.status, b?.status].sort(), [200, 409]);
    const [winner, loser] = a?.status === 200 ? [a, b] : [b, a];
    assert.equal(loser?.body.detail, `A Person was faster: it is ${winner?.body.status} already.`);
    assert.deepEqual([approval, task], [winner?.body.status, winner?.body.status === "done" ? "completed" : "failed"]);
  }
});

test("a decision and the end of the time, or a cancellation, do not both happen", async () => {
  const worker = await hire(tenant, "labeler");
  for (let round = 0; round < ROUNDS; round++) {
    const person = { expires_after_minutes: 1 };
    const [late, cancelled] = await Promise.all(
      [1, 2].map(() => makeWork(tenant, { assigned_to: worker.userId, person })),
    );
    assert.ok(late && cancelled);
    await letPass(tenant, late.approval, 2);
    const decide = (approval: string) => () => ask(tenant, worker, `/${approval}/decide`, { decision: "done" });
    const first = await race(tenant, decide(late.approval), sweep, late);
    const { status } = first.answers[0] as { status: number };
    assert.deepEqual(
      [first.approval, first.task],
      status === 200 ? ["done", "completed"] : ["expired", "failed"],
      `${status}`,
    );
    const cancel = () =>
      admin.query("select tasks.end_at_once($1, array[$2::uuid], 'cancelled', '{}')", [tenant.id, cancelled.task]);
    const second = await race(tenant, decide(cancelled.approval), cancel, cancelled);
    const decided = (second.answers[0] as { status: number }).status === 200;
    assert.deepEqual([second.approval, second.task], decided ? ["done", "completed"] : ["cancelled", "cancelled"]);
  }
});
