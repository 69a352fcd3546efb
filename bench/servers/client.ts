import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { atEnd } from "../../test/harness.ts";
import { openClient } from "./http-client.ts";

/** How many callers ask at once. */
export const CALLERS = 16;

/** A server in a process of its own: where it listens, and the CPU seconds that it has used. */
export type Measured = { address: string; cpuSeconds(): Promise<number> };

/** Starts `bench/servers/<name>.ts`, and ends it when the bench is over. */
export async function startServer(name: string): Promise<Measured> {
  const server = fork(join(import.meta.dirname, `${name}.ts`));
  atEnd(async () => server.disconnect());
  const [{ address }] = (await once(server, "message")) as [{ address: string }];
  return { address, cpuSeconds: () => cpuSeconds(server) };
}

async function cpuSeconds(server: ChildProcess): Promise<number> {
  server.send("cpu");
  const [{ cpu }] = (await once(server, "message")) as [{ cpu: NodeJS.CpuUsage }];
  return (cpu.user + cpu.system) / 1e6;
}

/** Callers that ask for one address; resolves with the milliseconds that a call took. */
export async function openReader(address: string, path: string, token: string): Promise<() => Promise<number>> {
  const send = await openClient(address, token, CALLERS);
  return () => send("GET", path);
}
