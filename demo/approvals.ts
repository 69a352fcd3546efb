import type { Row, Scene, Task } from "./scene.ts";

/** Makes decisions that people owe to tasks, in every state. */
export async function makeApprovals({ insert, run, id, clock, people }: Scene, tasks: Task[]): Promise<void> {
  const [waiting] = tasks.filter(({ status }) => status === "waiting").slice(-1);
  const [first, second, third] = tasks.filter(({ status }) => status === "completed");
  const asked = {
    form: [{ name: "note", type: "text", title: "Anything to add?", required: false }],
    role_id: undefined,
    due_at: clock.on(2, 12),
    opened_at: clock.on(-3),
  };
  const approval = (task: Task | undefined, title: string, more: Row) => ({
    id: id(),
    task_id: task?.id,
    title,
    ...asked,
    ...more,
  });
  const decided = { decided_by: people.admin, decided_at: clock.on(-2) };
  await insert("tasks.approvals", [
    approval(waiting, "Send the newsletter of this month?", {
      assigned_to: people.admin,
      status: "pending",
      decided_by: undefined,
      decided_at: undefined,
      reason: undefined,
    }),
    approval(first, "Publish the product text?", {
      assigned_to: people.admin,
      status: "approved",
      ...decided,
      reason: "Reads well.",
    }),
    approval(second, "Refund more than 500 euros?", {
      assigned_to: people.admin,
      status: "rejected",
      ...decided,
      reason: "The parcel has arrived.",
    }),
    approval(third, "Write to everyone again?", {
      assigned_to: people.admin,
      status: "expired",
      decided_by: undefined,
      decided_at: clock.on(-1),
      reason: undefined,
    }),
  ]);
  await run(
    `insert into tasks.approvals (organization_id, task_id, kind, key, title, role_id, status, due_at, opened_at)
     select $1, $2, 'work', 'by_hand', 'Who takes this over?', r.id, 'pending', $3, $4 from organizations.roles r
     where r.organization_id = $1 and r.template = 'task_admin'`,
    [tasks.find(({ status }) => status === "escalated")?.id, clock.on(1, 12), clock.on(-1)],
  );
}

/** Makes work that comes again. */
export async function makeSchedules({ insert, id, clock, people }: Scene): Promise<void> {
  const created_at = clock.on(-60);
  const schedule = (name: string, type: string, rule: string, status: string, next_run_at?: Date) => ({
    id: id(created_at),
    name,
    type,
    input: {},
    rule,
    status,
    next_run_at,
    last_run_at: clock.past(-1, 0.25),
    created_by: people.admin,
    created_at,
    timezone: "Europe/Berlin",
    missed_runs: "once",
  });
  await insert("tasks.schedules", [
    schedule("Sync the stores", "commerce.sync_store", "0 * * * *", "active", clock.on(1, 0)),
    schedule(
      "The week in figures",
      "analytics.weekly_report",
      "DTSTART:20240101T070000\nRRULE:FREQ=WEEKLY;BYDAY=MO",
      "active",
      clock.on(5, 7),
    ),
    schedule("Summer sale banner", "content.send_newsletter", "0 8 * * 1", "paused"),
  ]);
}
