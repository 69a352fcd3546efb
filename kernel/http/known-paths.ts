import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Problem } from "../errors.ts";
import { editsBetween } from "../nearest.ts";

/** An address pattern in its parts, such as `api`, `organizations`, `:organization`, with the methods that it answers. */
type Path = { parts: string[]; methods: Set<string> };

const EDITS_MAX = 3;
const PATH_LENGTH_MAX = 500;

/**
 * Answers what no route does: `OPTIONS` of a known path, 405 for its other methods, each with `Allow`, and 404 below `/api/` with the
 * path that was probably meant. All other addresses go on to the pages. HEAD is the server's own for every GET.
 */
export function registerKnownPaths(server: FastifyInstance): void {
  const paths = new Map<string, Path>();
  server.addHook("onRoute", ({ url, method }) => {
    const path = paths.get(url) ?? { parts: url.split("/").slice(1), methods: new Set(["OPTIONS"]) };
    for (const each of [method].flat()) path.methods.add(each);
    paths.set(url, path);
  });
  // Before the body is read: no body makes up for an address that does not take it.
  server.addHook("onRequest", (request, reply, done) => {
    if (!request.is404) return done();
    const parts = partsOf(request.url);
    const methods = [...paths.values()].filter((path) => isAt(path, parts)).flatMap((path) => [...path.methods]);
    if (methods.length > 0) return answerMethod(request, reply, [...new Set(methods)].sort().join(", "), done);
    done(parts[0] === "api" ? nothingAt(parts, [...paths.values()]) : undefined);
  });
}

function answerMethod(request: FastifyRequest, reply: FastifyReply, allowed: string, done: (error?: Error) => void) {
  reply.header("allow", allowed);
  if (request.method === "OPTIONS") return void reply.code(204).send();
  done(new Problem("method_not_allowed", { hint: `This address answers ${allowed}.` }));
}

function nothingAt(parts: string[], paths: Path[]): Problem {
  const nearest = nearestTo(parts, paths);
  const hint = nearest ? `Did you mean ${nearest}?` : "GET /api/openapi.json lists what there is.";
  return new Problem("not_found", { hint });
}

function partsOf(url: string): string[] {
  return url
    .replace(/[?#].*$/s, "")
    .split("/")
    .slice(1);
}

function isParameter(part: string): boolean {
  return part.startsWith(":");
}

function isAt({ parts }: Path, given: string[]): boolean {
  return (
    parts.length === given.length &&
    parts.every((part, place) => (isParameter(part) ? given[place] !== "" : part === given[place]))
  );
}

/** The path of as many parts that differs by the fewest letters, with the caller's own names in it. */
function nearestTo(given: string[], paths: Path[]): string | undefined {
  if (given.join("/").length > PATH_LENGTH_MAX) return undefined;
  let nearest: { parts: string[]; edits: number } | undefined;
  for (const { parts } of paths) {
    const edits =
      parts.length === given.length ? editsOf(parts, given, (nearest?.edits ?? EDITS_MAX + 1) - 1) : undefined;
    if (edits !== undefined) nearest = { parts, edits };
  }
  return nearest && `/${nearest.parts.map((part, place) => (isParameter(part) ? given[place] : part)).join("/")}`;
}

function editsOf(parts: string[], given: string[], most: number): number | undefined {
  let edits = 0;
  for (const [place, part] of parts.entries()) {
    // Of a short word soon nothing is left.
    const atMost = Math.min(most - edits, Math.ceil(part.length / 3));
    const found = isParameter(part) ? 0 : editsBetween(part, given[place] ?? "", atMost);
    if (found > atMost) return undefined;
    edits += found;
  }
  return edits;
}
