import { resolve } from "node:path";
import { type MailAddress, type MailServer, parseMailAddress, parseMailServer } from "./mail/server.ts";
import { type AllowedAddresses, parseAllowedAddresses } from "./outbound/addresses.ts";

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
  /** Where people find this installation, such as `https://tenon.example.com`; undefined means where it listens. */
  publicUrl: string | undefined;
  /** The proxies in front that may say for whom they ask: addresses and networks with commas between, or `loopback`. */
  trustedProxies: string | undefined;
  /** Name servers that are asked about customers' names, as `address` or `address:port`; none means the system's own. */
  dnsServers: string[];
  /** Where requests to addresses that customers give may go beside the public Internet; nowhere, unless told otherwise. */
  allowedAddresses: AllowedAddresses;
  /** The server that sends mail; undefined means that mail is kept and shown in the developer's mailbox. */
  mailServer: MailServer | undefined;
  /** Whom mail comes from; undefined means no-reply at the host of the public address. */
  mailFrom: MailAddress | undefined;
  /** Sign-ins, sign-ups and the like that one address may try in a minute. */
  signInsPerMinute: number;
  /** How many requests a minute this process takes from each key, person and organization; undefined means as many as come. */
  rateLimits: RateLimits | undefined;
  /** Origins of other sites whose pages may call the API with a token, such as `https://app.example.com`. */
  corsOrigins: string[];
  /** Most connections this process opens to PostgreSQL, all roles together. */
  connections: number;
  /** How many tasks run in this process at once; zero means that other processes do all that is done beside requests. */
  concurrency: number;
  /** How much is logged: what pino calls its levels. */
  logLevel: string;
};

export type LimitName = "key" | "person" | "organization";
/** How many requests a minute each may send, to this process: an API key, a person, and all of an organization together. */
export type RateLimits = Record<LimitName, number>;

/** Twice what a script sends that does a hundred requests a second. */
const RATE_LIMITS_DEFAULT: RateLimits = { key: 12_000, person: 12_000, organization: 60_000 };
const CONNECTIONS_DEFAULT = 40;
const SIGN_INS_PER_MINUTE_DEFAULT = 60;
const CONCURRENCY_DEFAULT = 20;
export const CONCURRENCY_MAX = 1_000;

/** The API key with which commands ask another installation (`TENON_API_KEY`). */
export function readApiKey(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  return environment.TENON_API_KEY || undefined;
}

/**
 * Reads the configuration from environment variables (`TENON_DATA`, `DATABASE_URL`, `TENON_ROLES`, `TENON_KEY`, `HOST`, `PORT`,
 * `TENON_URL`, `TENON_TRUST_PROXY`, `TENON_DNS`, `TENON_ALLOW_PRIVATE_ADDRESSES`, `TENON_SMTP_URL`, `TENON_MAIL_FROM`,
 * `TENON_SIGN_INS`, `TENON_RATE_LIMITS`, `TENON_CORS`, `TENON_CONNECTIONS`, `TENON_CONCURRENCY`, `TENON_LOG`). Throws an error
 * that names the variable when a value cannot be used.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  return {
    dataFolder: resolve(environment.TENON_DATA || ".data"),
    databaseUrl: environment.DATABASE_URL || undefined,
    rolePrefix: environment.TENON_ROLES || undefined,
    key: environment.TENON_KEY || undefined,
    host: environment.HOST || "127.0.0.1",
    port: wholeNumber(environment, "PORT", 1, 65_535),
    publicUrl: originOf(environment, "TENON_URL"),
    trustedProxies: environment.TENON_TRUST_PROXY || undefined,
    dnsServers: listIn(environment.TENON_DNS),
    allowedAddresses: allowedIn(environment, "TENON_ALLOW_PRIVATE_ADDRESSES"),
    mailServer: environment.TENON_SMTP_URL ? parseMailServer(environment.TENON_SMTP_URL) : undefined,
    mailFrom: environment.TENON_MAIL_FROM ? parseMailAddress(environment.TENON_MAIL_FROM) : undefined,
    signInsPerMinute: wholeNumber(environment, "TENON_SIGN_INS", 1, 1_000_000) ?? SIGN_INS_PER_MINUTE_DEFAULT,
    rateLimits: rateLimitsIn(environment, "TENON_RATE_LIMITS"),
    corsOrigins: listIn(environment.TENON_CORS).map((origin) => checkedOrigin("TENON_CORS", origin)),
    connections: wholeNumber(environment, "TENON_CONNECTIONS", 10, 10_000) ?? CONNECTIONS_DEFAULT,
    concurrency: wholeNumber(environment, "TENON_CONCURRENCY", 0, CONCURRENCY_MAX) ?? CONCURRENCY_DEFAULT,
    logLevel: environment.TENON_LOG || "warn",
  };
}

function listIn(text = ""): string[] {
  return text.split(",").filter((part) => part !== "");
}

/** `off`, or those that differ from the default, such as `person=600,organization=6000`. */
function rateLimitsIn(environment: NodeJS.ProcessEnv, name: string): RateLimits | undefined {
  const text = environment[name] ?? "";
  if (text === "off") return undefined;
  const limits = { ...RATE_LIMITS_DEFAULT };
  for (const part of listIn(text)) {
    const [, limit = "", count = ""] = /^(key|person|organization)=([1-9]\d{0,8})$/.exec(part) ?? [];
    if (limit === "")
      throw new Error(
        `${name} is "${text}", but must be off, or requests a minute such as key=600,person=600,organization=6000.`,
      );
    limits[limit as LimitName] = Number(count);
  }
  return limits;
}

function originOf(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const text = environment[name];
  return text ? checkedOrigin(name, text) : undefined;
}

function checkedOrigin(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href) return url.origin;
  throw new Error(`${name} is "${text}", but must be an address without a path, such as https://tenon.example.com.`);
}

function allowedIn(environment: NodeJS.ProcessEnv, name: string): AllowedAddresses {
  const text = environment[name] ?? "";
  const allowed = parseAllowedAddresses(text);
  if (allowed) return allowed;
  throw new Error(
    `${name} is "${text}", but must be addresses, networks and hosts with commas between, such as 10.0.0.0/8,search.internal.`,
  );
}

function wholeNumber(environment: NodeJS.ProcessEnv, name: string, min: number, max: number): number | undefined {
  const text = environment[name];
  if (!text) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(`${name} is "${text}", but must be a whole number from ${min} to ${max}.`);
}
