import type { z } from "zod";
import { type Endpoint, isKept } from "../endpoint.ts";
import { answerTypesOf } from "../media.ts";
import { exampleId, fillIn } from "./examples.ts";
import { headerParameters, headersOf } from "./headers.ts";
import { PROBLEM_RESPONSES, responseNameOf } from "./problems.ts";
import { describeShape, type Json, type Shapes } from "./shapes.ts";

/** What a parameter of a path is where its name does not say it. */
const PATH_WORDS: Record<string, string> = { organization: "The organization's slug, as in the address of its pages" };
/** What parameters of queries mean wherever they stand. */
const QUERY_WORDS: Record<string, string> = {
  limit: "How many at most",
  cursor: "Where the page before ended: its `next_cursor`",
  format: "The format of the file",
};
const LIMIT_WORDS = { sign_in: "Counted by address: what strangers could try over and over." };

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
    parameters: [
      ...pathParameters(params, shapes),
      ...queryParameters(query, shapes, example.query ?? {}),
      ...headerParameters(endpoint),
    ],
    ...bodyOf(endpoint, shapes, example),
    responses: {
      ...withHeaders({ ...answerOf(endpoint, shapes), ...acceptedOf(endpoint, shapes) }, headersOf(endpoint)),
      ...movedOf(endpoint),
      ...problemsOf(endpoint, used),
    },
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

function propertiesOf(
  shape: z.ZodType | undefined,
  shapes: Shapes,
): { properties: Record<string, Json>; required: string[] } {
  const { properties = {}, required = [] } = shape ? describeShape(shape, shapes) : {};
  return { properties: properties as Record<string, Json>, required: required as string[] };
}

function pathParameters(shape: z.ZodType | undefined, shapes: Shapes): Json[] {
  return Object.entries(propertiesOf(shape, shapes).properties).map(([name, schema]) => ({
    name,
    in: "path",
    required: true,
    description: PATH_WORDS[name] ?? (schema.format === "uuid" ? `The id of the ${name}` : `The ${name}`),
    schema,
    example: exampleOf(name, schema),
  }));
}

function queryParameters(shape: z.ZodType | undefined, shapes: Shapes, example: Record<string, string>): Json[] {
  const { properties, required } = propertiesOf(shape, shapes);
  return Object.entries(properties).map(([name, { description = QUERY_WORDS[name], ...schema }]) => ({
    name,
    in: "query",
    required: required.includes(name),
    ...(description !== undefined && { description }),
    // A member of an object is written name[member]=…
    ...(mayBeObject(schema, shapes) && { style: "deepObject", explode: true }),
    schema,
    ...(name in example && { example: schema.type === "integer" ? Number(example[name]) : example[name] }),
  }));
}

const KEY_EXAMPLES: Record<string, string> = { date: "2026-11-30", "date-time": "2026-11-30T09:00:00Z" };

/** Keys are ids, but some are days, times and numbers. */
function exampleOf(name: string, { type, format, pattern }: Json): string | number {
  if (type === "integer") return 1;
  const known = KEY_EXAMPLES[String(format)];
  if (known) return known;
  return typeof pattern === "string" && pattern.includes("\\d") ? "1" : exampleId(name);
}

type Schema = { type?: string; anyOf?: Schema[]; $ref?: string };

function mayBeObject({ type, anyOf = [], $ref }: Schema, shapes: Shapes): boolean {
  if ($ref) return mayBeObject(shapes.schemas[$ref.split("/").at(-1) ?? ""] ?? {}, shapes);
  return type === "object" || anyOf.some((schema) => mayBeObject(schema, shapes));
}

function bodyOf(
  { body, bodyMedia, bodyTypes = [] }: Endpoint,
  shapes: Shapes,
  { body: example, text }: { body?: object; text?: string },
): Json {
  if (bodyMedia === "stream") {
    const media = { schema: { type: "string" }, ...(text !== undefined && { example: text }) };
    const others = ["application/x-ndjson", ...bodyTypes].map((type) => [type, { schema: { type: "string" } }]);
    return { requestBody: { required: true, content: { "text/csv": media, ...Object.fromEntries(others) } } };
  }
  if (!body) return {};
  const media = { schema: shapes.refTo(body, "input"), ...(example && { example }) };
  return { requestBody: { required: true, content: { "application/json": media } } };
}

function withHeaders(answers: Record<string, Json>, headers: Json): Json {
  return Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, { ...answer, headers }]));
}

function answerOf(endpoint: Endpoint, shapes: Shapes): Record<string, Json> {
  const { answer, answerMedia, accepted, answerStatus, fileTypes = [], versioned, method } = endpoint;
  const known = versioned && method === "GET" && { 304: { description: "It still has the version of If-None-Match" } };
  if (answerMedia === "stream") {
    const content = Object.fromEntries(fileTypes.map((type) => [type, {}]));
    return { 200: { description: "A file", content }, ...known };
  }
  if (!answer && accepted) return {};
  if (answerStatus === 302) return { 302: { description: "The browser is sent elsewhere" } };
  if (!answer) return { 204: { description: "Done" } };
  const schema = shapes.refTo(answer, "output");
  const [type = "", ...others] = answerTypesOf(endpoint);
  const content = { [type]: { schema }, ...Object.fromEntries(others.map((other) => [other, {}])) };
  const description = answerMedia === "events" ? "Server-sent events, whose data is this as JSON" : "Done";
  return { [answerStatus ?? 200]: { description, content }, ...known };
}

function acceptedOf({ accepted }: Endpoint, shapes: Shapes): Record<string, Json> {
  if (!accepted) return {};
  const content = { "application/json": { schema: shapes.refTo(accepted, "output") } };
  return { 202: { description: "It is done later", content } };
}

/** An organization that has got another slug is found by its old one, too. */
function movedOf({ access }: Endpoint): Json {
  if (access === "anyone" || access === "person") return {};
  return { 308: { description: "The organization has another slug by now: Location has the same address with that" } };
}

/** Before a page is looked for, an address that is longer than any is refused as everywhere. */
const PAGE_NOT_FOUND: Json = {
  description: "A page that says so, or a problem where the address is longer than any that there is",
  content: { "text/html": {}, ...(PROBLEM_RESPONSES.NotFound?.content as Json) },
};

function problemsOf(endpoint: Endpoint, used: Set<string>): Json {
  const { access, query, body, bodyMedia, path, method, takesVersion } = endpoint;
  const takesBody = body !== undefined || bodyMedia === "stream";
  const statuses = [
    ...(takesBody || query || path.includes(":") ? [400] : []),
    ...(access === "anyone" ? [] : [401, 403]),
    ...(path.includes(":") ? [404] : []),
    ...(method === "GET" ? [] : [409]),
    ...(takesVersion ? [412] : []),
    ...(takesBody ? [413, 415] : []),
    ...(isKept(endpoint) ? [422] : []),
    ...(access === "anyone" && !endpoint.limit ? [] : [429]),
    "default" as const,
  ];
  // What browsers and readers of feeds ask for is answered as a page where there is nothing.
  const isPage = endpoint.fileTypes?.some((type) => /html$|xml$/.test(type));
  return Object.fromEntries(
    statuses.map((status) => {
      if (status === 404 && isPage) return [status, PAGE_NOT_FOUND];
      const name = responseNameOf(status);
      used.add(name);
      return [status, { $ref: `#/components/responses/${name}` }];
    }),
  );
}
