import { z } from "zod";
import packageJson from "../../package.json" with { type: "json" };
import { PROBLEMS } from "../errors.ts";
import type { Endpoint } from "./endpoint.ts";

type Json = Record<string, unknown>;

/** Describes endpoints as OpenAPI 3.1, out of their contracts. */
export function describeApi(endpoints: readonly Endpoint[]): Json {
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: describeOperation(endpoint) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Tenon",
      version: packageJson.version,
      description: "Work done, reviewed, metered and on the record.",
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        cookie: { type: "apiKey", in: "cookie", name: "tenon_session" },
      },
      schemas: { Problem: PROBLEM_SCHEMA },
    },
  };
}

function describeOperation(endpoint: Endpoint): Json {
  return {
    operationId: endpoint.name,
    summary: endpoint.summary,
    tags: [endpoint.name.split(".")[0]],
    security: endpoint.access === "anyone" ? [] : [{ token: [] }, { cookie: [] }],
    parameters: [...parametersOf(endpoint.params, "path"), ...parametersOf(endpoint.query, "query")],
    ...bodyOf(endpoint),
    responses: {
      ...answerOf(endpoint),
      ...acceptedOf(endpoint),
      default: {
        description: "A problem",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  };
}

function schemaOf(shape: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: "any" });
  return schema;
}

function parametersOf(shape: z.ZodType | undefined, place: "path" | "query"): Json[] {
  if (!shape) return [];
  const { properties = {}, required = [] } = schemaOf(shape, "input") as { properties?: Json; required?: string[] };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema,
  }));
}

function bodyOf({ body, bodyMedia }: Endpoint): Json {
  if (bodyMedia === "stream") {
    return {
      requestBody: {
        required: true,
        content: { "text/csv": { schema: { type: "string" } }, "application/x-ndjson": { schema: { type: "string" } } },
      },
    };
  }
  return body
    ? { requestBody: { required: true, content: { "application/json": { schema: schemaOf(body, "input") } } } }
    : {};
}

function answerOf({ answer, answerMedia, accepted }: Endpoint): Json {
  if (answerMedia === "stream")
    return { 200: { description: "A file", content: { "text/csv": {}, "application/x-ndjson": {} } } };
  if (!answer && accepted) return {};
  if (answerMedia === "events") {
    const schema = answer ? schemaOf(answer, "output") : {};
    return {
      200: {
        description: "Server-sent events, whose data is this as JSON",
        content: { "text/event-stream": { schema } },
      },
    };
  }
  if (!answer) return { 204: { description: "Done" } };
  return { 200: { description: "Done", content: { "application/json": { schema: schemaOf(answer, "output") } } } };
}

function acceptedOf({ accepted }: Endpoint): Json {
  if (!accepted) return {};
  const content = { "application/json": { schema: schemaOf(accepted, "output") } };
  return { 202: { description: "It is done later", content } };
}

const PROBLEM_SCHEMA = {
  type: "object",
  required: ["type", "title", "status", "code", "request_id"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { enum: Object.keys(PROBLEMS) },
    detail: { type: "string" },
    hint: { type: "string" },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["field", "message"],
        properties: { field: { type: "string" }, message: { type: "string" } },
      },
    },
    request_id: { type: "string" },
  },
};
