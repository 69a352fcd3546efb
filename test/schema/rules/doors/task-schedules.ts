import type { Doors } from "./doors.ts";

const CHANGE = "Checks tasks.task.write once more, and then changes a table that members may only read.";
const ADVANCE =
  "Sees when schedules come next, and no more of them, across organizations; makes the tasks that they ask for.";

export const TASK_SCHEDULES_DOORS: Doors = {
  "tasks.advance_schedule(uuid,uuid,bigint,timestamp with time zone[],timestamp with time zone,jsonb) to tenon_dispatcher":
    ADVANCE,
  "tasks.change_schedule(uuid,jsonb,timestamp with time zone,text,text) to tenon_member": CHANGE,
  "tasks.create_schedule(text,text,jsonb,text,text,text,timestamp with time zone) to tenon_member": CHANGE,
  "tasks.delete_schedule(uuid) to tenon_member": CHANGE,
  "tasks.due_schedules(integer) to tenon_dispatcher": ADVANCE,
  "tasks.next_schedule_seconds() to tenon_dispatcher": "Tells only a number of seconds.",
  "tasks.note_schedule_failure(uuid,uuid,bigint,text) to tenon_dispatcher": ADVANCE,
  "tasks.pause_schedule(uuid) to tenon_member": CHANGE,
  "tasks.resume_schedule(uuid,timestamp with time zone,text,text) to tenon_member": CHANGE,
};
