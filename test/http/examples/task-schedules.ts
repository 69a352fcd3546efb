import type { Examples } from "./example.ts";

export const TASK_SCHEDULES: Examples = {
  "tasks.schedule.create": {
    body: { name: "Example", type: "example.work", rule: "0 9 * * 1-5", timezone: "Europe/Berlin" },
  },
  "tasks.schedule.update": { body: { name: "Another name" } },
  "tasks.schedule.preview": { body: { rule: "DTSTART:20260105T090000\nRRULE:FREQ=WEEKLY" } },
};
