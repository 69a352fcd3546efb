import type { Customer } from "./crm.ts";
import type { Row, Scene } from "./scene.ts";
import { APPOINTMENTS } from "./words/calendar.ts";

const WEEKS_BACK = 6;
const WEEKS_AHEAD = 4;
const HALF_HOUR = 0.5;
const REMIND_MINUTES = [1440, 60] as const;

type Appointment = Row & { id: string; status: string; start_time: Date };

/** Makes appointments: those that are over, this week's, one that comes again every week, and their reminders. */
export async function makeAppointments(scene: Scene, customers: Customer[]): Promise<void> {
  const past = Array.from({ length: 14 }, (_, index) => appointment(scene, customers, -40 + index * 2, index));
  const week = Array.from({ length: 5 }, (_, index) => appointment(scene, customers, index, index));
  const called_off = { ...appointment(scene, customers, 2, 3), status: "cancelled" };
  const all = [...past, ...week, called_off, ...weekly(scene)];
  await scene.insert("calendar.appointments", all);
  await scene.insert(
    "calendar.reminders",
    all.flatMap((made) => remindersOf(scene, made)),
  );
}

function appointment(
  { id, clock, chance, people }: Scene,
  customers: Customer[],
  day: number,
  index: number,
): Appointment {
  const hour = 10 + (index % 4) * 1.5;
  const created_at = clock.on(Math.min(day - 7, -1));
  const words = APPOINTMENTS[index % APPOINTMENTS.length];
  const over = index % 7 === 3 ? "no_show" : index % 7 === 5 ? "cancelled" : "completed";
  return {
    id: id(created_at),
    title: words?.title,
    customer_id: customers[index % customers.length]?.id,
    assigned_to: chance.happens(0.5) ? people.member : people.admin,
    created_by: people.member,
    start_time: clock.on(day, hour),
    end_time: clock.on(day, hour + 1),
    status: day < 0 ? over : chance.pick(["scheduled", "confirmed"]),
    location: words?.location,
    meeting_url: words?.meeting_url,
    recurrence: undefined,
    series_id: undefined,
    created_at,
  };
}

/** The team meets once a week, early: the first of the series carries the rule. */
function weekly({ id, clock, people }: Scene): Appointment[] {
  const created_at = clock.on(-7 * WEEKS_BACK - 7);
  const first = id(created_at);
  return Array.from({ length: WEEKS_BACK + 1 + WEEKS_AHEAD }, (_, index) => {
    const day = 7 * (index - WEEKS_BACK) + 1;
    return {
      id: index === 0 ? first : id(created_at),
      title: "Plan the week",
      customer_id: undefined,
      assigned_to: people.admin,
      created_by: people.admin,
      start_time: clock.on(day, 8),
      end_time: clock.on(day, 8 + HALF_HOUR),
      status: day < 0 ? "completed" : "scheduled",
      location: "Workshop",
      meeting_url: undefined,
      recurrence: index === 0 ? "FREQ=WEEKLY" : undefined,
      series_id: index === 0 ? undefined : first,
      created_at,
    };
  });
}

function remindersOf(
  { id, clock }: Scene,
  { id: appointment_id, customer_id, status, start_time }: Appointment,
): Row[] {
  return REMIND_MINUTES.map((minutes_before) => {
    const due = new Date(start_time.getTime() - minutes_before * 60_000);
    const isSent = due < clock.now && status !== "cancelled";
    const recipient = minutes_before > 60 && customer_id ? "customer" : "member";
    const waiting = status === "cancelled" ? "cancelled" : "pending";
    return {
      id: id(),
      appointment_id,
      minutes_before,
      recipient,
      status: isSent ? "sent" : waiting,
      sent_at: isSent ? due : undefined,
    };
  });
}
