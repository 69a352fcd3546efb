import type { AppointmentStatus } from "../../../modules/calendar/contract.ts";

const WORDS: Record<AppointmentStatus, string> = {
  scheduled: "Not confirmed yet",
  confirmed: "Confirmed",
  completed: "Took place",
  cancelled: "Called off",
  no_show: "Nobody came",
};

/** The words for how an appointment stands. */
export function appointmentWord(status: string): string {
  return WORDS[status as AppointmentStatus] ?? status;
}
