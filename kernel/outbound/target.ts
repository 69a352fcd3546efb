import { isIP } from "node:net";
import type { Services } from "../services.ts";
import { mayReach } from "./addresses.ts";
import { OutboundError } from "./errors.ts";

/** What outgoing requests need of the services. */
export type Outbound = Pick<Services, "resolveAddresses" | "allowedAddresses">;

export type Pinned = { address: string; family: 4 | 6 };

/** Where a request goes: its addresses were checked, and it connects to them and no others. */
export type Target = { url: URL; addresses: readonly Pinned[] };

const URL_LENGTH_MAX = 2_000;

/**
 * Checks the form of an address that a customer gave and every IP address that it leads to. Throws an `OutboundError`
 * (bad_url, unresolvable, refused_address). What is checked here says nothing about later: a request checks anew.
 */
export async function findTarget(outbound: Outbound, address: string): Promise<Target> {
  const url = parseAddress(address);
  const host = hostOf(url);
  const found = isIP(host) ? [host] : await resolve(outbound, host);
  // One that is not public among others is how a name is made to change its meaning between two look-ups.
  const refused = found.filter((candidate) => !mayReach(outbound.allowedAddresses, host, candidate));
  if (refused.length > 0) {
    // Which address it is stays here: names inside of the installation's network are nobody's business.
    throw new OutboundError(
      "refused_address",
      `${host} is not on the public Internet. Give an address that is, or ask the operator to allow this one.`,
      { cause: new Error(`${host} leads to ${refused.join(", ")}`) },
    );
  }
  return { url, addresses: found.map((candidate) => ({ address: candidate, family: isIP(candidate) === 6 ? 6 : 4 })) };
}

/** Checks the form alone. The URL parser has made plain IPv4 addresses out of 0x7f.1, 2130706433 and the like. */
function parseAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || address.length > URL_LENGTH_MAX)
    throw badUrl(
      `This is no address of at most ${URL_LENGTH_MAX} characters. Give one such as https://example.com/hook.`,
    );
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw badUrl(`${url.protocol} is not understood. Give an address that begins with https:// or http://.`);
  if (url.username !== "" || url.password !== "")
    throw badUrl(
      `The address at ${hostOf(url)} holds a name or password. Leave them out: whoever sees the address would see them.`,
    );
  if (url.port === "0")
    throw badUrl(`The address at ${hostOf(url)} has port 0, which nothing answers. Give another port.`);
  return url;
}

/** The host without the brackets of IPv6 and without the dot that may end a full name. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
}

async function resolve(outbound: Outbound, host: string): Promise<string[]> {
  const hint = "Check the address for typing errors, and that the name is known on the Internet.";
  let found: string[];
  try {
    found = await outbound.resolveAddresses(host);
  } catch (cause) {
    throw new OutboundError("unresolvable", `The name ${host} leads to no address. ${hint}`, { cause });
  }
  if (found.length === 0) throw new OutboundError("unresolvable", `The name ${host} leads to no address. ${hint}`);
  return found;
}

function badUrl(message: string): OutboundError {
  return new OutboundError("bad_url", message);
}
