import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { atEnd } from "../../test/harness.ts";

/** How many callers ask at once. */
export const CALLERS = 16;

/** A server in a process of its own: where it listens, and the CPU seconds that it has used. */
export type Measured = { address: string; cpuSeconds(): Promise<number> };

/** Starts `bench/reads/<name>.ts`, and ends it when the bench is over. */
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

/**
 * A client on plain sockets, each answering one caller at a time: Node's own would take as much of the processors as the server
 * that is measured. Resolves with the milliseconds that a call took.
 */
export async function openClient(address: string, path: string, token: string): Promise<() => Promise<number>> {
  const { hostname, port } = new URL(address);
  const call = `GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${token}\r\n\r\n`;
  const idle = await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      const socket = connect(Number(port), hostname).setNoDelay();
      await once(socket, "connect");
      atEnd(async () => socket.destroy());
      return socket;
    }),
  );
  return async () => {
    const socket = idle.pop() ?? assert.fail("more callers than sockets");
    const started = performance.now();
    socket.write(call);
    await readAnswer(socket);
    idle.push(socket);
    return performance.now() - started;
  };
}

function readAnswer(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = 0;
    let expected = Number.POSITIVE_INFINITY;
    const onData = (data: Buffer) => {
      if (received === 0) expected = answerBytes(data);
      received += data.length;
      if (received < expected) return;
      socket.off("data", onData);
      if (received === expected) resolve();
      else reject(new Error("The server answered something else."));
    };
    socket.on("data", onData);
  });
}

/** How long an answer is, by its head, which arrives in one piece; not a number unless it is a 200. */
function answerBytes(data: Buffer): number {
  const head = data.toString("latin1", 0, data.indexOf("\r\n\r\n") + 4);
  const length = /^HTTP\/1\.1 200 [\s\S]*content-length: (\d+)/i.exec(head)?.[1];
  return length === undefined ? Number.NaN : head.length + Number(length);
}
