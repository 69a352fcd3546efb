import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { OutboundError } from "./errors.ts";
import { beginExchange, failureOf } from "./request.ts";
import { findTarget, hostOf, type Outbound, type Target } from "./target.ts";

type Limits = {
  /** How long nothing may come: not the beginning of the answer, and no next piece of it. */
  idleSeconds: number;
  maxResponseBytes: number;
};

const EMPTY = [204, 205, 304];
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] as const;

/**
 * A `fetch` for packages that ask addresses which customers gave, with answers that come piece by piece. It goes where `sendRequest`
 * goes and nowhere else, follows no redirect, and takes text for a body. What it throws is an `OutboundError`.
 */
export function outboundFetch(outbound: Outbound, { idleSeconds, maxResponseBytes }: Limits): typeof fetch {
  return async (input, init) => {
    const target = await findTarget(outbound, input instanceof Request ? input.url : String(input));
    const watch = watchIdle(target, idleSeconds);
    const signal = init?.signal ? AbortSignal.any([init.signal, watch.signal]) : watch.signal;
    try {
      const incoming = await beginExchange(target, hopOf(target, init), signal);
      const { statusCode: status = 0, headers } = incoming;
      const body = EMPTY.includes(status)
        ? null
        : Readable.toWeb(Readable.from(pieces(incoming, target, watch, maxResponseBytes)));
      return new Response(body as ReadableStream | null, { status, headers: headersOf(headers) });
    } catch (error) {
      watch.end();
      init?.signal?.throwIfAborted();
      throw watch.signal.aborted ? watch.signal.reason : error;
    }
  };
}

function hopOf({ url }: Target, init: RequestInit | undefined) {
  const body = init?.body;
  if (body !== undefined && body !== null && typeof body !== "string") throw new Error("Only text can be sent here.");
  return {
    url: url.href,
    method: METHODS.find((one) => one === (init?.method ?? "GET").toUpperCase()) ?? "GET",
    headers: Object.fromEntries(new Headers(init?.headers)),
    ...(typeof body === "string" && { body }),
  };
}

function headersOf(headers: IncomingMessage["headers"]): Headers {
  return new Headers(
    Object.entries(headers).flatMap(([name, value]) =>
      [value ?? []].flat().map((one): [string, string] => [name, one]),
    ),
  );
}

async function* pieces(
  incoming: IncomingMessage,
  { url }: Target,
  watch: Watch,
  bytesMax: number,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    for await (const piece of incoming as AsyncIterable<Buffer>) {
      watch.seen();
      bytes += piece.length;
      if (bytes > bytesMax)
        throw new OutboundError("too_large", `${hostOf(url)} answered with more than ${bytesMax} bytes.`);
      yield piece;
    }
  } catch (cause) {
    if (watch.signal.aborted) throw watch.signal.reason;
    throw cause instanceof OutboundError ? cause : failureOf(url, cause);
  } finally {
    watch.end();
    incoming.destroy();
  }
}

type Watch = { signal: AbortSignal; seen(): void; end(): void };

function watchIdle({ url }: Target, seconds: number): Watch {
  const controller = new AbortController();
  const message = `${hostOf(url)} said nothing for ${seconds} seconds.`;
  const timer = setTimeout(() => controller.abort(new OutboundError("timed_out", message)), seconds * 1_000);
  return { signal: controller.signal, seen: () => timer.refresh(), end: () => clearTimeout(timer) };
}
