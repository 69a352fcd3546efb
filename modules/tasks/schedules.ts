import { Problem } from "../../kernel/errors.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import { askJson, tell } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { type Transaction, transaction } from "../../kernel/tenancy/transaction.ts";
import { openKind, readInput } from "./kinds.ts";
import { fault } from "./schedules/fault.ts";
import { nextRun, nextRuns } from "./schedules/runs.ts";
import { localText, readTimeZone } from "./schedules/zone.ts";
import type { NewSchedule, ScheduleChanges } from "./schedules-contract.ts";

const PREVIEW_RUNS = 10;

const FIELDS = `
  s.id, s.name, s.type, s.rule, s.timezone, s.missed_runs, s.status, s.next_run_at, s.last_run_at, s.notice,
  case when m.user_id is not null then json_build_object('id', m.user_id, 'name', m.display_name) end as created_by,
  s.created_at, s.updated_at`;
const SOURCE = `
  from tasks.schedules s
  left join organizations.memberships m on m.organization_id = s.organization_id and m.user_id = s.created_by
  where s.organization_id = $1`;

const LIST = `
  select json_build_object('items', coalesce(json_agg(told order by told.name, told.id), '[]'))::text
  from (select ${FIELDS} ${SOURCE} and ($2::text is null or s.status = $2)) told`;
const READ = `select row_to_json(told)::text as json from (select ${FIELDS}, s.input ${SOURCE} and s.id = $2) told`;
const READ_PRESENT = `
  select json_build_object('type', type, 'input', input, 'rule', rule, 'timezone', timezone, 'now', now())::text
  from tasks.schedules where organization_id = $1 and id = $2`;

/** The organization's schedules by name, without their input: `{ items: Schedule[] }` as JSON. */
export async function listSchedules(context: Context, { status }: { status?: string | undefined }): Promise<JsonText> {
  return askJson(context, LIST, [context.organization.id, status ?? null]);
}

/** One schedule with its input as JSON. Throws not_found. */
export async function readSchedule(context: Context, { schedule }: { schedule: string }): Promise<JsonText> {
  return askJson(context, READ, [context.organization.id, schedule]);
}

/**
 * Makes a schedule and resolves with it as JSON. Throws invalid for a rule or zone that is wrong or never comes, a type that members
 * may not start or an input that does not fit it; conflict beyond 500 schedules.
 */
export async function createSchedule(context: Context, schedule: NewSchedule): Promise<JsonText> {
  const { name, type, input, rule, missed_runs } = schedule;
  const now = await enterAt(context);
  readInput(openKind(context.services, { type, input }), input);
  const timezone = readTimeZone(schedule.timezone);
  const next = firstRun(rule, timezone, now);
  return transaction(context, async (tx) => {
    const [made] = await tx.query<{ id: string }>("select tasks.create_schedule($1, $2, $3, $4, $5, $6, $7) as id", [
      name,
      type,
      JSON.stringify(input),
      rule,
      timezone,
      missed_runs,
      next.toISOString(),
    ]);
    return readIn(tx, context, made?.id ?? "");
  });
}

/**
 * Changes, pauses or resumes a schedule and resolves with it as JSON. Throws not_found; invalid as `createSchedule`; conflict when
 * somebody changes its rule at the same time, or when it is over and has no new rule.
 */
export async function changeSchedule(
  context: Context,
  schedule: string,
  { status, ...given }: ScheduleChanges,
): Promise<JsonText> {
  const { json } = await askJson(context, READ_PRESENT, [context.organization.id, schedule]);
  const present = JSON.parse(json) as Pick<NewSchedule, "type" | "input" | "rule" | "timezone"> & { now: string };
  const changes = { ...given, ...(given.timezone !== undefined && { timezone: readTimeZone(given.timezone) }) };
  const { type, input, rule, timezone } = { ...present, ...withoutUndefined(changes) };
  const isNewRule = changes.rule !== undefined || changes.timezone !== undefined;
  const isResumed = status === "active";
  if (given.type !== undefined || given.input !== undefined || isResumed)
    readInput(openKind(context.services, { type, input }), input);
  const next = isNewRule || isResumed ? firstRun(rule, timezone, new Date(present.now)).toISOString() : null;
  return transaction(context, async (tx) => {
    if (Object.keys(withoutUndefined(changes)).length > 0)
      await tx.query("select tasks.change_schedule($1, $2, $3, $4, $5)", [
        schedule,
        JSON.stringify(changes),
        ...(isNewRule ? [next, rule, timezone] : [null, null, null]),
      ]);
    if (isResumed) await tx.query("select tasks.resume_schedule($1, $2, $3, $4)", [schedule, next, rule, timezone]);
    if (status === "paused") await tx.query("select tasks.pause_schedule($1)", [schedule]);
    return readIn(tx, context, schedule);
  });
}

/** Deletes the schedules of a type with this very input. */
export async function dropSchedules(
  context: Context,
  { type, input }: Pick<NewSchedule, "type" | "input">,
): Promise<void> {
  const text =
    "select tasks.delete_schedule(id) from tasks.schedules where organization_id = $1 and type = $2 and input = $3";
  await transaction(context, (tx) => tx.query(text, [context.organization.id, type, JSON.stringify(input)]));
}

/** Deletes a schedule; the tasks that it made stay. Throws not_found. */
export async function deleteSchedule(context: Context, { schedule }: { schedule: string }): Promise<undefined> {
  return tell(context, "select tasks.delete_schedule($1)", [schedule]);
}

/** The next 10 runs of a rule, in UTC and by the clock of its zone. Throws invalid; of a type and an input too, where they are given. */
export async function previewSchedule(
  context: Context,
  { rule, timezone: given, type, input = {} }: { rule: string; timezone: string; type?: string; input?: object },
): Promise<{ timezone: string; runs: { at: string; local: string }[] }> {
  const now = await enterAt(context);
  if (type !== undefined) readInput(openKind(context.services, { type, input }), input);
  const timezone = readTimeZone(given);
  const runs = nextRuns(rule, timezone, now, PREVIEW_RUNS);
  return {
    timezone,
    runs: runs.map((run) => ({ at: run.toISOString(), local: localText(run.getTime(), timezone) })),
  };
}

/** The time by the database's clock, for whoever may come in: what a rule is worth is told to nobody else. */
async function enterAt(context: Context): Promise<Date> {
  const { json } = await askJson(context, "select to_json(now())::text");
  return new Date(JSON.parse(json) as string);
}

function firstRun(rule: string, timezone: string, now: Date): Date {
  const next = nextRun(rule, timezone, now);
  if (!next) throw fault("rule", "The rule never comes again. Give one that comes in the future.");
  return next;
}

async function readIn(tx: Transaction, context: Context, schedule: string): Promise<JsonText> {
  const [row] = await tx.query<{ json: string }>(READ, [context.organization.id, schedule]);
  if (!row) throw new Problem("not_found");
  return row;
}

function withoutUndefined<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>;
}
