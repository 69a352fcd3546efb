import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply } from "fastify";
import { Problem } from "../errors.ts";
import type { EventStream, ServerEvent } from "./route.ts";

/** Most listeners of one process: each looks again and again. */
const LISTENERS_MAX = 2_000;
const RETRY_AFTER_SECONDS = 10;

/** Those who listen to events on a server. */
export type Listeners = {
  /** Aborted when the server closes: what would go on for hours ends then. */
  closing: AbortSignal;
  /** Takes a place for one listener, until the answer is over. Throws too_busy when there is none. */
  admit(reply: FastifyReply): void;
};

export function openListeners(server: FastifyInstance): Listeners {
  const controller = new AbortController();
  let count = 0;
  server.addHook("preClose", async () => controller.abort());
  return {
    closing: controller.signal,
    admit: (reply) => {
      if (count >= LISTENERS_MAX) {
        const detail = "Too many listen to events at present.";
        const hint = "Ask for the thing itself now and then instead.";
        throw new Problem("too_busy", { detail, hint, retryAfterSeconds: RETRY_AFTER_SECONDS });
      }
      count += 1;
      reply.raw.once("close", () => {
        count -= 1;
      });
    },
  };
}

/** Sends events as browsers' EventSource reads them (WHATWG HTML, "Server-sent events"). */
export function sendEvents(reply: FastifyReply, { events }: EventStream): FastifyReply {
  return sendPieces(reply.type("text/event-stream; charset=utf-8").header("x-accel-buffering", "no"), textsOf(events));
}

/** Sends what comes piece by piece. To HEAD it is not even begun: some of it never ends. */
export function sendPieces(reply: FastifyReply, pieces: Readable | AsyncIterable<string | Buffer>): FastifyReply {
  if (reply.request.method !== "HEAD") return reply.send(pieces instanceof Readable ? pieces : Readable.from(pieces));
  if (pieces instanceof Readable) pieces.destroy();
  return reply.send(Readable.from([]));
}

async function* textsOf(events: AsyncIterable<ServerEvent>): AsyncGenerator<string> {
  for await (const event of events) yield textOf(event);
}

function textOf(event: ServerEvent): string {
  if (event === "heartbeat") return ":\n\n";
  const id = event.id === undefined ? "" : `id: ${event.id}\n`;
  return "event" in event ? `${id}event: ${event.event}\ndata: ${event.json}\n\n` : `${id}\n`;
}
