import { type AnswerOf, API_VERSIONS, type Endpoint, isKept } from "../kernel/http/endpoint.ts";
import { addressOf, type Given, type Parts } from "./address.ts";
import { readEvents, type TextEvent } from "./events.ts";
import { problemOf, unreachable } from "./problem.ts";
import { jitteredMs, passing, pause, retry } from "./retry.ts";

const RETRIES_DEFAULT = 4;
/** The version of the API that this client is written for. */
const VERSION = API_VERSIONS.at(-1) ?? "";

/** Where an installation is, such as `https://tenon.example.com`, and who asks: an API key or an access token. A page of it needs neither. */
export type Settings = {
  url?: string;
  token?: string;
  /** How often a call is tried again that failed in passing. */
  retries?: number;
  /** The pause after so many failures in a row, in ms, where the server does not say when to come back. */
  pauseMs?: (failures: number) => number;
  fetch?: typeof fetch;
};

export type Options = {
  signal?: AbortSignal;
  /** Lets the request outlive a page. */
  keepalive?: boolean;
  /** The body of an endpoint that reads a file; its `type` is sent along. */
  file?: Blob;
  /** The ETag that the row must still have; otherwise nothing is changed, and the problem is of status 412. */
  ifMatch?: string;
  /**
   * The same key makes the same write happen once, however often it is sent. POST gets one by itself; with one, other writes are
   * tried again too.
   */
  idempotencyKey?: string;
};

/** One event, with its data in the endpoint's shape. */
export type LiveEvent<E> = { id: string | undefined; event: string; data: AnswerOf<E> };

/** What a list answers: `next_cursor` goes into the query's `cursor` of the next page. */
type Page = { items: readonly unknown[]; next_cursor?: string | null };
type ItemOf<E> = AnswerOf<E> extends { items: readonly (infer Item)[] } ? Item : never;

/** The API of one installation. All throw an `ApiProblem` when the server refuses (its status 0 means no answer), and the reason of an aborted signal. */
export type Tenon = {
  /** Calls an endpoint and resolves with its answer. */
  call<E extends Endpoint>(endpoint: E, given: Given<E>, options?: Options): Promise<AnswerOf<E>>;
  /** Calls an endpoint and resolves with the response, once it has begun: for files of any size. */
  open<E extends Endpoint>(endpoint: E, given: Given<E>, options?: Options): Promise<Response>;
  /** Goes through all rows of a list, which are fetched page by page. */
  pages<E extends Endpoint>(endpoint: E, given: Given<E>, options?: Options): AsyncGenerator<ItemOf<E>>;
  /**
   * Listens to events until the loop is left. A line that breaks, or that the server ends, is taken up again behind the last event.
   * `lastEventId` is where to begin.
   */
  events<E extends Endpoint>(
    endpoint: E,
    given: Given<E>,
    options?: Options & { lastEventId?: string },
  ): AsyncGenerator<LiveEvent<E>>;
};

/** The API of an installation, by the endpoints of the contracts. */
export function tenon({
  url = "",
  token,
  retries: retriesMax = RETRIES_DEFAULT,
  pauseMs = jitteredMs,
  fetch: send = fetch,
}: Settings): Tenon {
  const request = async (endpoint: Endpoint, parts: Parts, options: Options, headers: Record<string, string>) => {
    const init = requestOf(endpoint, parts, options);
    const own = { "tenon-version": VERSION, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
    const address = `${url.replace(/\/$/, "")}${addressOf(endpoint, parts as never)}`;
    const response = await send(address, { ...init, headers: { ...own, ...init.headers, ...headers } }).catch(
      (error) => {
        throw lost(error, options.signal);
      },
    );
    if (response.ok) return response;
    const text = await response.text().catch(() => "");
    throw passing(problemOf(response.status, text), response.headers);
  };
  const attempt = <T>(endpoint: Endpoint, given: Parts, options: Options, read: (response: Response) => Promise<T>) => {
    const fixed = withKey(endpoint, options);
    const isRepeatable = endpoint.method === "GET" || (fixed.idempotencyKey !== undefined && isKept(endpoint));
    const { signal } = options;
    return retry({ retries: isRepeatable ? retriesMax : 0, pauseMs, signal }, async () =>
      read(await request(endpoint, given, fixed, {})),
    );
  };
  const call: Tenon["call"] = (endpoint, given, options = {}) =>
    attempt(endpoint, given, options, async (response) => {
      const text = await response.text().catch((error) => {
        throw lost(error, options.signal);
      });
      return readAnswer(text);
    });
  return {
    call,
    open: (endpoint, given, options = {}) => attempt(endpoint, given, options, async (response) => response),
    async *pages(endpoint, given, options) {
      let { query }: Parts = given;
      for (;;) {
        const page = (await call(endpoint, { ...given, query } as typeof given, options)) as Page;
        yield* page.items as ItemOf<typeof endpoint>[];
        const { next_cursor: cursor } = page;
        if (cursor === undefined || cursor === null) return;
        query = { ...query, cursor };
      }
    },
    async *events(endpoint, given, { lastEventId, ...options } = {}) {
      const { signal } = options;
      let last = lastEventId;
      for (let failures = 0; ; failures++) {
        const headers = { accept: "text/event-stream", ...(last !== undefined && { "last-event-id": last }) };
        const stream = await retry({ retries: retriesMax, pauseMs, signal }, () =>
          request(endpoint, given, options, headers),
        );
        for await (const { id, event, data } of eventsOf(stream, signal)) {
          failures = 0;
          last = id ?? last;
          yield { id, event, data: JSON.parse(data) };
        }
        await pause(pauseMs(failures), signal);
      }
    },
  };
}

/** The events of a response. One that breaks off ends like any other, unless it was aborted. */
async function* eventsOf({ body }: Response, signal: AbortSignal | undefined): AsyncGenerator<TextEvent> {
  const events = body ? readEvents(body) : undefined;
  try {
    while (events) {
      const { done, value } = await events.next();
      if (done) return;
      yield value;
    }
  } catch {
    signal?.throwIfAborted();
  } finally {
    await events?.return(undefined);
  }
}

/** The answer in a body, which is empty where there is none. */
export function readAnswer<E>(text: string): AnswerOf<E> {
  return (text === "" ? undefined : JSON.parse(text)) as AnswerOf<E>;
}

function requestOf({ method }: Endpoint, { body }: Parts, options: Options) {
  const { signal, keepalive, file, ifMatch, idempotencyKey } = options;
  const isJson = body !== undefined;
  return {
    method,
    ...(signal && { signal }),
    ...(keepalive && { keepalive }),
    ...(file ? { body: file } : isJson && { body: JSON.stringify(body) }),
    headers: {
      ...(file?.type ? { "content-type": file.type } : isJson && { "content-type": "application/json" }),
      ...(ifMatch !== undefined && { "if-match": ifMatch }),
      ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
    },
  };
}

function withKey(endpoint: Endpoint, options: Options): Options {
  return endpoint.method === "POST" && isKept(endpoint) ? { idempotencyKey: randomKey(), ...options } : options;
}

/** Not `randomUUID`, which a page without TLS has not. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A request that got no whole answer; one that was aborted failed for the signal's reason. */
function lost(error: unknown, signal: AbortSignal | undefined): unknown {
  return signal?.aborted ? signal.reason : passing(unreachable(error));
}
