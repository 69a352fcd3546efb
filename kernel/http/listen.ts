import type { FastifyInstance } from "fastify";
import type { Config } from "../config.ts";

const PORT_FIRST = 3000;
const PORT_LAST = 3019;

/** Listens on the configured port, or on the first free one from 3000. Resolves with the address. */
export async function listen(server: FastifyInstance, { host, port }: Config): Promise<string> {
  return port === undefined ? await listenOnFreePort(server, host) : await listenOn(server, host, port);
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

async function listenOn(server: FastifyInstance, host: string, port: number): Promise<string> {
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
