import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import ipaddr from "ipaddr.js";
import { Problem } from "../errors.ts";

const WINDOW_MS = 60_000;
const ADDRESSES_MAX = 50_000;
/** What one household or server gets at least: who has one address of it has them all. */
const IPV6_PREFIX_GROUPS = 4;

/** Counts requests by address for the routes that ask for it, in this process. */
export async function registerAddressLimit(server: FastifyInstance): Promise<void> {
  await server.register(rateLimit, { global: false, cache: ADDRESSES_MAX, keyGenerator: addressBucket });
}

/** The setting of a route whose requests are counted, together with all others of the group: so many a minute from one address. */
export function addressLimit(group: string, perMinute: number) {
  return {
    groupId: group,
    max: perMinute,
    timeWindow: WINDOW_MS,
    errorResponseBuilder: (_: FastifyRequest, { ttl }: { ttl: number }) =>
      new Problem("too_many_requests", {
        detail: `More than ${perMinute} requests a minute came from this address.`,
        hint: "Wait a moment, then try again.",
        retryAfterSeconds: Math.ceil(ttl / 1000),
      }),
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
  if (!ipaddr.isValid(ip)) return undefined;
  return ipaddr.process(ip.replace(/%.*$/, "")).toString();
}
