import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";

const REST_BYTES_MAX = 4 * 1024 * 1024;
const REST_MS = 5_000;

/**
 * Reads on, for a while, what is still sent to a request that was answered before its end: who is cut off while sending may
 * never see the answer (RFC 9112 §9.6), and a connection that nobody reads from would stay open.
 */
export function registerUnreadBodies(server: FastifyInstance): void {
  server.addHook("onResponse", async ({ raw }) => {
    if (raw.complete === false) readRest(raw);
  });
}

function readRest(request: IncomingMessage): void {
  let rest = REST_BYTES_MAX;
  const cutOff = () => request.socket.destroy();
  const timer = setTimeout(cutOff, REST_MS).unref();
  request.once("close", () => clearTimeout(timer));
  request.on("data", (piece: Buffer) => {
    rest -= piece.length;
    if (rest < 0) cutOff();
  });
}
