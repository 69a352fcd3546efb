import { createHash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { Problem } from "../errors.ts";
import type { IdempotencyKey } from "../tenancy/idempotency.ts";
import { type Endpoint, isKept } from "./endpoint.ts";

/** Printable ASCII, at most 255 characters. */
const KEY = /^[\x20-\x7e]{1,255}$/;

/**
 * The `Idempotency-Key` of a request that changes something, with the hash of what it asks for. The organization's slug is not in it,
 * for that may change before the request is sent again. Throws `invalid` for a key of another form, and where the body or the
 * answer is a stream: those are not kept.
 */
export function idempotencyKeyOf(endpoint: Endpoint, request: FastifyRequest): IdempotencyKey | undefined {
  const { "idempotency-key": key, "if-match": ifMatch } = request.headers;
  if (key === undefined || endpoint.method === "GET") return undefined;
  if (typeof key !== "string" || !KEY.test(key))
    throw fault("Send 1 to 255 printable ASCII characters, such as a random UUID.");
  if (!isKept(endpoint)) throw fault("This endpoint reads or answers a stream, and takes no key. Leave it out.");
  const { organization: _, ...params } = request.params as Record<string, string>;
  // A body that the endpoint does not take was not looked at: it may be of any depth, and tells nothing.
  const body = endpoint.body ? request.body : null;
  const asked = JSON.stringify([endpoint.name, params, request.query, body, ifMatch ?? null]);
  const requestHash = createHash("sha256").update(asked).digest();
  return { key, requestHash, answersOnce: endpoint.answersOnce ?? false };
}

function fault(message: string): Problem {
  return new Problem("invalid", { errors: [{ field: "Idempotency-Key", message }] });
}
