import type { z } from "zod";
import type { Permission } from "../database/types.gen.ts";

/** Who may call: anyone; whoever is signed in; a member of the organization in the path who holds the permission. */
export type Access = "anyone" | "person" | Permission;

/** How an answer or a body travels: JSON checked by its shape, or a stream of text that only the endpoint understands. */
export type Media = "json" | "stream";
/** An answer can also be events that are told as they come (server-sent events); its shape is that of an event's data. */
export type AnswerMedia = Media | "events";

/** The versions of the API, by the day on which each came to be; the last is the newest. */
export const API_VERSIONS = ["2026-11-01"] as const;

/** That an endpoint goes: since when it should not be used, when it will be gone (days, such as `2027-06-30`), and the name of what to call instead. */
export type Deprecation = { since: string; sunset?: string; instead?: string };

/** A good request: the description shows it, and a test sends it. `":member"` stands for the id of a member, and so on. */
export type Example = { query?: Record<string, string>; body?: object; text?: string };

/**
 * One endpoint, told once: the server makes its route and its checks of it, OpenAPI its operation, the web its typed call.
 * This file runs in browsers too, so it imports nothing but types.
 */
export type Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> = {
  /** The operation's name in the record, in OpenAPI and in logs, such as `labeling.label.submit`. */
  name: string;
  summary: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With parameters as `:name`. What belongs to an organization begins with `/api/organizations/:organization/`. */
  path: string;
  access: Access;
  params: Params;
  query: Query;
  /** Reads a query of more parameters than a shape can tell, from its text; the shape describes it. Throws every fault at once. */
  readQuery?: (text: string) => unknown;
  body: Body;
  answer: Answer;
  /** What is answered (HTTP: 202) where it is done later instead. */
  accepted?: z.ZodType;
  /** The status of an answer where it is no other's: something was made, or the browser is sent elsewhere. */
  answerStatus?: 201 | 302;
  /** The media types of an answer that is a stream. */
  fileTypes?: readonly string[];
  /** Whether the answer has an ETag, as a row has its version: who has that already is told so by GET (HTTP: 304). */
  versioned?: boolean;
  /** Whether `If-Match` says which version of the row is meant: another one is not changed (HTTP: 412). */
  takesVersion?: boolean;
  /** Media types beside JSON that a caller may ask for by `Accept`. */
  alsoAnswers?: readonly string[];
  deprecated?: Deprecation;
  example?: Example;
  /** Whether the answer holds a secret that is shown once: not again for the same Idempotency-Key either. */
  answersOnce?: true;
  /** Most bytes of the body, where these are not what most endpoints take. */
  bodyBytesMax?: number;
  /** Counted by address, with all others of the group: for what strangers could try over and over. */
  limit?: "sign_in";
  /** The table whose noun it belongs to; verbs have none. */
  noun?: string;
  /** A body or answer that is a stream has a shape in OpenAPI only by its media types. */
  bodyMedia: Media;
  /** What a streamed body may be beside CSV and JSON lines: JSON too is then read piece by piece. */
  bodyTypes?: readonly string[];
  answerMedia: AnswerMedia;
};

type Parts = Pick<Endpoint, "name" | "summary" | "method" | "path" | "access"> &
  Partial<
    Pick<
      Endpoint,
      | "bodyMedia"
      | "answerMedia"
      | "limit"
      | "accepted"
      | "answerStatus"
      | "fileTypes"
      | "versioned"
      | "takesVersion"
      | "alsoAnswers"
      | "deprecated"
      | "example"
      | "noun"
      | "readQuery"
      | "answersOnce"
      | "bodyBytesMax"
      | "bodyTypes"
    >
  >;

/**
 * Declares an endpoint. Shapes that are left out are empty: no parameter, no query, no body, no content. One that is given as a
 * getter is made when it is first asked for.
 */
export function endpoint<
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodUndefined,
>(
  parts: Parts & { params?: Params; query?: Query; body?: Body; answer?: Answer },
): Endpoint<Params, Query, Body, Answer> {
  const declared = { bodyMedia: "json", answerMedia: "json" };
  for (const [name, { value, get }] of Object.entries(Object.getOwnPropertyDescriptors(parts)))
    Object.defineProperty(declared, name, get ? madeOnce(declared, name, get) : { ...OPEN, value });
  return declared as unknown as Endpoint<Params, Query, Body, Answer>;
}

const OPEN = { enumerable: true, configurable: true };

function madeOnce(target: object, name: string, make: () => unknown): PropertyDescriptor {
  const get = () => {
    const value = make();
    Object.defineProperty(target, name, { ...OPEN, value });
    return value;
  };
  return { ...OPEN, get };
}

/** Whether an endpoint has a shape for its body or answer, without making it: a server of a thousand endpoints begins without most of theirs. */
export function hasShape(endpoint: Endpoint, part: "body" | "answer" | "accepted"): boolean {
  const { get, value } = Object.getOwnPropertyDescriptor(endpoint, part) ?? {};
  return get !== undefined || value !== undefined;
}

/** Whether a request that is sent again with the same `Idempotency-Key` has one effect: in organizations, where nothing is a stream. */
export function isKept({ method, access, bodyMedia, answerMedia }: Endpoint): boolean {
  const isOfMember = access !== "anyone" && access !== "person";
  return method !== "GET" && isOfMember && bodyMedia === "json" && answerMedia === "json";
}

/** What a caller gives to an endpoint, and what it answers. */
export type InputOf<E> =
  E extends Endpoint<infer Params, infer Query, infer Body, z.ZodType>
    ? {
        params: z.infer<Params>;
        query: z.infer<Query>;
        body: z.infer<Body>;
        /** The last event that a caller has seen who comes back for more, where the answer is events. */
        lastEventId?: string | undefined;
        /** The version of the row that the caller knows (`If-Match`): it is changed only if it is still that one. */
        ifVersion?: string | undefined;
        /** The kind of answer that the caller wants (`Accept`). */
        accept?: string | undefined;
      }
    : never;
export type AnswerOf<E> = E extends Endpoint<z.ZodType, z.ZodType, z.ZodType, infer Answer> ? z.infer<Answer> : never;
