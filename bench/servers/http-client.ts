import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { atEnd } from "../../test/harness.ts";

/** Sends a request and resolves with the milliseconds until its answer, which must be of the 2xx. */
export type Send = (method: string, path: string, body?: object) => Promise<number>;

/**
 * A client on plain sockets, each answering one caller at a time: Node's own would take as much of the processors as the server
 * that is measured.
 */
export async function openClient(address: string, token: string, callers: number): Promise<Send> {
  const { hostname, port } = new URL(address);
  const idle = await Promise.all(
    Array.from({ length: callers }, async () => {
      const socket = connect(Number(port), hostname).setNoDelay();
      await once(socket, "connect");
      atEnd(async () => socket.destroy());
      return socket;
    }),
  );
  return async (method, path, body) => {
    const socket = idle.pop() ?? assert.fail("more callers than sockets");
    const text = body ? JSON.stringify(body) : "";
    const content = body ? `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n` : "";
    const started = performance.now();
    socket.write(
      `${method} ${path} HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${token}\r\n${content}\r\n${text}`,
    );
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
      else reject(new Error(`The server answered something else: ${data.toString("latin1", 0, 500)}`));
    };
    socket.on("data", onData);
  });
}

/** How long an answer is, by its head, which arrives in one piece; not a number unless it is of the 2xx. */
function answerBytes(data: Buffer): number {
  const head = data.toString("latin1", 0, data.indexOf("\r\n\r\n") + 4);
  const length = /^HTTP\/1\.1 2\d\d [\s\S]*content-length: (\d+)/i.exec(head)?.[1];
  return length === undefined ? Number.NaN : head.length + Number(length);
}
