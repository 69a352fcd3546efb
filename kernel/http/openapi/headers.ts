import { API_VERSIONS, type Endpoint, isKept } from "../endpoint.ts";
import type { Json } from "./shapes.ts";

const text = { type: "string" };

/** Headers of requests, each told once. */
export const HEADER_PARAMETERS: Record<string, Json> = {
  "Tenon-Version": header(
    "Tenon-Version",
    "The version of the API that the program was written for; left out, the newest",
    {
      enum: API_VERSIONS,
    },
  ),
  "Idempotency-Key": header(
    "Idempotency-Key",
    "Printable ASCII of the caller's choice, such as a random UUID: sent again with the same key, the request has one effect and the same answer",
    { ...text, minLength: 1, maxLength: 255 },
  ),
  "If-Match": header("If-Match", "The ETag that the row must still have; it is changed only then", text),
  "If-None-Match": header("If-None-Match", "The ETag that the caller has: a row that still has it is not sent", text),
  "Last-Event-ID": header("Last-Event-ID", "The last event that the caller has: events go on behind it", text),
};

/** Headers of answers, each told once. */
export const ANSWER_HEADERS: Record<string, Json> = {
  "X-Request-Id": { description: "Finds the request in the log", schema: text },
  "Tenon-Version": { description: "The version of the API that answered", schema: { enum: API_VERSIONS } },
  "RateLimit-Policy": {
    description: "The limits that the request counts for: of each its requests (q) in so many seconds (w)",
    schema: text,
  },
  RateLimit: {
    description: "Of the tightest limit how many requests are left (r), and in how many seconds it is full again (t)",
    schema: text,
  },
  "Retry-After": { description: "After how many seconds to try again", schema: { type: "integer" } },
  ETag: { description: "The version of the row", schema: text },
  "Idempotent-Replayed": {
    description: "The answer is that of the request which was sent with this key before",
    schema: { const: "true" },
  },
};

const ALWAYS = ["X-Request-Id", "Tenon-Version"];
const OF_LIMITS = ["RateLimit-Policy", "RateLimit"];

function header(name: string, description: string, schema: Json): Json {
  return { name, in: "header", required: false, description, schema };
}

/** The headers that mean something to an endpoint. */
export function headerParameters(endpoint: Endpoint): Json[] {
  const { method, versioned, takesVersion, answerMedia } = endpoint;
  const names = [
    "Tenon-Version",
    ...(isKept(endpoint) ? ["Idempotency-Key"] : []),
    ...(takesVersion ? ["If-Match"] : []),
    ...(versioned && method === "GET" ? ["If-None-Match"] : []),
    ...(answerMedia === "events" ? ["Last-Event-ID"] : []),
  ];
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

/** The headers of an endpoint's good answers. */
export function headersOf(endpoint: Endpoint): Json {
  const { access, versioned } = endpoint;
  return headersNamed([
    ...ALWAYS,
    ...(access === "anyone" ? [] : OF_LIMITS),
    ...(versioned ? ["ETag"] : []),
    ...(isKept(endpoint) ? ["Idempotent-Replayed"] : []),
  ]);
}

/** The headers of problems; `isLimit` where a limit is reached. */
export function problemHeaders(isLimit: boolean): Json {
  return headersNamed([...ALWAYS, ...(isLimit ? [...OF_LIMITS, "Retry-After"] : [])]);
}

function headersNamed(names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
