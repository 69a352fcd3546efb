import type { z } from "zod";
import type { Endpoint } from "../endpoint.ts";
import { answerTypesOf } from "../media.ts";
import { exampleId, fillIn } from "./examples.ts";
import { responseNameOf } from "./problems.ts";
import { describeShape, type Json, type Shapes } from "./shapes.ts";

/** What a parameter of a path is where its name does not say it. */
const PATH_WORDS: Record<string, string> = { organization: "The organization's slug, as in the address of its pages" };
/** What parameters of queries mean wherever they stand. */
const QUERY_WORDS: Record<string, string> = {
  limit: "How many at most",
  after: "Where the page before ended: its `next`",
  cursor: "Where the page before ended: its `next_cursor`",
  format: "The format of the file",
};
const LIMIT_WORDS = { sign_in: "Counted by address: what strangers could try over and over." };
const FILE_TYPES = ["text/csv", "application/x-ndjson"];

/** Describes one endpoint as an operation of OpenAPI, and notes in `used` the problem responses that it refers to. */
export function describeOperation(endpoint: Endpoint, shapes: Shapes, used: Set<string>): Json {
  const { name, summary, deprecated, access, params, query } = endpoint;
  const example = fillIn(endpoint.example ?? {}, exampleId);
  return {
    operationId: name,
    summary,
    description: describeAccess(endpoint),
    tags: [groupOf(endpoint)],
    ...(deprecated && { deprecated: true, "x-deprecated": deprecated }),
    ...(access !== "anyone" && access !== "person" && { "x-permission": access }),
    security: access === "anyone" ? [] : [{ token: [] }, { cookie: [] }],
    parameters: [...pathParameters(params), ...queryParameters(query, example.query ?? {})],
    ...bodyOf(endpoint, shapes, example),
    responses: { ...answerOf(endpoint, shapes), ...acceptedOf(endpoint, shapes), ...problemsOf(endpoint, used) },
  };
}

/** The group that an endpoint belongs to: the first part of its name. */
export function groupOf({ name }: Endpoint): string {
  return name.split(".")[0] ?? name;
}

function describeAccess({ summary, access, limit, deprecated }: Endpoint): string {
  const who =
    {
      anyone: "Anyone may call this; no sign-in is needed.",
      person: "For whoever is signed in; an API key does not do.",
    }[access as "anyone" | "person"] ?? `Needs the permission \`${access}\` in the organization.`;
  return [
    `${summary}.`,
    who,
    ...(limit ? [LIMIT_WORDS[limit]] : []),
    ...(deprecated?.instead ? [`Call \`${deprecated.instead}\` instead.`] : []),
    ...(deprecated?.sunset ? [`It will be gone on ${deprecated.sunset}.`] : []),
  ].join(" ");
}

function propertiesOf(shape: z.ZodType | undefined): { properties: Record<string, Json>; required: string[] } {
  const { properties = {}, required = [] } = shape ? describeShape(shape) : {};
  return { properties: properties as Record<string, Json>, required: required as string[] };
}

function pathParameters(shape: z.ZodType | undefined): Json[] {
  return Object.entries(propertiesOf(shape).properties).map(([name, schema]) => ({
    name,
    in: "path",
    required: true,
    description: PATH_WORDS[name] ?? (schema.format === "uuid" ? `The id of the ${name}` : `The ${name}`),
    schema,
    example: exampleId(name),
  }));
}

function queryParameters(shape: z.ZodType | undefined, example: Record<string, string>): Json[] {
  const { properties, required } = propertiesOf(shape);
  return Object.entries(properties).map(([name, { description = QUERY_WORDS[name], ...schema }]) => ({
    name,
    in: "query",
    required: required.includes(name),
    ...(description !== undefined && { description }),
    schema,
    ...(name in example && { example: example[name] }),
  }));
}

function bodyOf(
  { body, bodyMedia }: Endpoint,
  shapes: Shapes,
  { body: example, text }: { body?: object; text?: string },
): Json {
  if (bodyMedia === "stream") {
    const media = { schema: { type: "string" }, ...(text !== undefined && { example: text }) };
    return {
      requestBody: {
        required: true,
        content: { "text/csv": media, "application/x-ndjson": { schema: { type: "string" } } },
      },
    };
  }
  if (!body) return {};
  const media = { schema: shapes.refTo(body, "input"), ...(example && { example }) };
  return { requestBody: { required: true, content: { "application/json": media } } };
}

function answerOf(endpoint: Endpoint, shapes: Shapes): Json {
  const { answer, answerMedia, accepted, answerStatus } = endpoint;
  if (answerMedia === "stream")
    return { 200: { description: "A file", content: Object.fromEntries(FILE_TYPES.map((type) => [type, {}])) } };
  if (!answer && accepted) return {};
  if (answerStatus === 302) return { 302: { description: "The browser is sent elsewhere" } };
  if (!answer) return { 204: { description: "Done" } };
  const schema = shapes.refTo(answer, "output");
  const [type = "", ...others] = answerTypesOf(endpoint);
  const content = { [type]: { schema }, ...Object.fromEntries(others.map((other) => [other, {}])) };
  const description = answerMedia === "events" ? "Server-sent events, whose data is this as JSON" : "Done";
  return { [answerStatus ?? 200]: { description, content } };
}

function acceptedOf({ accepted }: Endpoint, shapes: Shapes): Json {
  if (!accepted) return {};
  const content = { "application/json": { schema: shapes.refTo(accepted, "output") } };
  return { 202: { description: "It is done later", content } };
}

function problemsOf(endpoint: Endpoint, used: Set<string>): Json {
  const { access, query, body, bodyMedia, path, method } = endpoint;
  const takesBody = body !== undefined || bodyMedia === "stream";
  const statuses = [
    ...(takesBody || query || path.includes(":") ? [400] : []),
    ...(access === "anyone" ? [] : [401, 403]),
    ...(path.includes(":") ? [404] : []),
    ...(method === "GET" ? [] : [409]),
    ...(takesBody ? [413, 415] : []),
    ...(access === "anyone" && !endpoint.limit ? [] : [429]),
    "default" as const,
  ];
  return Object.fromEntries(
    statuses.map((status) => {
      const name = responseNameOf(status);
      used.add(name);
      return [status, { $ref: `#/components/responses/${name}` }];
    }),
  );
}
