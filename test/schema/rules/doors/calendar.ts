import { type Doors, TOKEN } from "./doors.ts";

const BOOK =
  "Checks calendar.appointment.write once more, and looks at nobody's time but that of members of the organization entered.";
const FEED =
  "Checks that who entered may see appointments, and then reads or changes the address of their own feed alone.";

export const CALENDAR_DOORS: Doors = {
  "calendar.book(jsonb,integer[]) to tenon_member": BOOK,
  "calendar.reschedule(uuid,timestamp with time zone,timestamp with time zone,uuid,bigint) to tenon_member": BOOK,
  "calendar.set_status(uuid,text,bigint) to tenon_member": BOOK,
  "calendar.next_reminder_seconds() to tenon_dispatcher":
    "Tells when the next reminder of all is due, and nothing about it.",
  "calendar.read_feed(uuid,uuid,text,text) to tenon_public": TOKEN,
  "calendar.send_due_reminders(integer) to tenon_dispatcher":
    "Queues mails about what is due, across organizations, by ids that it finds itself; it answers a count.",
  ...Object.fromEntries(
    ["read_own_feed()", "make_feed(bytea)", "remove_feed()"].flatMap((name) =>
      ["member", "client"].map((role) => [`calendar.${name} to tenon_${role}`, FEED]),
    ),
  ),
};
