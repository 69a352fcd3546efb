import { isIPv4 } from "node:net";
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import ipaddr from "ipaddr.js";
import { Problem } from "../errors.ts";

const WINDOW_MS = 60_000;
const ADDRESSES_MAX = 50_000;
/** What one household or server gets at least: who has one address of it has them all. */
const IPV6_PREFIX_GROUPS = 4;

/** Refuses a request when too many came from its address: a hook for the routes of one group, which it counts together. */
export type AddressLimit = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Lets requests be counted by address, in this process. An answer does not tell how many there were: it tells of nothing else than what was asked. */
export async function registerAddressLimit(server: FastifyInstance): Promise<void> {
  const silent = { "x-ratelimit-limit": false, "x-ratelimit-remaining": false, "x-ratelimit-reset": false };
  await server.register(rateLimit, {
    global: false,
    cache: ADDRESSES_MAX,
    keyGenerator: addressBucket,
    addHeaders: silent,
    addHeadersOnExceeding: silent,
  });
}

/** The limit of a group of routes: so many a minute from one address, all of them together. */
export function addressLimit(server: FastifyInstance, perMinute: number): AddressLimit {
  const handler = server.rateLimit({
    max: perMinute,
    timeWindow: WINDOW_MS,
    errorResponseBuilder: (_: FastifyRequest, { ttl }: { ttl: number }) =>
      new Problem("too_many_requests", {
        detail: `More than ${perMinute} requests a minute came from this address.`,
        hint: "Wait a moment, then try again.",
        retryAfterSeconds: Math.ceil(ttl / 1000),
      }),
  });
  return async (request, reply) => {
    await handler.call(server, request, reply);
  };
}

/** An IPv4 address as it is, an IPv6 address by its first 64 bits. */
export function addressBucket({ ip }: Pick<FastifyRequest, "ip">): string {
  if (!ipaddr.isValid(ip)) return ip;
  const address = ipaddr.process(ip);
  if (address.kind() === "ipv4") return address.toString();
  return `${(address as ipaddr.IPv6).parts
    .slice(0, IPV6_PREFIX_GROUPS)
    .map((part) => part.toString(16))
    .join(":")}::/64`;
}

/**
 * An address as the record keeps it and as allow-lists name it: IPv4 also where it came in the clothes of IPv6, and without a
 * zone. Undefined when it is no address, as a proxy may say.
 */
export function plainAddress(ip: string): string | undefined {
  if (isIPv4(ip)) return ip;
  if (!ipaddr.isValid(ip)) return undefined;
  return ipaddr.process(ip.replace(/%.*$/, "")).toString();
}
