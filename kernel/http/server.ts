import { randomUUID } from "node:crypto";
import cookie from "@fastify/cookie";
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyServerOptions,
  LogController,
} from "fastify";
import type { Registry } from "prom-client";
import type { Config } from "../config.ts";
import { Problem } from "../errors.ts";
import type { Installation } from "../installation.ts";
import { describeError } from "../log.ts";
import type { Services } from "../services.ts";
import { addressLimit, registerAddressLimit } from "./address-limit.ts";
import { answerProblem } from "./answer-problem.ts";
import { registerCors } from "./cors.ts";
import type { BearerReader } from "./credential.ts";
import { registerDescription } from "./description.ts";
import { openEntrance } from "./entering.ts";
import { openListeners } from "./event-stream.ts";
import { registerKnownPaths } from "./known-paths.ts";
import { listen } from "./listen.ts";
import { STREAM_TYPES } from "./media.ts";
import type { CallMeter } from "./metering.ts";
import { registerMetrics } from "./metrics.ts";
import { openRateLimits } from "./rate-limit.ts";
import { checkReadiness } from "./readiness.ts";
import { BODY_BYTES_MAX, type Desk, registerRoute } from "./register.ts";
import type { Route } from "./route.ts";
import { registerSecurityHeaders } from "./security-headers.ts";
import { registerUnreadBodies } from "./unread-body.ts";
import { keepUse } from "./use.ts";
import { registerVersions } from "./version.ts";
import { registerWeb } from "./web.ts";

const HEADERS_TIMEOUT_MS = 15_000;
/** An upload of 100 MB over a slow line still gets through. */
const REQUEST_TIMEOUT_MS = 10 * 60_000;
const PARAMETER_LENGTH_MAX = 200;
const RETRY_AFTER_SECONDS = 1;
const CALLERS_ID = /^[\w.:-]{1,128}$/;

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

type ServerConfig = Pick<Config, "logLevel" | "trustedProxies" | "signInsPerMinute"> &
  Partial<Pick<Config, "rateLimits" | "corsOrigins">> & { log?: { write(line: string): void } };

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
    childLoggerFactory: nameInLog,
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
  registerCors(server, config.corsOrigins ?? []);
  registerVersions(server);
  registerKnownPaths(server);
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
    rates: openRateLimits(config.rateLimits),
    limits: { sign_in: addressLimit(server, config.signInsPerMinute) },
  };
  server.addHook("onClose", async () => {
    for (const meter of meters) await meter.flush(database);
  });
  for (const route of routes) await registerAmongOthers(server, route, desk);
  registerMetrics(server, database, metrics);
  registerHealth(server, installation);
  registerDescription(
    server,
    routes.map((route) => route.endpoint),
  );
  await registerWeb(server);
  return server;
}

/** A route that reads other types of body piece by piece than the rest has a place of its own, where nothing else parses them. */
async function registerAmongOthers(server: FastifyInstance, route: Route, desk: Desk): Promise<void> {
  const { bodyTypes } = route.endpoint;
  if (!bodyTypes) return registerRoute(server, route, desk);
  await server.register(async (place) => {
    place.removeContentTypeParser([...bodyTypes]);
    place.addContentTypeParser([...bodyTypes], (_, payload, done) => done(null, payload));
    registerRoute(place, route, desk);
  });
}

/** No limit here: each endpoint that reads its body piece by piece has its own. */
function acceptStreams(server: FastifyInstance): void {
  server.removeContentTypeParser("text/plain");
  server.addContentTypeParser([...STREAM_TYPES], (_, payload, done) => done(null, payload));
}

function nameRequests(server: FastifyInstance): void {
  server.addHook("onRequest", (request, reply, done) => {
    reply.header("x-request-id", request.id);
    if (request.url.startsWith("/api/")) reply.header("cache-control", "no-store");
    done();
  });
}

/** A caller's own name of a request stands in the log beside ours, where it is of a form that cannot mislead a reader. */
const nameInLog: FastifyServerOptions["childLoggerFactory"] = (logger, bindings, options, { headers }) => {
  const own = headers["x-request-id"];
  const isPlain = typeof own === "string" && CALLERS_ID.test(own);
  return logger.child(isPlain ? { ...bindings, callerRequestId: own } : bindings, options);
};

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

function registerHealth(server: FastifyInstance, installation: Served): void {
  server.get("/healthz", async () => ({ status: "ok" }));
  server.get("/readyz", async (_, reply) => {
    const readiness = await checkReadiness(installation);
    return reply.code(readiness.ready ? 200 : 503).send(readiness);
  });
}
