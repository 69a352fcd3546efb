import assert from "node:assert/strict";
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from "fastify";
import { bearers, meters, nouns, routes } from "../../app.ts";
import type { RateLimits } from "../../kernel/config.ts";
import type { Database } from "../../kernel/database/pool.ts";
import type { Route } from "../../kernel/http/route.ts";
import { buildServer } from "../../kernel/http/server.ts";
import { parseAllowedAddresses } from "../../kernel/outbound/addresses.ts";
import type { Services } from "../../kernel/services.ts";
import { tokenOf } from "../../kernel/tenancy/credential.ts";
import { atEnd, openTestDatabase, type Person, testServer, testServices } from "../harness.ts";
import { testKinds } from "./kinds.ts";

/** The nouns of the application. */
export const nounsByName = new Map(nouns.map((noun) => [noun.name, noun]));

/** Services that may ask servers of this machine as if they were on the Internet. */
export function localServices(own: Partial<Services> = {}): Services {
  const allowedAddresses = parseAllowedAddresses("127.0.0.1");
  if (!allowedAddresses) throw new Error("This machine is not understood.");
  return testServices({ kinds: testKinds, nouns: nounsByName, allowedAddresses, ...own });
}

/** The whole web server on the test database. */
export type TestHttpServer = {
  server: FastifyInstance;
  database: Database;
  /** The log so far, a line of JSON each, whatever its level. */
  log: string[];
  /** Sends a request as a person, by their token, or as nobody. */
  ask(person: Person | undefined, request: InjectOptions): Promise<LightMyRequestResponse>;
};

/** Builds the server with all routes of the application and the given ones, and closes it after the file's tests. */
export async function openTestServer(
  more: readonly Route[] = [],
  own: {
    database?: Database;
    services?: Services;
    signInsPerMinute?: number;
    trustedProxies?: string;
    rateLimits?: RateLimits;
    corsOrigins?: string[];
  } = {},
): Promise<TestHttpServer> {
  const {
    database = openTestDatabase(),
    services = testServices({ kinds: testKinds, nouns: nounsByName }),
    ...settings
  } = own;
  const log: string[] = [];
  const installation = {
    database,
    server: { admin: testServer.admin, kind: "external" as const, close: async () => undefined },
  };
  const config = {
    logLevel: "trace",
    log: { write: (line: string) => void log.push(line) },
    trustedProxies: undefined,
    signInsPerMinute: 100_000,
    ...settings,
  };
  const server = await buildServer(installation, services, { routes: [...routes, ...more], bearers, meters }, config);
  atEnd(() => server.close());
  const ask: TestHttpServer["ask"] = (person, { headers, ...request }) =>
    server.inject({ ...request, headers: { ...headers, ...(person && authorization(person)) } });
  return { server, database, log, ask };
}

/** The header by which a person is known. */
export function authorization({ credential }: Person): { authorization: string } {
  return { authorization: `Bearer ${tokenOf(credential)}` };
}

/** What was answered, as JSON, to a request that must succeed: with one of these statuses. */
export async function answered<Answer = unknown>(
  asked: Promise<LightMyRequestResponse>,
  statuses: readonly number[] = [200, 204],
): Promise<Answer> {
  const { statusCode, body, raw } = await asked;
  assert.ok(statuses.includes(statusCode), `${raw.req.method} ${raw.req.url}: ${statusCode} ${body}`);
  const answer = body === "" ? undefined : JSON.parse(body);
  return answer;
}

/** All that a caller can tell two answers apart by, but for the request's id and the time. */
export function essenceOf({ statusCode, headers, body }: LightMyRequestResponse) {
  const { "x-request-id": id, date: _, ...rest } = headers;
  return { statusCode, headers: rest, body: body.replaceAll(String(id), "REQUEST") };
}
