import pg from "pg";
import type { Login } from "./connection.ts";

/**
 * Asks PostgreSQL to cancel what a connection is running; the running statement then fails with 57014. The request goes over
 * a connection of its own, as the protocol demands, and is best effort: the statement may just have ended.
 */
export function cancelStatement(
  client: pg.PoolClient | pg.Client,
  server: Pick<Login, "host" | "port" | "ssl">,
): Promise<void> {
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
  const connection = new pg.Connection({
    ssl: server.ssl || false,
  } as pg.ConnectionConfig) as unknown as CancelConnection;
  return new Promise((resolve) => {
    connection.on("error", () => resolve());
    connection.on("end", () => resolve());
    connection.on(server.ssl ? "sslconnect" : "connect", () => connection.cancel(processID, secretKey));
    if (server.ssl) connection.on("connect", () => connection.requestSsl());
    if (server.host.startsWith("/")) connection.connect(`${server.host}/.s.PGSQL.${server.port}`);
    else connection.connect(server.port, server.host);
  });
}

/** The part of pg's Connection that its type declarations leave out. */
type CancelConnection = {
  on(event: string, listener: () => void): void;
  connect(portOrSocket: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: number): void;
};
