import { statfsSync } from "node:fs";
import { userName } from "./account.ts";

// Of a folder that may not be written, or is none.
const UNUSABLE = /^(EACCES|EPERM|EROFS|ENOENT|EEXIST|ENOTDIR|ELOOP)$/;
const LINES_QUOTED_MAX = 10;
const FREE_BYTES_MIN = 1024 * 1024;

/** The error's code, of the operating system (`ENOENT`) or of PostgreSQL (`57P03`). */
export function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | undefined)?.code ?? "");
}

/** Turns an operating system's error into one that says what to do; every other error is returned as it is. */
export function explainFailure(error: unknown, folder: string): Error {
  const failure = error instanceof Error ? error : new Error(String(error));
  const system = failure as NodeJS.ErrnoException;
  if (system.syscall?.startsWith("spawn")) return new Error(cannotRun(system), { cause: failure });
  if (isDiskFull(codeOf(failure), folder)) return new Error(diskFull(folder, failure.message), { cause: failure });
  if (UNUSABLE.test(codeOf(failure))) {
    return new Error(cannotWrite(folder, failure.message), { cause: failure });
  }
  return failure;
}

/** Says that a program of PostgreSQL failed, with its last lines; a full disk, which may have kept it silent, is named. */
export function explainLines(what: string, folder: string, lines: string[]): Error {
  const quoted = lines.length > 0 ? `\n  ${lines.slice(-LINES_QUOTED_MAX).join("\n  ")}` : " It left no message.";
  const full = lines.some((line) => line.includes("No space left on device")) || isFull(folder);
  return new Error(full ? diskFull(folder, `${what}${quoted}`) : `${what}${quoted}`);
}

/** Copying a folder onto a full disk fails with EIO. */
function isDiskFull(code: string, folder: string): boolean {
  return code === "ENOSPC" || code === "EDQUOT" || (code === "EIO" && isFull(folder));
}

function isFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < FREE_BYTES_MIN;
}

function diskFull(folder: string, reason: string): string {
  return `The disk that holds ${folder} is full. Free some space there and try again. ${reason}`;
}

function cannotWrite(folder: string, reason: string): string {
  const user = userName(process.geteuid?.() ?? 0);
  return (
    `Tenon runs as the user ${user}, who cannot use the data folder ${folder} (${reason}). ` +
    `Make it a folder that belongs to ${user} with all that is in it, or set TENON_DATA to another one.`
  );
}

function cannotRun(failure: NodeJS.ErrnoException): string {
  return (
    `The PostgreSQL that Tenon brings cannot run on this system (${failure.message}): it needs glibc, a folder from which ` +
    "programs may run and, as root, another user. Set DATABASE_URL to a PostgreSQL server of your own instead."
  );
}
