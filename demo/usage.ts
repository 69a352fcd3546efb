import type { Row, Scene, Task } from "./scene.ts";

const API_CALLS_DAYS = 35;
const GIGABYTE = 1_073_741_824;

/** Makes what was used, tokens for the tasks that a model did among it, and adds it up. */
export async function makeUsage(scene: Scene, paid: Task[]): Promise<void> {
  await scene.insert("credits.usage_events", usageOf(scene, paid));
  await scene.run(
    "insert into credits.usage_keys (organization_id, operation_key) select organization_id, operation_key from credits.usage_events where organization_id = $1 on conflict do nothing",
  );
  await addUp(scene);
}

function usageOf({ id, chance, clock, people }: Scene, paid: Task[]): Row[] {
  const event = (
    at: Date,
    event_type: string,
    resource_type: string,
    amount: number,
    key: string,
    more: Row = {},
  ): Row => ({
    id: id(at),
    occurred_at: at,
    created_at: at,
    event_type,
    resource_type,
    resource_name: more.name ?? "",
    amount,
    credits_consumed: more.cost ?? 0,
    user_id: more.user,
    subject: more.subject ?? "",
    operation_key: key,
    data: {},
  });
  const tokens = paid.map((task) =>
    event(task.created_at, "ai_call", "ai_tokens", chance.whole(400, 4000), `tokens:${task.id}`, {
      name: "northwind-writer",
      cost: task.actual_cost,
      user: people.member,
      subject: task.id,
    }),
  );
  const days = Array.from({ length: API_CALLS_DAYS }, (_, index) => index - API_CALLS_DAYS + 1).flatMap((day) => [
    event(clock.past(day, 0.9), "api_call", "api_calls", chance.whole(40, 900), `api:${clock.day(day)}`),
    event(
      clock.past(day, 0.95),
      "storage_measured",
      "storage",
      3 * GIGABYTE + day * 8_000_000,
      `storage:${clock.day(day)}`,
    ),
    event(clock.past(day, 0.1), "seats_counted", "seats", day < -20 ? 9 : 11, `seats:${clock.day(day)}`),
  ]);
  const others = [
    event(clock.on(-3), "label_export", "exports", 1, "export:labels", { user: people.task_admin }),
    event(clock.on(-2), "pdf_export", "exports", 1, "export:pdf", { user: people.admin }),
  ];
  return [...tokens, ...days, ...others];
}

/** Adds usage up by month, resource and member, each resource in its own way. */
async function addUp({ run }: Scene): Promise<void> {
  // What was used by the way is added up already.
  await run("delete from credits.usage_periods where organization_id = $1");
  await run("delete from credits.usage_days where organization_id = $1");
  await run(`insert into credits.usage_periods (organization_id, billing_period, resource_type, resource_name, member_key, amount, credits_consumed, events, last_occurred_at)
    select e.organization_id, date_trunc('month', e.occurred_at at time zone 'UTC')::date, e.resource_type, e.resource_name,
           coalesce(e.user_id, '00000000-0000-0000-0000-000000000000'),
           case r.aggregation when 'sum' then sum(e.amount) when 'max' then max(e.amount) else (array_agg(e.amount order by e.occurred_at desc))[1] end,
           sum(e.credits_consumed), count(*), max(e.occurred_at)
    from credits.usage_events e join credits.resources r on r.resource_type = e.resource_type
    where e.organization_id = $1 group by 1, 2, 3, 4, 5, r.aggregation`);
  await run(`insert into credits.usage_days (organization_id, day, resource_type, amount, credits_consumed, events, last_occurred_at)
    select e.organization_id, (e.occurred_at at time zone 'UTC')::date, e.resource_type,
           case r.aggregation when 'sum' then sum(e.amount) when 'max' then max(e.amount) else (array_agg(e.amount order by e.occurred_at desc))[1] end,
           sum(e.credits_consumed), count(*), max(e.occurred_at)
    from credits.usage_events e join credits.resources r on r.resource_type = e.resource_type
    where e.organization_id = $1 group by 1, 2, 3, r.aggregation`);
}
