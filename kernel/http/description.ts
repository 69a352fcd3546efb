import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { FastifyInstance } from "fastify";
import type { Endpoint } from "./endpoint.ts";
import { describeApi } from "./openapi/document.ts";

type Prepared = { bytes: Buffer; etag: string };

/**
 * Serves the description of the API. It is made when it is first asked for, once; from then on it goes out as the bytes that it is, or
 * not at all to who has it already.
 */
export function registerDescription(server: FastifyInstance, endpoints: readonly Endpoint[]): void {
  let made: Record<"plain" | "gzip", Prepared> | undefined;
  server.get("/api/openapi.json", (request, reply) => {
    made ??= prepare(JSON.stringify(describeApi(endpoints)));
    const isZipped = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(request.headers["accept-encoding"] ?? "");
    const { bytes, etag } = made[isZipped ? "gzip" : "plain"];
    const vary = [reply.getHeader("vary"), "Accept-Encoding"].filter(Boolean).join(", ");
    reply.header("etag", etag).header("vary", vary).header("cache-control", "no-cache");
    if (request.headers["if-none-match"]?.includes(etag)) return reply.code(304).send();
    if (isZipped) reply.header("content-encoding", "gzip");
    return reply.type("application/json; charset=utf-8").send(bytes);
  });
}

function prepare(text: string): Record<"plain" | "gzip", Prepared> {
  const digest = createHash("sha256").update(text).digest("base64url").slice(0, 22);
  const plain = Buffer.from(text);
  return { plain: { bytes: plain, etag: `"${digest}"` }, gzip: { bytes: gzipSync(plain), etag: `"${digest}-gzip"` } };
}
