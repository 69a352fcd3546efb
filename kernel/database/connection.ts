import pg from "pg";

/** How to log in to one database as one role. `host` may be the folder of a Unix socket. */
export type Login = {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
  ssl?: pg.ClientConfig["ssl"];
};

/**
 * Opens one connection outside of every pool, for the administrator's work: migrations, backups, checks.
 * The caller ends it. A broken connection makes the next query fail instead of ending the process.
 */
export async function connect(login: Login, applicationName = "tenon"): Promise<pg.Client> {
  const client = new pg.Client({ ...login, application_name: applicationName });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

/** Opens a connection, runs `work` on it and closes it, whatever happens. */
export async function withConnection<T>(login: Login, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(login);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
