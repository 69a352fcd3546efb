import pg from "pg";
import { parse } from "pg-connection-string";
import type { Config } from "../config.ts";
import { type Login, withConnection } from "./connection.ts";
import { openEmbedded } from "./embedded/embedded.ts";
import { judgeVersion } from "./version.ts";

/** A running PostgreSQL and the administrator's way in. */
export type DatabaseServer = {
  admin: Login;
  kind: "embedded" | "external";
  /** Lets go of the server; an embedded one stops when nobody else uses it. */
  close(): Promise<void>;
};

/**
 * Opens the database server: the one of `DATABASE_URL`, else the embedded one in the data folder. `report` gets lines for
 * the screen. Throws when it cannot be reached, is too old, or gives too few connections.
 */
export async function openServer(config: Config, report: (line: string) => void): Promise<DatabaseServer> {
  const server = config.databaseUrl ? externalServer(config.databaseUrl) : await embeddedServer(config, report);
  try {
    await checkServer(server.admin, config, report);
    return server;
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function embeddedServer(config: Config, report: (line: string) => void): Promise<DatabaseServer> {
  const embedded = await openEmbedded(config.dataFolder, { report });
  return { admin: embedded.admin, kind: "embedded", close: () => embedded.close() };
}

function externalServer(url: string): DatabaseServer {
  return { admin: parseDatabaseUrl(url), kind: "external", close: async () => undefined };
}

/** Takes a PostgreSQL URL apart. Throws when it names no database or user. */
export function parseDatabaseUrl(url: string): Login {
  const { host, port, database, user, password, ssl } = parse(url);
  if (!database || !user) {
    throw new Error("DATABASE_URL must name a user and a database: postgres://user:password@host:5432/database");
  }
  return {
    host: host || "localhost",
    port: Number(port || 5432),
    database,
    user,
    password: password ?? "",
    ssl: ssl as pg.ClientConfig["ssl"],
  };
}

async function checkServer(admin: Login, config: Config, report: (line: string) => void): Promise<void> {
  try {
    await withConnection(admin, async (client) => {
      const { rows } = await client.query<{ version: string; free: string }>(
        `select current_setting('server_version_num') as version,
                current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as free`,
      );
      const warning = judgeVersion(Number(rows[0]?.version));
      if (warning) report(warning);
      const free = Number(rows[0]?.free);
      if (config.connections > free) {
        throw new Error(
          `This server allows ${free} connections, fewer than the ${config.connections} that TENON_CONNECTIONS asks for. Lower the one or raise max_connections.`,
        );
      }
    });
  } catch (error) {
    throw explainUnreachable(error, admin);
  }
}

function explainUnreachable(error: unknown, admin: Login): unknown {
  const code = (error as { code?: string }).code;
  const place = `${admin.host}:${admin.port}`;
  if (code === "ECONNREFUSED" || code === "ENOENT")
    return new Error(`No PostgreSQL answers at ${place}. Is it running?`, { cause: error });
  if (code === "ENOTFOUND")
    return new Error(`DATABASE_URL names the host ${admin.host}, which cannot be found.`, { cause: error });
  if (code === "28P01" || code === "28000")
    return new Error(`PostgreSQL at ${place} refuses the login of DATABASE_URL as ${admin.user}.`, { cause: error });
  if (code === "3D000")
    return new Error(`There is no database ${admin.database} at ${place}. Create it: createdb ${admin.database}`, {
      cause: error,
    });
  return error instanceof pg.DatabaseError
    ? new Error(`PostgreSQL at ${place}: ${error.message}`, { cause: error })
    : error;
}
