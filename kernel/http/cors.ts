import type { FastifyInstance, FastifyRequest } from "fastify";

const HOURS_2 = 7200;
/** What a page of another origin may send, and which headers of the answer it may read. */
const PREFLIGHT = {
  "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
  "access-control-allow-headers":
    "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Tenon-Version, X-Request-Id",
  "access-control-max-age": String(HOURS_2),
};
const EXPOSED =
  "Content-Disposition, Deprecation, ETag, Idempotent-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After, Sunset, Tenon-Version, X-Request-Id";

/**
 * Lets pages of the given origins call the API with a token. No cookie of ours opens anything for them: a browser that sends one along
 * keeps the answer to itself, as it is never told that it may pass it on.
 */
export function registerCors(server: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  server.addHook("onRequest", (request, reply, done) => {
    if (!request.url.startsWith("/api/")) return done();
    const { origin } = request.headers;
    reply.header("vary", "Origin");
    if (origin === undefined || !origins.includes(origin)) return done();
    reply.header("access-control-allow-origin", origin).header("access-control-expose-headers", EXPOSED);
    if (isPreflight(request)) reply.headers(PREFLIGHT);
    done();
  });
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === "OPTIONS" && headers["access-control-request-method"] !== undefined;
}
