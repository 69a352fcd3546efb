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
  body: Body;
  answer: Answer;
  /** What is answered (HTTP: 202) where it is done later instead. */
  accepted?: z.ZodType;
  /** The status of an answer where it is no other's: something was made, or the browser is sent elsewhere. */
  answerStatus?: 201 | 302;
  /** Media types beside JSON that a caller may ask for by `Accept`. */
  alsoAnswers?: readonly string[];
  deprecated?: Deprecation;
  example?: Example;
  /** Counted by address, with all others of the group: for what strangers could try over and over. */
  limit?: "sign_in";
  /** A body or answer that is a stream has a shape in OpenAPI only by its media types. */
  bodyMedia: Media;
  answerMedia: AnswerMedia;
};

type Parts = Pick<Endpoint, "name" | "summary" | "method" | "path" | "access"> &
  Partial<
    Pick<
      Endpoint,
      "bodyMedia" | "answerMedia" | "limit" | "accepted" | "answerStatus" | "alsoAnswers" | "deprecated" | "example"
    >
  >;

/** Declares an endpoint. Shapes that are left out are empty: no parameter, no query, no body, no content. */
export function endpoint<
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodUndefined,
>(
  parts: Parts & { params?: Params; query?: Query; body?: Body; answer?: Answer },
): Endpoint<Params, Query, Body, Answer> {
  return { bodyMedia: "json", answerMedia: "json", ...parts } as unknown as Endpoint<Params, Query, Body, Answer>;
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
      }
    : never;
export type AnswerOf<E> = E extends Endpoint<z.ZodType, z.ZodType, z.ZodType, infer Answer> ? z.infer<Answer> : never;
