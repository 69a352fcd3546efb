import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const TEMPORARY_NAME = /^\.tenon-[a-z]+-(\d+)-[0-9a-f]{8}$/;

/** A new path in `folder` for something half made, which carries our process id so that others know whose it is. */
export function temporaryPath(folder: string, purpose: string): string {
  return join(folder, `.tenon-${purpose}-${process.pid}-${randomBytes(4).toString("hex")}`);
}

/** Removes what processes that are no more left half made in `folder`. */
export function removeLeftovers(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const pid = Number(TEMPORARY_NAME.exec(name)?.[1]);
    if (pid && !isAlive(pid)) removeQuietly(join(folder, name));
  }
}

/** A killed process's initdb may go on and write there for a moment; what it keeps is removed another time. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {}
}

/** Whether a process with this id exists, whoever's it is. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
