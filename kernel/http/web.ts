import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Problem } from "../errors.ts";

export const WEB_FOLDER = join(import.meta.dirname, "..", "..", "dist", "web");
const YEAR_SECONDS = 365 * 24 * 3600;

/**
 * Serves the built web application. Its files carry hashes in their names and may be kept for ever; every address that is
 * none of theirs gets the page itself, whose router knows what to show.
 */
export async function registerWeb(server: FastifyInstance): Promise<void> {
  const built = existsSync(join(WEB_FOLDER, "index.html"));
  if (built) {
    await server.register(fastifyStatic, {
      root: WEB_FOLDER,
      wildcard: false,
      index: false,
      maxAge: YEAR_SECONDS * 1000,
      immutable: true,
    });
  }
  const sendPage = async (_: FastifyRequest, reply: FastifyReply) => {
    if (!built)
      throw new Problem("not_found", { detail: "The web application is not built.", hint: "npm start builds it." });
    return reply.sendFile("index.html", { maxAge: 0, immutable: false, cacheControl: false });
  };
  // What links show is for who has them: no search engine and no cache keeps it.
  server.get("/shared", (request, reply) =>
    sendPage(request, reply.headers({ "x-robots-tag": "noindex, nofollow", "cache-control": "no-store" })),
  );
  // The reader of the API's description is a page like the others.
  server.get("/api/docs", sendPage);
  server.setNotFoundHandler(async (request, reply) => {
    if (request.method !== "GET" && request.method !== "HEAD") throw new Problem("not_found");
    return sendPage(request, reply);
  });
}
