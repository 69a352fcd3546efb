import { type Noun, noun } from "../../kernel/nouns/noun.ts";

// When it is and whose time it takes is said by verbs: they tell what is free where it is taken.
export const appointment = noun({
  table: "calendar.appointments",
  name: "calendar.appointment",
  read: "calendar.appointment.read",
  write: "calendar.appointment.write",
  writable: ["title", "description", "customer_id", "location", "meeting_url", "recurrence"],
  byVerb: ["create"],
});

/** What the API shows of this module's tables. */
export const nouns: readonly Noun[] = [
  appointment,
  noun({
    table: "calendar.reminders",
    name: "calendar.reminder",
    read: "calendar.appointment.read",
    write: "calendar.appointment.write",
    creatable: ["appointment_id"],
    writable: ["recipient", "minutes_before"],
  }),
];
