import type { TaskStatus as Status } from "../../lib/task-queries.ts";
import classes from "./Tasks.module.css";

/** The word for each status, and its sign: lines in a square of 16. */
const LOOKS: Record<Status, { word: string; sign: string }> = {
  pending: { word: "Pending", sign: "M5 8h.01M8 8h.01M11 8h.01" },
  queued: { word: "In line", sign: "M4.5 5.5h7M4.5 8h7M4.5 10.5h4" },
  processing: { word: "Running", sign: "M6.5 5l4.5 3-4.5 3z" },
  waiting: { word: "Waiting", sign: "M8 4.5V8l2.5 1.5" },
  completed: { word: "Completed", sign: "M5 8.2l2.2 2.3L11 5.8" },
  failed: { word: "Failed", sign: "M5.5 5.5l5 5M10.5 5.5l-5 5" },
  cancelled: { word: "Cancelled", sign: "M4.5 11.5l7-7" },
  escalated: { word: "Handed up", sign: "M8 11.5v-7M5 7.5l3-3 3 3" },
};

export const STATUSES = Object.keys(LOOKS) as Status[];

export function wordOf(status: Status): string {
  return LOOKS[status].word;
}

/** How a task is, as a word in its colour with a sign. */
export function TaskStatus({ status }: { status: Status }) {
  const { word, sign } = LOOKS[status];
  return (
    <span className={classes.status} data-status={status}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <circle cx="8" cy="8" r="7" />
        <path d={sign} />
      </svg>
      {word}
    </span>
  );
}
