import { createServer } from "node:http";
import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Database } from "../database/pool.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The operation's name. */
    operation?: string;
    /** The media types of the body that it takes. */
    bodyTypes?: readonly string[];
  }
}

const SECONDS_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** What is measured of every process: the process itself, and its connections. Others add theirs to it. */
export function openMetrics(database: Database): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: "tenon_database_connections",
    help: "Connections by database role and state; waiting are requests.",
    labelNames: ["role", "state"],
    registers: [registry],
    collect() {
      for (const [role, states] of Object.entries(database.statistics())) {
        for (const [state, count] of Object.entries(states)) this.set({ role, state }, count);
      }
    },
  });
  return registry;
}

/** Serves `/metrics` for Prometheus: what is measured of the process, and the requests by operation and status. No tenant's data. */
export function registerMetrics(server: FastifyInstance, database: Database, registry = openMetrics(database)): void {
  const seconds = new Histogram({
    name: "tenon_http_request_seconds",
    help: "Time from the request's head to the end of its answer.",
    labelNames: ["operation", "status"],
    buckets: SECONDS_BUCKETS,
    registers: [registry],
  });
  server.addHook("onResponse", (request, reply, done) => {
    const { operation = "other" } = request.routeOptions.config;
    seconds.observe({ operation, status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });
  server.get("/metrics", async (_, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}

/**
 * Serves what a process measures that serves nothing else, at `http://HOST:PORT/metrics`; port 0 takes a free one. Rejects when the
 * port is taken.
 */
export async function serveMetrics(
  registry: Registry,
  port: number,
  host = "127.0.0.1",
): Promise<{ address: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.url !== "/metrics") return void response.writeHead(404).end();
    registry.metrics().then(
      (text) => response.writeHead(200, { "content-type": registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(port, host, resolve);
  await listening;
  const address = server.address();
  const at = typeof address === "object" && address ? address.port : port;
  return {
    address: `http://${host.includes(":") ? `[${host}]` : host}:${at}/metrics`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}
