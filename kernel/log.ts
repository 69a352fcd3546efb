import { hostname } from "node:os";
import type { WorkLog } from "./work.ts";

const ERROR_LEVEL = 50;
const LEVELS_WITHOUT_ERRORS = ["fatal", "silent"];

/** The log of a process without a web server, in the web server's form: lines of JSON on standard output, errors alone. */
export function openLog(level: string): WorkLog {
  if (LEVELS_WITHOUT_ERRORS.includes(level)) return { error: () => undefined };
  return {
    error: ({ err, ...entry }, message) => {
      const place = { level: ERROR_LEVEL, time: Date.now(), pid: process.pid, hostname: hostname() };
      const error = err instanceof Error ? describeError(err) : { message: String(err) };
      console.log(JSON.stringify({ ...place, ...entry, err: error, msg: message }));
    },
  };
}

/** An error as the log keeps it: where it arose and what PostgreSQL calls it, but no values of rows. */
export function describeError(error: Error & { code?: string }) {
  return { type: error.name, code: error.code, message: error.message, stack: error.stack ?? "" };
}
