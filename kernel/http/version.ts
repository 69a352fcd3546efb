import type { FastifyInstance } from "fastify";
import { Problem } from "../errors.ts";
import { API_VERSIONS } from "./endpoint.ts";

const HEADER = "tenon-version";
const NEWEST = API_VERSIONS.at(-1) ?? "";

/** Reads which version of the API a caller was written for (`Tenon-Version`), the newest where they do not say, and tells it in every answer. */
export function registerVersions(server: FastifyInstance): void {
  server.addHook("onRequest", (request, reply, done) => {
    if (!request.url.startsWith("/api/")) return done();
    const wanted = request.headers[HEADER];
    const isKnown = wanted === undefined || API_VERSIONS.some((version) => version === wanted);
    reply.header(HEADER, isKnown ? (wanted ?? NEWEST) : NEWEST);
    done(isKnown ? undefined : unknownVersion());
  });
}

function unknownVersion(): Problem {
  const message = `There is no such version. These exist: ${API_VERSIONS.join(", ")}.`;
  return new Problem("invalid", { errors: [{ field: "Tenon-Version", message }] });
}
