import { resolve } from "node:path";
import type pg from "pg";
import type { Login } from "../connection.ts";
import { ensureCluster, hasCluster } from "./cluster.ts";
import { findEngine, installEngine, removeOtherEngines } from "./engine.ts";
import { codeOf, explainFailure } from "./failure.ts";
import { openHome } from "./home.ts";
import { Keeper } from "./keeper.ts";
import { ensurePassword } from "./password.ts";
import { reachServer, type Server, superuserLogin } from "./reach.ts";
import { removeLeftovers } from "./temporary.ts";

/** A PostgreSQL that runs for us, and that we start again when it dies. */
export type EmbeddedServer = {
  /** The superuser's login to the database `tenon`, through the Unix socket. */
  admin: Login;
  /** Another process had started it: then its settings are that one's, and its version may be. */
  attached: boolean;
  /** PostgreSQL's version, such as `18.4`. */
  version: string;
  /** Stops PostgreSQL and returns when it is gone; while others are connected to it, it is left to them. */
  close(): Promise<void>;
};

export type EmbeddedOptions = {
  /** PostgreSQL's settings for this start, such as `{ fsync: "off" }`; they go before its own files. */
  settings?: Record<string, string>;
  /** Told, when it happens, what an operator should know. */
  report?: (line: string) => void;
};

const DATABASE = "tenon";

/**
 * Opens the PostgreSQL of a data folder: makes what is missing, starts it or attaches to the one that runs.
 * Throws an error that says what to do: folder or disk unusable, another major version, no PostgreSQL for this system.
 */
export async function openEmbedded(dataFolder: string, options: EmbeddedOptions = {}): Promise<EmbeddedServer> {
  const folder = resolve(dataFolder);
  try {
    return await open(folder, options);
  } catch (error) {
    throw explainFailure(error, folder);
  }
}

async function open(
  folder: string,
  { settings = {}, report = () => undefined }: EmbeddedOptions,
): Promise<EmbeddedServer> {
  const engine = findEngine();
  const home = openHome(folder, report);
  hasCluster(home, engine);
  for (const place of new Set([home.folder, home.base, home.engines])) removeLeftovers(place);
  const password = ensurePassword(home.passwordFile);
  const bin = installEngine(engine, home.engines);
  await ensureCluster(home, engine, bin, password, settings.fsync !== "off");
  const server: Server = { home, bin, password, settings, report };
  const { keeper: client, attached } = await reachServer(server, new AbortController().signal);
  const keeper = new Keeper(server, client);
  try {
    if (!attached) removeOtherEngines(engine, home.engines);
    await ensureDatabase(client);
    const version = await readVersion(client);
    return { admin: superuserLogin(server, DATABASE), attached, version, close: () => keeper.close() };
  } catch (error) {
    await keeper.close();
    throw error;
  }
}

async function ensureDatabase(client: pg.Client): Promise<void> {
  const found = await client.query("select 1 from pg_database where datname = $1", [DATABASE]);
  if (found.rowCount) return;
  try {
    await client.query(`create database ${DATABASE}`);
  } catch (error) {
    // Another process made it in the same moment: 42P04 before, 23505 while we did.
    if (!/^(42P04|23505)$/.test(codeOf(error))) throw error;
  }
}

async function readVersion(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ server_version: string }>("show server_version");
  return rows[0]?.server_version ?? "";
}
