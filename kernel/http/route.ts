import { Readable } from "node:stream";
import { Problem } from "../errors.ts";
import type { Context } from "../tenancy/context.ts";
import type { SessionCredential } from "../tenancy/credential.ts";
import type { Caller, PersonCaller } from "../tenancy/gate.ts";
import type { AnswerOf, Endpoint, InputOf } from "./endpoint.ts";

/** JSON that PostgreSQL wrote; it is passed on as it is. `version` is the row's, its ETag; `createdAt` where a new row is found (HTTP: 201). */
export type JsonText = { readonly json: string; readonly version?: string; readonly createdAt?: string };

/** What was accepted to be done later (HTTP: 202), in the contract's shape for that. */
export type Accepted = { readonly accepted: object };

/** A stream with its media type and the name of the file that it makes; whoever has the one of this tag is told so (HTTP: 304). */
export type Download = {
  readonly stream: Readable | AsyncIterable<string | Buffer>;
  readonly mediaType: string;
  readonly fileName: string;
  readonly tag?: string;
};

/** Events that are told as they come. The iteration ends when nothing more can come, or the caller's signal is aborted. */
export type EventStream = { readonly events: AsyncIterable<ServerEvent> };

/** An event with its data as JSON, an id by itself (whoever comes back asks from there), or a sign that the line still stands. */
export type ServerEvent = { id?: string; event: string; json: string } | { id: string } | "heartbeat";

/**
 * A page, or a feed of pages, that anybody may keep for a while. It is made only for who does not have it by its tag (HTTP: 304), and is
 * all that its own policy lets it load.
 */
export type Document = {
  readonly document: () => Promise<string>;
  readonly mediaType: string;
  readonly tag: string;
  readonly keepSeconds: number;
  readonly contentSecurityPolicy: string;
  readonly status?: 404;
};

/** Sends the browser elsewhere. */
export type Redirect = { readonly redirect: string };

/** What a handler may answer: the contract's shape, that shape as JSON text, that it comes later, a download, events, a document, or a redirect. */
export type Answer<E> = AnswerOf<E> | JsonText | Accepted | Download | EventStream | Document | Redirect;

/** What belongs to one request whatever it asks for. */
export type Call = Caller & {
  /** Aborted when the caller goes away. */
  signal: AbortSignal;
  /** The person who asks, on a route for anyone; undefined when nobody says so. Whether the session is alive, the database knows. */
  findPerson(): Promise<SessionCredential | undefined>;
  /** Keeps the browser signed in, or signs it out. */
  setSession(credential: SessionCredential | undefined): void;
  /** Reads a header, where it came once. */
  readHeader(name: string): string | undefined;
  /** Reads a cookie of ours, and sets one that scripts cannot read, for so many seconds; zero deletes it. */
  readCookie(name: string): string | undefined;
  setCookie(name: string, value: string, seconds: number): void;
  /** Whether a page of another site sent the browser here; false also where the browser does not tell. */
  fromOtherSite: boolean;
};

type OpenHandler<E> = (call: Call, input: InputOf<E>) => Promise<Answer<E>>;
type PersonHandler<E> = (call: Call & PersonCaller, input: InputOf<E>) => Promise<Answer<E>>;
type MemberHandler<E> = (context: Context, input: InputOf<E>) => Promise<Answer<E>>;

/** An endpoint and who carries it out; `kind` says what must be known of the caller first. */
export type Route =
  | { kind: "anyone"; endpoint: Endpoint; handle: OpenHandler<Endpoint> }
  | { kind: "person"; endpoint: Endpoint; handle: PersonHandler<Endpoint> }
  | { kind: "member"; endpoint: Endpoint; handle: MemberHandler<Endpoint> };

/** A route for callers who need not be signed in. */
export function anyoneRoute<E extends Endpoint>(endpoint: E, handle: OpenHandler<E>): Route {
  return { kind: "anyone", endpoint, handle: handle as unknown as OpenHandler<Endpoint> };
}

/** A route for whoever is signed in. */
export function personRoute<E extends Endpoint>(endpoint: E, handle: PersonHandler<E>): Route {
  return { kind: "person", endpoint, handle: handle as unknown as PersonHandler<Endpoint> };
}

/** A route into an organization; the handler enters it by queryText or transaction, which check the permission. */
export function memberRoute<E extends Endpoint>(endpoint: E, handle: MemberHandler<E>): Route {
  return { kind: "member", endpoint, handle: handle as unknown as MemberHandler<Endpoint> };
}

/** The body of an endpoint that reads it piece by piece. */
export function streamOf(body: unknown): Readable {
  if (body instanceof Readable) return body;
  throw new Problem("unsupported_media_type");
}
