import { closeSync, copyFileSync, existsSync, fstatSync, openSync, readSync, statSync, truncateSync } from "node:fs";

export const LOG_BYTES_MAX = 10 * 1024 * 1024;
const TAIL_BYTES_MAX = 64 * 1024;

/** Opens PostgreSQL's log for appending; `start` is where its next line will stand. The caller closes the handle. */
export function openLog(file: string): { handle: number; start: number } {
  boundLog(file);
  const handle = openSync(file, "a", 0o600);
  return { handle, start: fstatSync(handle).size };
}

/** Moves a log that is too long to `<file>.1`. It is emptied in place, because a running PostgreSQL keeps appending to it. */
export function boundLog(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= LOG_BYTES_MAX) return;
  try {
    copyFileSync(file, `${file}.1`);
  } catch {
    // On a full disk the room matters more than the old lines.
  }
  truncateSync(file, 0);
}

/** The lines of the log that stand behind `start` (a position in bytes); the last of them when they are many. */
export function tailLog(file: string, start: number): string[] {
  if (!existsSync(file)) return [];
  const handle = openSync(file, "r");
  try {
    const { size } = fstatSync(handle);
    const from = Math.max(start <= size ? start : 0, size - TAIL_BYTES_MAX);
    const buffer = Buffer.alloc(size - from);
    const length = readSync(handle, buffer, 0, buffer.length, from);
    const lines = buffer.toString("utf8", 0, length).split("\n");
    return lines.filter((line) => line !== "");
  } finally {
    closeSync(handle);
  }
}
