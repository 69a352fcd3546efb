import { randomUUID } from "node:crypto";
import cookie from "@fastify/cookie";
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import type { Registry } from "prom-client";
import type { Config } from "../config.ts";
import { PROBLEMS, Problem } from "../errors.ts";
import type { Installation } from "../installation.ts";
import { describeError } from "../log.ts";
import type { Services } from "../services.ts";
import { addressLimit, registerAddressLimit } from "./address-limit.ts";
import type { BearerReader } from "./credential.ts";
import { openEntrance } from "./entering.ts";
import { openListeners } from "./event-stream.ts";
import { listen } from "./listen.ts";
import type { CallMeter } from "./metering.ts";
import { registerMetrics } from "./metrics.ts";
import { describeApi } from "./openapi.ts";
import { documentOf, problemOf } from "./problem-document.ts";
import { checkReadiness } from "./readiness.ts";
import { registerRoute } from "./register.ts";
import type { Route } from "./route.ts";
import { registerSecurityHeaders } from "./security-headers.ts";
import { registerUnreadBodies } from "./unread-body.ts";
import { keepUse } from "./use.ts";
import { registerWeb } from "./web.ts";

const BODY_BYTES_MAX = 1024 * 1024;
const HEADERS_TIMEOUT_MS = 15_000;
/** An upload of 100 MB over a slow line still gets through. */
const REQUEST_TIMEOUT_MS = 10 * 60_000;
const PARAMETER_LENGTH_MAX = 200;
const RETRY_AFTER_SECONDS = 1;

/** What the web server needs of an installation. */
export type Served = Pick<Installation, "server" | "database">;

/** What the web server offers: the routes of all modules, the bearer tokens that they understand, and who counts the requests of keys. */
export type Offer = {
  routes: readonly Route[];
  bearers: readonly BearerReader[];
  meters?: readonly CallMeter[];
  /** What else of this process is measured; shown at `/metrics` with what the server measures. */
  metrics?: Registry;
};

type ServerConfig = Pick<Config, "logLevel" | "trustedProxies" | "signInsPerMinute"> & {
  log?: { write(line: string): void };
};

/** A web server that listens. */
export type HttpServer = {
  /** Where a browser finds it, such as `http://localhost:3000`. */
  address: string;
  /** The process's log. */
  log: FastifyBaseLogger;
  /** Finishes the requests under way, answers new ones with 503, then stops listening. */
  close(): Promise<void>;
};

/** Starts the web server. Throws when the wanted port is taken, and says how to choose another. */
export async function startServer(
  installation: Installation,
  services: Services,
  offer: Offer,
  config: Config,
): Promise<HttpServer> {
  const server = await buildServer(installation, services, offer, config);
  // By name: passkeys belong to names, and to no address of digits.
  const address = (await listen(server, config)).replace("//127.0.0.1:", "//localhost:");
  services.publicUrl ||= address;
  return { address, log: server.log, close: () => server.close() };
}

/** The server with all its routes, before it listens; tests ask it by `inject`. The log goes to standard output unless told otherwise. */
export async function buildServer(
  installation: Served,
  services: Services,
  { routes, bearers, meters = [], metrics }: Offer,
  config: ServerConfig,
): Promise<FastifyInstance> {
  const { database } = installation;
  const server = fastify({
    trustProxy: config.trustedProxies ?? false,
    logger: {
      level: config.logLevel,
      ...(config.log && { stream: config.log }),
      redact: ["req.headers.authorization", "req.headers.cookie"],
      serializers: { err: describeError },
    },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    http: { headersTimeout: HEADERS_TIMEOUT_MS },
    requestTimeout: REQUEST_TIMEOUT_MS,
    bodyLimit: BODY_BYTES_MAX,
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
    forceCloseConnections: "idle",
    // Fastify's own refusals are no problem documents: refuseWhileClosing and answerProblem give them.
    return503OnClosing: false,
    frameworkErrors: answerProblem,
  });
  await server.register(cookie);
  await registerAddressLimit(server);
  registerUnreadBodies(server);
  registerSecurityHeaders(server);
  acceptStreams(server);
  nameRequests(server);
  refuseWhileClosing(server);
  server.setErrorHandler(answerProblem);

  const desk = {
    database,
    services,
    entrance: openEntrance(database, services),
    readers: bearers,
    keepUse: keepUse(),
    meters,
    listeners: openListeners(server),
    limits: { sign_in: addressLimit(server, config.signInsPerMinute) },
  };
  server.addHook("onClose", async () => {
    for (const meter of meters) await meter.flush(database);
  });
  for (const route of routes) registerRoute(server, route, desk);
  registerMetrics(server, database, metrics);
  registerHealth(server, installation);
  const description = describeApi(routes.map((route) => route.endpoint));
  server.get("/api/openapi.json", async () => description);
  await registerWeb(server);
  return server;
}

/** Bodies that an endpoint reads by itself, piece by piece; no limit here, so each such endpoint has its own. */
function acceptStreams(server: FastifyInstance): void {
  const types = ["text/csv", "application/x-ndjson", "application/jsonl", "text/plain", "application/octet-stream"];
  server.removeContentTypeParser("text/plain");
  server.addContentTypeParser(types, (_, payload, done) => done(null, payload));
}

function nameRequests(server: FastifyInstance): void {
  server.addHook("onRequest", (request, reply, done) => {
    reply.header("x-request-id", request.id);
    if (request.url.startsWith("/api/")) reply.header("cache-control", "no-store");
    done();
  });
}

/** While the requests under way are finished, new ones on open connections are refused, and no connection is kept alive. */
function refuseWhileClosing(server: FastifyInstance): void {
  let closing = false;
  server.addHook("preClose", async () => {
    closing = true;
  });
  server.addHook("onRequest", (_request, _reply, done) => {
    if (!closing) return done();
    const detail = "The server is being stopped.";
    done(new Problem("too_busy", { detail, hint: "Try again in a moment.", retryAfterSeconds: RETRY_AFTER_SECONDS }));
  });
  server.addHook("onResponse", (request, _reply, done) => {
    if (closing) request.raw.socket.end();
    done();
  });
}

function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error);
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

function registerHealth(server: FastifyInstance, installation: Served): void {
  server.get("/healthz", async () => ({ status: "ok" }));
  server.get("/readyz", async (_, reply) => {
    const readiness = await checkReadiness(installation);
    return reply.code(readiness.ready ? 200 : 503).send(readiness);
  });
  server.get("/api/*", async () => {
    throw new Problem("not_found", { hint: "GET /api/openapi.json lists what there is." });
  });
}
