/** What a check found: `good`, `bad` (Tenon will not run) or `doubtful` (it runs, but somebody should look). */
export type Finding = {
  state: "good" | "doubtful" | "bad";
  /** What was looked at, in a word or two. */
  subject: string;
  /** What was found, and what to do unless it is good. */
  detail: string;
};

const SIGNS = { good: "ok   ", doubtful: "check", bad: "BAD  " };
const SUBJECT_WIDTH = 12;

/** A finding as one line for the screen. */
export function formatFinding({ state, subject, detail }: Finding): string {
  return `${SIGNS[state]}  ${subject.padEnd(SUBJECT_WIDTH)}  ${detail}`;
}
