import type { onRequestHookHandler } from "fastify";
import { Problem } from "../errors.ts";
import { type Endpoint, hasShape } from "./endpoint.ts";

const JSON_TYPE = "application/json";

/** Bodies that an endpoint reads by itself, piece by piece. */
export const STREAM_TYPES = [
  "text/csv",
  "application/x-ndjson",
  "application/jsonl",
  "text/plain",
  "application/octet-stream",
] as const;

/** The media types of an endpoint's body; none where it takes no body. */
export function bodyTypesOf(endpoint: Endpoint): readonly string[] {
  const { bodyMedia, bodyTypes = [] } = endpoint;
  if (bodyMedia === "stream") return [...STREAM_TYPES, ...bodyTypes];
  return hasShape(endpoint, "body") ? [JSON_TYPE] : [];
}

/** The media types of an endpoint's answer, the usual one first; none where nothing is said of it. */
export function answerTypesOf(endpoint: Endpoint): readonly string[] {
  const { answerMedia, alsoAnswers = [] } = endpoint;
  if (answerMedia === "events") return ["text/event-stream"];
  const hasAnswer = hasShape(endpoint, "answer") || hasShape(endpoint, "accepted");
  return answerMedia === "json" && hasAnswer ? [JSON_TYPE, ...alsoAnswers] : [];
}

/** Refuses who accepts nothing of what the endpoint can answer (HTTP: 406). */
export function refuseUnacceptable(endpoint: Endpoint): onRequestHookHandler {
  const types = answerTypesOf(endpoint);
  return (request, _reply, done) => {
    const { accept } = request.headers;
    if (types.length === 0 || accept === undefined || accept === "*/*" || isAccepted(accept, types)) return done();
    done(new Problem("not_acceptable", { hint: `Accept ${types.join(" or ")}.` }));
  };
}

/** Whether an `Accept` header lets one of the types through; a range with `q=0` lets nothing through. */
function isAccepted(accept: string, types: readonly string[]): boolean {
  return accept.split(",").some((part) => {
    const [range = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
    if (parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) return false;
    return range === "*/*" || types.some((type) => type === range || `${type.split("/")[0]}/*` === range);
  });
}
