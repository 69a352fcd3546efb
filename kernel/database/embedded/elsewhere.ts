import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { codeOf } from "./failure.ts";
import { isAlive } from "./temporary.ts";

const HOMES = "/var/lib/tenon";
// In each home, a link back to the data folder whose database it holds.
const OWNER = "data-folder";
const TEMPORARY_FOLDERS = ["/tmp", tmpdir()];

/**
 * Makes a home for the database outside of the data folder and a link to it at `entry`; returns the cluster's path. The link decides:
 * of two processes that start at once, the one that comes second follows the first one's.
 */
export function moveElsewhere(
  entry: string,
  reason: string,
  report: (line: string) => void,
  homes: string = HOMES,
): string {
  mkdirSync(homes, { recursive: true });
  chmodSync(homes, 0o755);
  removeAbandoned(homes);
  const folder = dirname(entry);
  const base = mkdtempSync(join(homes, `${hashPath(folder)}-`));
  chmodSync(base, 0o755);
  symlinkSync(folder, join(base, OWNER));
  try {
    symlinkSync(join(base, "postgres"), entry);
  } catch (error) {
    rmSync(base, { recursive: true });
    if (codeOf(error) === "EEXIST") return followLink(entry);
    throw error;
  }
  report(`PostgreSQL does not run as root, and ${reason}: the database is kept in ${base}.`);
  return join(base, "postgres");
}

/** A link to nothing is a disk that is not mounted, unless it leads to a home of ours whose cluster is still to be made. */
export function followLink(entry: string): string {
  const cluster = resolve(dirname(entry), readlinkSync(entry));
  if (existsSync(cluster)) return realpathSync(cluster);
  if (readLink(join(dirname(cluster), OWNER))) return cluster;
  throw new Error(
    `${entry} points to ${cluster}, which is not there. Bring it back (is its disk mounted?), ` +
      `or begin with an empty database: rm ${entry}`,
  );
}

/** Removes the homes of data folders that were temporary and are gone. Others may only be on a disk that is not mounted. */
function removeAbandoned(homes: string): void {
  for (const name of readdirSync(homes)) {
    const base = join(homes, name);
    if (isAbandoned(base) && !isRunning(base)) rmSync(base, { recursive: true, force: true });
  }
}

function isAbandoned(base: string): boolean {
  const owner = readLink(join(base, OWNER));
  if (!owner || existsSync(owner)) return false;
  return TEMPORARY_FOLDERS.some((folder) => owner.startsWith(`${folder}/`));
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function isRunning(base: string): boolean {
  const lock = join(base, "postgres", "postmaster.pid");
  return existsSync(lock) && isAlive(Number.parseInt(readFileSync(lock, "utf8"), 10) || 0);
}

/** A short name for a path, the same in every process. */
export function hashPath(path: string): string {
  return createHash("sha256").update(path).digest("hex").slice(0, 16);
}
