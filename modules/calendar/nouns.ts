import { type Noun, noun } from "../../kernel/nouns/noun.ts";

/** What the API shows of this module's tables. */
export const nouns: readonly Noun[] = [
  noun({
    table: "calendar.appointments",
    name: "calendar.appointment",
    read: "calendar.appointment.read",
    write: "calendar.appointment.write",
    writable: [
      "title",
      "description",
      "customer_id",
      "assigned_to",
      "start_time",
      "end_time",
      "location",
      "meeting_url",
      "recurrence",
    ],
    example: { start_time: "2026-11-30T09:00:00Z", end_time: "2026-11-30T10:00:00Z" },
  }),
  noun({
    table: "calendar.reminders",
    name: "calendar.reminder",
    read: "calendar.appointment.read",
    write: "calendar.appointment.write",
    creatable: ["appointment_id"],
    writable: ["channel", "recipient", "minutes_before"],
  }),
];
