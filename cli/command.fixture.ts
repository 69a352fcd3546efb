import { type ChildProcessByStdio, type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Login } from "../kernel/database/connection.ts";
import { testServer } from "../test/harness.ts";

export const MAIN = join(import.meta.dirname, "main.ts");

/** What a command of the installation in this test database is told by the environment. */
export function environmentOf(login: Login, dataFolder: string): Record<string, string> {
  const { user, host, port, database } = login;
  const password = encodeURIComponent(login.password);
  return {
    DATABASE_URL: `postgres://${user}:${password}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`,
    TENON_DATA: dataFolder,
    TENON_KEY: testServer.key,
    TENON_ROLES: testServer.prefix,
  };
}

/** Runs a command to its end. */
export function runCommand(args: string[], environment: Record<string, string>): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8", env: { ...process.env, ...environment } });
}

export type Child = ChildProcessByStdio<null, Readable, Readable>;

/** Starts a command. */
export function startCommand(args: string[], environment: Record<string, string>): Child {
  const env = { ...process.env, ...environment };
  return spawn(process.execPath, [MAIN, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
}
