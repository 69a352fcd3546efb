import type { FastifyReply, FastifyRequest } from "fastify";
import { PROBLEMS, Problem } from "../errors.ts";
import { documentOf, problemOf } from "./problem-document.ts";

/** Answers a request with whatever was thrown, as a problem document; what is a mistake of ours is logged. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = withTypes(problemOf(error), request, reply);
  const { status } = PROBLEMS[problem.code];
  const isAlone = reply.raw.destroyed;
  // Who goes away gets their statement cancelled: that is no mistake of ours.
  if (status >= 500) {
    const entry = { err: problem.cause ?? problem, url: request.routeOptions.url };
    if (isAlone) request.log.info(entry, "The caller went away.");
    else request.log.error(entry, problem.message);
  }
  if (problem.retryAfterSeconds !== undefined) reply.header("retry-after", problem.retryAfterSeconds);
  return reply
    .code(status)
    .header("x-request-id", request.id)
    .type("application/problem+json")
    .send(JSON.stringify(documentOf(problem, request.id)));
}

/** Tells which kinds of body are understood, where one of another kind came. */
function withTypes(problem: Problem, request: FastifyRequest, reply: FastifyReply): Problem {
  const { bodyTypes = [] } = request.routeOptions.config ?? {};
  if (problem.code !== "unsupported_media_type" || bodyTypes.length === 0) return problem;
  reply.header("accept", bodyTypes.join(", "));
  const { cause } = problem;
  return new Problem(problem.code, { hint: `Send ${bodyTypes.join(" or ")}.`, cause });
}
