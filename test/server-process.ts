import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { atEnd } from "./harness.ts";

const ROOT = join(import.meta.dirname, "..");

/** A server in a process of its own, as `npm start` runs it. `lines` is what it has said so far. */
export type ServerProcess = { child: ChildProcess; address: string; lines: string[] };

/** A data folder of its own, and servers started on it; at the file's end they are stopped and the folder is removed. */
export type ServerFolder = {
  path: string;
  /** Starts a server and resolves once it is ready. */
  start(): Promise<ServerProcess>;
  stop(server: ServerProcess, signal: NodeJS.Signals): Promise<void>;
  postmasterPid(): Promise<number>;
  /** Whether PostgreSQL has not yet shut down whole: it removes its file then. */
  databaseRuns(): boolean;
};

export async function createServerFolder(): Promise<ServerFolder> {
  const path = await mkdtemp(join(tmpdir(), "tenon-server-"));
  // As root, PostgreSQL runs under another user, who must be able to reach it.
  await chmod(path, 0o755);
  const running = new Set<ServerProcess>();
  const stop = async (server: ServerProcess, signal: NodeJS.Signals) => {
    running.delete(server);
    if (server.child.exitCode !== null || server.child.signalCode !== null) return;
    server.child.kill(signal);
    await once(server.child, "exit");
  };
  atEnd(async () => {
    for (const server of running) await stop(server, "SIGTERM");
    await rm(path, { recursive: true, force: true });
  });
  const postmasterFile = join(path, "postgres", "postmaster.pid");
  return {
    path,
    start: async () => {
      const server = await startServer(path);
      running.add(server);
      return server;
    },
    stop,
    postmasterPid: async () => Number((await readFile(postmasterFile, "utf8")).split("\n")[0]),
    databaseRuns: () => existsSync(postmasterFile),
  };
}

async function startServer(folder: string): Promise<ServerProcess> {
  const { DATABASE_URL: _, ...environment } = process.env;
  const child = spawn(process.execPath, ["cli/main.ts", "start"], {
    cwd: ROOT,
    env: { ...environment, TENON_DATA: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  return new Promise((resolve, reject) => {
    child.once("exit", () => reject(new Error(`The server ended before it was ready:\n${lines.join("\n")}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line);
      const address = /ready: (\S+)/.exec(line)?.[1];
      if (address) resolve({ child, address, lines });
    });
  });
}
