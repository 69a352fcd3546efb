import { execFileSync, spawn } from "node:child_process";
import { closeSync, linkSync, readFileSync, realpathSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, isAbsolute, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf } from "./failure.ts";
import { type Home, PORT } from "./home.ts";
import { openLog } from "./log.ts";
import { programOptions } from "./program.ts";
import { isAlive, temporaryPath } from "./temporary.ts";

/** PostgreSQL's parent process, as we started it. */
export type Postmaster = {
  pid: number | undefined;
  exited: boolean;
  /** Why it could not be started at all. */
  failure: Error | undefined;
  /** Where in the log its first line stands, in bytes. */
  logStart: number;
};

const STOP_TIMEOUT_MS = 60_000;
const LOCK_WRITE_MS = 5_000;
const POLL_MS = 20;

/** Starts PostgreSQL in a process group of its own, which Ctrl-C in our terminal does not reach. It outlives us. */
export function startPostmaster(home: Home, bin: string, settings: Record<string, string>): Postmaster {
  const { handle, start } = openLog(home.log);
  try {
    const child = spawn(join(bin, "postgres"), ["-D", home.cluster, ...settingArguments(home, settings)], {
      ...programOptions(home.account),
      detached: true,
      stdio: ["ignore", handle, handle],
    });
    child.unref();
    const postmaster: Postmaster = { pid: child.pid, exited: false, failure: undefined, logStart: start };
    child.once("exit", () => Object.assign(postmaster, { exited: true }));
    child.once("error", (failure) => Object.assign(postmaster, { exited: true, failure }));
    return postmaster;
  } finally {
    closeSync(handle);
  }
}

function settingArguments(home: Home, settings: Record<string, string>): string[] {
  const all = {
    listen_addresses: "",
    unix_socket_directories: `"${home.socket.replaceAll('"', '""')}"`,
    unix_socket_permissions: "0700",
    port: String(PORT),
    password_encryption: "scram-sha-256",
    log_destination: "stderr",
    logging_collector: "off",
    log_line_prefix: "%m [%p] %q%u@%d ",
    ...settings,
  };
  return Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** The process id in the cluster's lock file; undefined when there is none. */
export function readPid(home: Home): number | undefined {
  return readLock(join(home.cluster, "postmaster.pid"));
}

function readLock(file: string): number | undefined {
  try {
    return Math.abs(Number.parseInt(readFileSync(file, "utf8"), 10)) || undefined;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Removes lock files over which PostgreSQL would refuse to start although nobody holds them: their process id now belongs to
 * another program, or they are empty because who made them was killed.
 */
export function removeStaleLocks(home: Home, report: (line: string) => void): void {
  for (const file of [join(home.cluster, "postmaster.pid"), join(home.socket, `.s.PGSQL.${PORT}.lock`)]) {
    const pid = readLock(file);
    const isStale = pid === undefined ? isAbandoned(file) : isAlive(pid) && runs(pid, home) === "another program";
    if (!isStale) continue;
    report(
      `${file} names ${pid === undefined ? "no process" : `process ${pid}, which is another program by now`}: it is removed.`,
    );
    removeLock(file, pid, home.base);
  }
}

/** Whether a lock file without a process id is older than the moment in which PostgreSQL writes it. */
function isAbandoned(file: string): boolean {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs > LOCK_WRITE_MS;
}

/** Taken aside first: should another process have started PostgreSQL since we read it, its new lock file is put back. */
function removeLock(file: string, pid: number | undefined, base: string): void {
  const aside = temporaryPath(base, "lock");
  try {
    renameSync(file, aside);
    if (readLock(aside) !== pid) linkSync(aside, file);
  } catch (error) {
    if (!/^(ENOENT|EEXIST)$/.test(codeOf(error))) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Tells what the process is; a postgres that was started by hand with a relative path may be this cluster's. */
function runs(pid: number, home: Home): "this cluster" | "maybe this cluster" | "another program" {
  const [program = "", ...args] = readCommand(pid, home.cluster);
  if (basename(program) !== "postgres") return "another program";
  const folder = args[args.indexOf("-D") + 1] ?? "";
  if (!isAbsolute(folder)) return "maybe this cluster";
  return realPath(folder) === home.cluster ? "this cluster" : "another program";
}

/** The process's command line; empty when it is gone. */
function readCommand(pid: number, cluster: string): string[] {
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    const line = execFileSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" });
    // Without the NULs of Linux, a space in the cluster's path would part it.
    return line.includes(` -D ${cluster} `) ? ["postgres", "-D", cluster] : line.trim().split(" ");
  } catch {
    return [];
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/**
 * Asks the running PostgreSQL to end: its sessions are broken off, its data is written. Returns when it is gone, or at once when
 * it runs out of our sight (in another container). Throws when it takes longer than `STOP_TIMEOUT_MS`.
 */
export async function stopPostmaster(home: Home, pid = readPid(home)): Promise<void> {
  if (pid === undefined || !isAlive(pid) || runs(pid, home) === "another program") return;
  process.kill(pid, "SIGINT");
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  while (!hasEnded(pid, home)) {
    if (performance.now() > deadline) {
      throw new Error(
        `PostgreSQL (process ${pid}) was told to stop and has not within ${STOP_TIMEOUT_MS / 1000} s. It says why in ${home.log}.`,
      );
    }
    await sleep(POLL_MS);
  }
}

/** An ending process loses its command line before it closes its files: only a zombie has done both. */
function hasEnded(pid: number, home: Home): boolean {
  if (!isAlive(pid) || isZombie(pid)) return true;
  return readCommand(pid, home.cluster).join("") !== "" && runs(pid, home) === "another program";
}

function isZombie(pid: number): boolean {
  try {
    return process.platform === "linux" && / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/.*\)/, ""));
  } catch {
    return true;
  }
}
