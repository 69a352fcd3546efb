import { resolve } from "node:path";

/** What the environment decides. The only file that reads it. */
export type Config = {
  /** Folder of the embedded database, the key and the files; absolute. */
  dataFolder: string;
  /** A PostgreSQL server of one's own; undefined means the embedded one. */
  databaseUrl: string | undefined;
  /** First part of the database roles' names (`tenon` → `tenon_member`); undefined means the database's name. */
  rolePrefix: string | undefined;
  /** The key as 64 hexadecimal digits, and older ones after commas; undefined means the file in the data folder. */
  key: string | undefined;
  /** Address and port to listen on; an undefined port means the first free one from 3000. */
  host: string;
  port: number | undefined;
  /** Most connections this process opens to PostgreSQL, all roles together. */
  connections: number;
  /** How much is logged: what pino calls its levels. */
  logLevel: string;
};

const CONNECTIONS_DEFAULT = 40;

/**
 * Reads the configuration from environment variables (`TENON_DATA`, `DATABASE_URL`, `TENON_ROLES`, `TENON_KEY`, `HOST`, `PORT`,
 * `TENON_CONNECTIONS`, `TENON_LOG`). Throws an error that names the variable when a value cannot be used.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  return {
    dataFolder: resolve(environment.TENON_DATA || ".data"),
    databaseUrl: environment.DATABASE_URL || undefined,
    rolePrefix: environment.TENON_ROLES || undefined,
    key: environment.TENON_KEY || undefined,
    host: environment.HOST || "127.0.0.1",
    port: wholeNumber(environment, "PORT", 1, 65_535),
    connections: wholeNumber(environment, "TENON_CONNECTIONS", 10, 10_000) ?? CONNECTIONS_DEFAULT,
    logLevel: environment.TENON_LOG || "warn",
  };
}

function wholeNumber(environment: NodeJS.ProcessEnv, name: string, min: number, max: number): number | undefined {
  const text = environment[name];
  if (!text) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(`${name} is "${text}", but must be a whole number from ${min} to ${max}.`);
}
