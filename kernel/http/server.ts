import fastify, { type FastifyInstance } from "fastify";
import type { Config } from "../config.ts";
import type { Installation } from "../installation.ts";
import { checkReadiness } from "./readiness.ts";
import { statusPage } from "./status-page.ts";

const PORT_FIRST = 3000;
const PORT_LAST = 3019;
const REQUEST_TIMEOUT_MS = 30_000;
const BODY_BYTES_MAX = 1024 * 1024;

/** A web server that listens. */
export type HttpServer = {
  /** Where a browser finds it, such as `http://127.0.0.1:3000`. */
  address: string;
  /** Finishes the requests under way, then stops listening. */
  close(): Promise<void>;
};

/** Starts the web server. Throws when the wanted port is taken, and says how to choose another. */
export async function startServer(installation: Installation, config: Config): Promise<HttpServer> {
  const server = fastify({ requestTimeout: REQUEST_TIMEOUT_MS, bodyLimit: BODY_BYTES_MAX });
  server.get("/healthz", async () => ({ status: "ok" }));
  server.get("/readyz", async (_, reply) => {
    const readiness = await checkReadiness(installation);
    return reply.code(readiness.ready ? 200 : 503).send(readiness);
  });
  server.get("/", async (_, reply) =>
    reply.type("text/html; charset=utf-8").send(statusPage(await checkReadiness(installation))),
  );
  const address = config.port
    ? await listen(server, config.host, config.port)
    : await listenOnFreePort(server, config.host);
  return { address, close: () => server.close() };
}

async function listenOnFreePort(server: FastifyInstance, host: string): Promise<string> {
  for (let port = PORT_FIRST; ; port++) {
    try {
      return await server.listen({ host, port });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || port === PORT_LAST) throw error;
    }
  }
}

async function listen(server: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE")
      throw new Error(`Port ${port} is taken by another program. Set PORT to a free one.`, { cause: error });
    if (code === "EACCES")
      throw new Error(`Port ${port} may not be used by this user. Set PORT to one above 1023.`, { cause: error });
    throw error;
  }
}
