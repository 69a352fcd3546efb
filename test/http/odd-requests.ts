import type { InjectOptions } from "fastify";
import { z } from "zod";
import type { Endpoint } from "../../kernel/http/endpoint.ts";
import { adminOf, type Person } from "../harness.ts";
import { requestOf, verbRoutes } from "./requests.ts";
import { openTestServer, type TestHttpServer } from "./server.ts";
import { makeWorld, type World } from "./world.ts";

const AT_ONCE = 8;

export type Request = InjectOptions & { url: string };

/** What nobody means to send, of every type. */
const ODD: readonly unknown[] = [
  ...[null, true, -1, 1.5, 2 ** 31, 1e300, [], {}, [null], [[]], { "\0": "\0" }, { a: { b: [1e300] } }],
  ...["", " ", "\0", "\ud800", "x".repeat(50_000), "\u{1f600}".repeat(200), "\u202e\ufeff", "%00", "'; --", "1e999"],
  ...[
    "-1",
    "99999999999999999999",
    "infinity",
    "275760-09-13T00:00:00.000Z",
    "0000-01-01T00:00:00Z",
    "2026-01-01T00:00:00+23:00",
    "Factory",
  ],
  ...["é@xn--.example", "a@b", "10.0.0.0/99", "::ffff:1.2.3.4", "tot_a_b_c", "00000000-0000-0000-0000-000000000000"],
];
const WORDS = ODD.filter((odd) => typeof odd === "string" && odd.length < 10_000 && odd.isWellFormed()) as string[];
const BODIES: readonly [type: string, payload: string][] = [
  ["application/json", ""],
  ["application/json", "{"],
  ["application/json", "null"],
  ["application/json", "[]"],
  ["application/json", '"text"'],
  ["application/json", '{"__proto__": {"a": 1}, "constructor": {"prototype": {}}}'],
  ["application/json", `${"[".repeat(5_000)}${"]".repeat(5_000)}`],
  ["application/x-www-form-urlencoded", "a=1"],
  ["text/csv", "\0,\ud800\n\xff"],
  ["text/plain; charset=utf-99", "x"],
  ["nonsense", "x"],
];

function keysOf(shape: z.ZodType | undefined): string[] {
  return shape instanceof z.ZodObject ? Object.keys(shape.shape) : [];
}

/** Requests that differ from a good one in one thing each. */
export function* oddRequests(endpoint: Endpoint, good: Request): Generator<Request> {
  const separator = good.url.includes("?") ? "&" : "?";
  for (const key of [...keysOf(endpoint.query), "__proto__"]) {
    for (const word of WORDS) yield { ...good, url: `${good.url}${separator}${key}=${encodeURIComponent(word)}` };
    for (const query of [`${key}=a&${key}=b`, `${key}[]=a`, `${key}[a]=b`, `${key}=%`, `${key}=%ff%00`])
      yield { ...good, url: `${good.url}${separator}${query}` };
  }
  for (const word of ["%00", "%ff", "%2f..%2f", "x".repeat(199), "%F0%9F%98%80", "-", "null"])
    for (const [parameter] of endpoint.path.matchAll(/:\w+/g))
      yield { ...good, url: endpoint.path.replace(parameter, word).replaceAll(/:\w+/g, word) };
  if (!endpoint.body && endpoint.bodyMedia === "json") return;
  for (const [type, payload] of BODIES) yield { ...good, payload, headers: { "content-type": type } };
  // To derive the hash of a password takes its time: there, one of three has to do.
  const isCostly = keysOf(endpoint.body).includes("password");
  const odds = ODD.filter((_, place) => !isCostly || place % 3 === 0);
  for (const key of keysOf(endpoint.body))
    for (const odd of odds) yield { ...good, payload: { ...(good.payload as object), [key]: odd } };
}

/**
 * Sends odd requests to every route, of each route's one in `share`, and tells which were answered by an internal error. Which ones
 * goes by their place, so that the routes together meet all there is.
 */
export async function findInternalErrors(share: number): Promise<string[]> {
  const http = await openTestServer();
  const admin = await adminOf(http.database);
  let world: World = await makeWorld(http, admin);
  const isIntact = async ({ tenant }: World) =>
    (await http.ask(tenant.owner, { url: `/api/organizations/${tenant.slug}` })).statusCode === 200;
  const faults: string[] = [];
  for (const [index, { endpoint }] of verbRoutes.entries()) {
    if (!(await isIntact(world))) world = await makeWorld(http, admin);
    const requests = [...oddRequests(endpoint, requestOf(endpoint, world.ids))].filter(
      (_, place) => (place + index) % share === 0,
    );
    const person = endpoint.access === "anyone" ? undefined : world.tenant.owner;
    faults.push(...(await sendAll(http, person, requests)));
  }
  return faults;
}

/** Sends requests, some at once, and tells which were answered by an internal error. */
export async function sendAll(
  http: TestHttpServer,
  person: Person | undefined,
  requests: Request[],
): Promise<string[]> {
  const faults: string[] = [];
  const send = async (request: Request) => {
    // An answer that breaks off is one too: its status was sent before.
    const status = await http.ask(person, request).then(
      (answer) => answer.statusCode,
      () => 500,
    );
    if (status !== 500) return;
    const what = [request.method, request.url, JSON.stringify(request.payload)].join(" ");
    faults.push(what.length > 300 ? `${what.slice(0, 300)}…` : what);
  };
  for (let place = 0; place < requests.length; place += AT_ONCE)
    await Promise.all(requests.slice(place, place + AT_ONCE).map(send));
  return faults;
}
