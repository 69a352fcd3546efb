import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Database } from "../database/pool.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The operation's name. */
    operation?: string;
  }
}

const SECONDS_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** Serves `/metrics` for Prometheus: the process, the requests by operation and status, the pools. No tenant's data. */
export function registerMetrics(server: FastifyInstance, database: Database): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: "tenon_http_request_seconds",
    help: "Time from the request's head to the end of its answer.",
    labelNames: ["operation", "status"],
    buckets: SECONDS_BUCKETS,
    registers: [registry],
  });
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
  server.addHook("onResponse", (request, reply, done) => {
    const { operation = "other" } = request.routeOptions.config;
    seconds.observe({ operation, status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });
  server.get("/metrics", async (_, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}
