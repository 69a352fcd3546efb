import { PROBLEMS, Problem } from "../../errors.ts";
import { documentOf } from "../problem-document.ts";
import { problemHeaders } from "./headers.ts";
import type { Json } from "./shapes.ts";

const REQUEST_ID = "5f0c6e0e-8a63-4c5b-9a0f-6a3f1c2d7e84";

/** The names of the responses that tell of problems. */
const NAMES: Record<string, string> = {
  400: "Invalid",
  401: "Unauthenticated",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  412: "ChangedMeanwhile",
  413: "TooLarge",
  415: "UnsupportedMediaType",
  422: "KeyReused",
  429: "TooManyRequests",
  default: "Problem",
};

/** What is answered in each case; tests bring each of them about, word for word. */
const EXAMPLES: Record<string, Problem> = {
  Invalid: new Problem("invalid", {
    errors: [{ field: "Tenon-Version", message: "There is no such version. These exist: 2026-11-01." }],
  }),
  Unauthenticated: new Problem("unauthenticated", { hint: "Sign in again." }),
  Forbidden: new Problem("forbidden", {
    detail: "An API key opens its organization only, and no account of a person.",
    hint: "Use an access token of the person.",
  }),
  NotFound: new Problem("not_found"),
  Conflict: new Problem("conflict", { detail: "Something with this name or key exists already." }),
  ChangedMeanwhile: new Problem("changed_meanwhile", {
    detail: "The row is not the one that If-Match names any more.",
    hint: "Look at what it is now, and send the change again with its version.",
    current: { name: "Urgent", version: 1 },
  }),
  TooLarge: new Problem("too_large", { detail: "Request body is too large" }),
  UnsupportedMediaType: new Problem("unsupported_media_type", { hint: "Send application/json." }),
  KeyReused: new Problem("key_reused", {
    detail: "This Idempotency-Key was sent with another request.",
    hint: "Send a new key with each new request.",
  }),
  TooManyRequests: new Problem("too_many_requests", {
    detail: 'More than 60 requests a minute were sent by you (limit "person").',
    hint: "Wait as long as Retry-After says, then go on more slowly.",
  }),
  Problem: new Problem("not_found", { hint: "GET /api/openapi.json lists what there is." }),
};

/** The response by which operations tell of problems with a status; `default` is any other. */
export function responseNameOf(status: number | "default"): string {
  return NAMES[status] ?? "Problem";
}

export const PROBLEM_RESPONSES: Record<string, Json> = Object.fromEntries(
  Object.entries(EXAMPLES).map(([name, problem]) => {
    const example = documentOf(problem, REQUEST_ID);
    const schema = { $ref: "#/components/schemas/Problem" };
    const description = name === "Problem" ? "Any other problem" : example.title;
    return [
      name,
      {
        description,
        headers: problemHeaders(name === "TooManyRequests"),
        content: { "application/problem+json": { schema, example } },
      },
    ];
  }),
);

export const PROBLEM_SCHEMA: Json = {
  type: "object",
  description: "What went wrong (RFC 9457), with a code that stays the same, and what to do",
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
    current: { description: "The row as it is now, where it is not what the caller thought" },
    dependants: {
      type: "array",
      description: "What still points to a row that cannot be deleted because of it; more than that where more says so",
      items: {
        type: "object",
        required: ["noun", "count"],
        properties: { noun: { type: "string" }, count: { type: "integer" }, more: { const: true } },
      },
    },
    request_id: { type: "string" },
  },
};
