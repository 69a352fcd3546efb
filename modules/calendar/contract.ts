import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

const CALENDAR = "/api/organizations/:organization/calendar";
const APPOINTMENT = `${CALENDAR}/appointments/:appointment`;

export const TITLE_LENGTH_MAX = 300;
/** How long before an appointment its member may be reminded, in minutes (28 days), and how often. */
const REMIND_MINUTES_MAX = 40_320;
const REMINDERS_MAX = 5;
const DAYS_MAX = 31;
const DAY_MS = 86_400_000;

const InOrganization = z.object({ organization: z.string() });
const OfAppointment = z.object({ organization: z.string(), appointment: z.uuid() });
const Moment = z.iso.datetime({ offset: true });

export const AppointmentStatus = z.enum(["scheduled", "confirmed", "completed", "cancelled", "no_show"]);
export type AppointmentStatus = z.infer<typeof AppointmentStatus>;

const Appointment = z.object({
  id: z.uuid(),
  title: z.string(),
  description: z.string(),
  customer_id: z.uuid().nullable(),
  assigned_to: z.uuid(),
  start_time: z.string(),
  end_time: z.string(),
  status: AppointmentStatus,
  location: z.string().nullable(),
  meeting_url: z.string().nullable(),
  version: z.int(),
});

/** A time at which somebody is free. */
export const Slot = z.object({ start_time: z.string(), end_time: z.string() });
export type Slot = z.infer<typeof Slot>;

/** What stands in the problem's `current` where the member is busy at a wanted time: the next times that are free, three at most. */
export const FreeSlots = z.object({ free_slots: z.array(Slot) });
export type FreeSlots = z.infer<typeof FreeSlots>;

/** When something is, as far as a shape can tell. */
function isTime({ start_time, end_time }: Slot): boolean {
  const lasting = Date.parse(end_time) - Date.parse(start_time);
  return lasting > 0 && lasting <= DAYS_MAX * DAY_MS;
}
const WRONG_TIME = { path: ["end_time"], message: `It ends after it begins, at most ${DAYS_MAX} days later.` };

export const bookAppointment = endpoint({
  name: "calendar.appointment.book",
  summary: "Make an appointment; where the member is busy then, the next times that are free are told",
  method: "POST",
  path: `${CALENDAR}/appointments`,
  access: "calendar.appointment.write",
  params: InOrganization,
  body: z
    .object({
      title: z.string().trim().min(1).max(TITLE_LENGTH_MAX),
      description: z.string().max(20_000).default(""),
      assigned_to: z.uuid(),
      customer_id: z.uuid().nullish(),
      start_time: Moment,
      end_time: Moment,
      location: z.string().max(500).nullish(),
      meeting_url: z
        .url({ protocol: /^https?$/ })
        .max(2000)
        .nullish(),
      /** When the member is reminded by mail, in minutes before it begins. */
      remind_minutes: z.array(z.int().min(0).max(REMIND_MINUTES_MAX)).max(REMINDERS_MAX).default([60]),
    })
    .refine(isTime, WRONG_TIME),
  answer: Appointment,
  answerStatus: 201,
  example: {
    body: {
      title: "Kick-off",
      assigned_to: ":user",
      start_time: "2026-12-07T09:00:00Z",
      end_time: "2026-12-07T10:00:00Z",
    },
  },
});

export const rescheduleAppointment = endpoint({
  name: "calendar.appointment.reschedule",
  summary: "Move an appointment to another time or member; it is to be confirmed anew, and its reminders move along",
  method: "POST",
  path: `${APPOINTMENT}/reschedule`,
  access: "calendar.appointment.write",
  params: OfAppointment,
  body: z
    .object({
      start_time: Moment,
      end_time: Moment,
      assigned_to: z.uuid().optional(),
      /** The version that the caller has seen: another one is not moved. */
      version: z.int().optional(),
    })
    .refine(isTime, WRONG_TIME),
  answer: Appointment,
  example: { body: { start_time: "2026-12-08T09:00:00Z", end_time: "2026-12-08T10:00:00Z" } },
});

export const setAppointmentStatus = endpoint({
  name: "calendar.appointment.set_status",
  summary: "Confirm an appointment, call it off, take it up again, or say how it went",
  method: "POST",
  path: `${APPOINTMENT}/status`,
  access: "calendar.appointment.write",
  params: OfAppointment,
  body: z.object({ status: AppointmentStatus, version: z.int().optional() }),
  answer: Appointment,
  example: { body: { status: "confirmed" } },
});

export const readFeedState = endpoint({
  name: "calendar.feed.read",
  summary: "Since when one's own feed has the address that it has; null where there is none",
  method: "GET",
  path: `${CALENDAR}/feed`,
  access: "calendar.appointment.read",
  params: InOrganization,
  answer: z.object({ made_at: z.string().nullable() }),
});

export const makeFeed = endpoint({
  name: "calendar.feed.make",
  summary:
    "Get a secret address at which a calendar program reads one's own appointments; an earlier one opens nothing then",
  method: "POST",
  path: `${CALENDAR}/feed`,
  access: "calendar.appointment.read",
  params: InOrganization,
  answer: z.object({ url: z.string() }),
  answersOnce: true,
});

export const removeFeed = endpoint({
  name: "calendar.feed.remove",
  summary: "Take the address of one's own feed back",
  method: "DELETE",
  path: `${CALENDAR}/feed`,
  access: "calendar.appointment.read",
  params: InOrganization,
});

export const readFeed = endpoint({
  name: "calendar.feed.open",
  summary: "The appointments of whose feed it is, as iCalendar",
  versioned: true,
  method: "GET",
  path: "/api/calendar/feeds/:feed",
  access: "anyone",
  params: z.object({ feed: z.string().max(200) }),
  answerMedia: "stream",
  fileTypes: ["text/calendar"],
});
