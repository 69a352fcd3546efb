import http from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import { OutboundError } from "./errors.ts";
import { findTarget, hostOf, type Outbound, type Target } from "./target.ts";

export type OutboundRequest = {
  url: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD";
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
  /** For all of it: names, connections, redirects and the whole answer. */
  timeoutSeconds: number;
  maxResponseBytes: number;
  /** How many redirects are followed, 0 to 3; without it none is, and the answer is the redirect. */
  redirects?: number;
  /** When it is aborted, the request is, and rejects with its reason. */
  signal?: AbortSignal;
};

/** The body is as it came: nothing is unpacked. */
export type OutboundResponse = { status: number; headers: http.IncomingHttpHeaders; body: Buffer; url: string };

const REDIRECTS_MAX = 3;

const REDIRECTING = [301, 302, 303, 307, 308];
/** Headers that prove something to the host that they were meant for, and stay there. */
const OF_ONE_HOST =
  /^(authorization|cookie|proxy-authorization|webhook-.*|.*signature.*|.*(api-?key|token|secret).*)$/i;
const OF_THE_BODY = /^content-/i;
/** Happy eyeballs gives the first of several addresses so long. */
const ATTEMPT_MS = 1_000;

type Hop = Pick<OutboundRequest, "url" | "method" | "headers" | "body">;

/**
 * Sends a request to an address that a customer gave. It goes to the public Internet, or where the operator allows, and
 * nowhere else: names are looked up once, every address is checked, and the connection is made to those checked addresses.
 * Throws an `OutboundError` whose code and message say what went wrong.
 */
export async function sendRequest(outbound: Outbound, request: OutboundRequest): Promise<OutboundResponse> {
  const deadline = AbortSignal.timeout(request.timeoutSeconds * 1000);
  const signal = request.signal ? AbortSignal.any([deadline, request.signal]) : deadline;
  try {
    return await follow(outbound, request, signal);
  } catch (error) {
    request.signal?.throwIfAborted();
    if (!deadline.aborted || (error instanceof OutboundError && error.code !== "connection_failed")) throw error;
    const host = URL.canParse(request.url) ? hostOf(new URL(request.url)) : request.url;
    throw new OutboundError(
      "timed_out",
      `${host} did not answer in full within ${request.timeoutSeconds} seconds. Let it answer sooner, or raise the time limit.`,
      { cause: error },
    );
  }
}

async function follow(outbound: Outbound, request: OutboundRequest, signal: AbortSignal): Promise<OutboundResponse> {
  const redirectsMax = Math.min(request.redirects ?? 0, REDIRECTS_MAX);
  let hop: Hop = request;
  for (let redirects = 0; ; redirects++) {
    const target = await unlessAborted(findTarget(outbound, hop.url), signal);
    const response = await exchange(target, hop, request.maxResponseBytes, signal);
    const next = redirectsMax > 0 ? nextHop(hop, target.url, response) : undefined;
    if (!next) return response;
    if (redirects === redirectsMax) {
      throw new OutboundError(
        "too_many_redirects",
        `${hostOf(target.url)} redirects more than ${redirectsMax} times. Give the address at which it ends.`,
      );
    }
    hop = next;
  }
}

/** A look-up cannot be taken back, but nobody needs to wait for it. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function nextHop(hop: Hop, from: URL, { status, headers }: OutboundResponse): Hop | undefined {
  if (!REDIRECTING.includes(status) || headers.location === undefined) return undefined;
  if (!URL.canParse(headers.location, from.href))
    throw new OutboundError(
      "bad_url",
      `${hostOf(from)} redirects to what is no address. Give the address at which it ends.`,
    );
  const to = new URL(headers.location, from);
  if (from.protocol === "https:" && to.protocol !== "https:")
    throw new OutboundError(
      "bad_url",
      `${hostOf(from)} redirects from https to ${to.protocol.slice(0, -1)}, which anybody could read. Give an https address.`,
    );
  // As browsers do: what was sent is sent again only where the answer says so.
  const repeats = status === 307 || status === 308 || hop.method === "GET" || hop.method === "HEAD";
  const kept = Object.entries(hop.headers ?? {}).filter(
    ([name]) => (to.origin === from.origin || !OF_ONE_HOST.test(name)) && (repeats || !OF_THE_BODY.test(name)),
  );
  return {
    url: to.href,
    method: repeats ? hop.method : "GET",
    headers: Object.fromEntries(kept),
    ...(repeats && hop.body !== undefined && { body: hop.body }),
  };
}

async function exchange(target: Target, hop: Hop, bytesMax: number, signal: AbortSignal): Promise<OutboundResponse> {
  const { url } = target;
  const incoming = await beginExchange(target, hop, signal);
  try {
    const body = await readBody(incoming, bytesMax, hostOf(url));
    return { status: incoming.statusCode ?? 0, headers: incoming.headers, body, url: url.href };
  } catch (cause) {
    throw cause instanceof OutboundError ? cause : failureOf(url, cause);
  }
}

/**
 * Sends one request on a connection of its own to a checked address, and resolves with the answer once it has begun. Throws an
 * `OutboundError`; what goes wrong while the answer is read is the reader's.
 */
export function beginExchange(
  { url, addresses }: Target,
  hop: Hop,
  signal: AbortSignal,
): Promise<http.IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  const fail = (cause: unknown) => reject(cause instanceof OutboundError ? cause : failureOf(url, cause));
  const options = {
    method: hop.method,
    headers: { "user-agent": "Tenon", ...hop.headers, "accept-encoding": "identity", ...lengthOf(hop.body) },
    // A connection that is kept would be used again for a name whose addresses were not checked for it.
    agent: false as const,
    autoSelectFamilyAttemptTimeout: ATTEMPT_MS,
    lookup: pinnedLookup(addresses),
    rejectUnauthorized: true,
    signal,
  };
  const send = url.protocol === "https:" ? https.request : http.request;
  const outgoing = send(url, options, resolve);
  outgoing.on("error", fail);
  outgoing.on("close", () => fail(new Error("The connection was closed before there was an answer.")));
  outgoing.end(hop.body);
  return promise;
}

/** Answers what was checked, whatever the name leads to by now. */
function pinnedLookup(addresses: Target["addresses"]): LookupFunction {
  return (_, options, answer) => {
    const [first] = addresses;
    if (options.all) answer(null, [...addresses]);
    else if (first) answer(null, first.address, first.family);
  };
}

function lengthOf(body: string | Buffer | undefined): Record<string, string> {
  return body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
}

async function readBody(incoming: http.IncomingMessage, bytesMax: number, host: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      throw new OutboundError(
        "too_large",
        `${host} answered with more than ${bytesMax} bytes. Let it answer with less.`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What a connection ended with, in words for whoever gave the address. */
export function failureOf(url: URL, cause: unknown): OutboundError {
  const { code = "" } = cause as NodeJS.ErrnoException;
  const host = hostOf(url);
  if (code === "HPE_HEADER_OVERFLOW")
    return new OutboundError("too_large", `${host} answered with too many headers. Let it answer with less.`, {
      cause,
    });
  const why = /CERT|TLS|SSL|ERR_TLS/.test(code) ? `its certificate or encryption is not in order (${code})` : code;
  return new OutboundError(
    "connection_failed",
    `No connection to ${host} came about${why ? `: ${why}` : ""}. Check that it can be reached from the Internet.`,
    { cause },
  );
}
