import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

const SCHEDULES = "/api/organizations/:organization/task-schedules";

const RULE_LENGTH_MAX = 2_000;
const TYPE_LENGTH_MAX = 100;
/** Of the input as JSON, in characters. */
const INPUT_LENGTH_MAX = 32_768;

const InOrganization = z.object({ organization: z.string() });
const OfSchedule = z.object({ organization: z.string(), schedule: z.uuid() });

/** What happens to runs that were missed: none, one for all, or each. */
const MissedRuns = z.enum(["skip", "once", "all"]);

const Input = z
  .record(z.string().max(200), z.unknown())
  .refine(
    (input) => JSON.stringify(input).length <= INPUT_LENGTH_MAX,
    `The input is too large: ${INPUT_LENGTH_MAX} characters of JSON are the most.`,
  );

const Name = z.string().trim().min(1).max(200);
const Type = z
  .string()
  .max(TYPE_LENGTH_MAX)
  .regex(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/, "Send the name of a type of task, such as content.write_blog_post.");

/** A time such as 2026-12-24T18:00, a cron expression of 5 or 6 fields, or the lines DTSTART, RRULE and EXDATE of RFC 5545. */
const Rule = z.string().trim().min(1).max(RULE_LENGTH_MAX);
/** The IANA time zone whose clock the rule goes by. */
const TimeZone = z.string().min(1).max(64);

/** Work that comes again by a rule. Times are UTC. */
const Schedule = z.object({
  id: z.uuid(),
  name: z.string(),
  /** The type of the tasks that it makes. */
  type: z.string(),
  rule: z.string(),
  timezone: z.string(),
  missed_runs: MissedRuns,
  /** `ended`: its rule never comes again. */
  status: z.enum(["active", "paused", "ended"]),
  next_run_at: z.string().nullable(),
  last_run_at: z.string().nullable(),
  /** Why it was paused without anybody doing so, or what failed last. */
  notice: z.string().nullable(),
  /** In whose name its tasks are made: who made, changed or resumed it last. */
  created_by: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  created_at: z.string(),
  updated_at: z.string(),
});

const ScheduleWithInput = Schedule.extend({ input: z.record(z.string(), z.unknown()) });

export const listSchedules = endpoint({
  name: "tasks.schedule.browse",
  summary: "The organization's schedules by name (at most 500)",
  method: "GET",
  path: SCHEDULES,
  access: "tasks.task.read",
  params: InOrganization,
  query: z.object({ status: z.enum(["active", "paused", "ended"]).optional() }),
  answer: z.object({ items: z.array(Schedule) }),
});

const NewSchedule = z.object({
  name: Name,
  type: Type,
  input: Input.default({}),
  rule: Rule,
  timezone: TimeZone.default("UTC"),
  missed_runs: MissedRuns.default("once"),
});
export type NewSchedule = z.infer<typeof NewSchedule>;

export const createSchedule = endpoint({
  name: "tasks.schedule.create",
  summary: "Make a schedule, which makes tasks in one's name",
  method: "POST",
  path: SCHEDULES,
  access: "tasks.task.write",
  params: InOrganization,
  body: NewSchedule,
  answer: ScheduleWithInput,
  example: { body: { name: "Example", type: "example.work", rule: "0 9 * * 1-5", timezone: "Europe/Berlin" } },
});

export const readSchedule = endpoint({
  name: "tasks.schedule.read",
  summary: "One schedule with its input",
  method: "GET",
  path: `${SCHEDULES}/:schedule`,
  access: "tasks.task.read",
  params: OfSchedule,
  answer: ScheduleWithInput,
});

const ScheduleChanges = z
  .object({
    name: Name.optional(),
    type: Type.optional(),
    input: Input.optional(),
    rule: Rule.optional(),
    timezone: TimeZone.optional(),
    missed_runs: MissedRuns.optional(),
    /** `paused` pauses it, `active` resumes it: what was missed meanwhile is not made up for. */
    status: z.enum(["active", "paused"]).optional(),
  })
  .refine(
    (changes) => Object.values(changes).some((value) => value !== undefined),
    "Give one of name, type, input, rule, timezone, missed_runs, status.",
  );
export type ScheduleChanges = z.infer<typeof ScheduleChanges>;

export const changeSchedule = endpoint({
  name: "tasks.schedule.update",
  summary: "Change, pause or resume a schedule; from then on it makes tasks in one's name",
  method: "PATCH",
  path: `${SCHEDULES}/:schedule`,
  access: "tasks.task.write",
  params: OfSchedule,
  body: ScheduleChanges,
  answer: ScheduleWithInput,
  example: { body: { name: "Another name" } },
});

export const deleteSchedule = endpoint({
  name: "tasks.schedule.delete",
  summary: "Delete a schedule; the tasks that it made stay",
  method: "DELETE",
  path: `${SCHEDULES}/:schedule`,
  access: "tasks.task.write",
  params: OfSchedule,
});

export const previewSchedule = endpoint({
  name: "tasks.schedule.preview",
  summary: "When a rule comes next: its first 10 runs",
  method: "POST",
  path: `${SCHEDULES}/preview`,
  access: "tasks.task.write",
  params: InOrganization,
  body: z.object({
    rule: Rule,
    timezone: TimeZone.default("UTC"),
    /** Where they are given, they are checked too. */
    type: Type.optional(),
    input: Input.optional(),
  }),
  answer: z.object({
    /** As IANA spells it. */
    timezone: z.string(),
    /** `local` is what the clock of the zone shows, with its offset. Empty when the rule never comes again. */
    runs: z.array(z.object({ at: z.string(), local: z.string() })),
  }),
  example: { body: { rule: "DTSTART:20260105T090000\nRRULE:FREQ=WEEKLY" } },
});
