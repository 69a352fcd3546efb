import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = [Address, number];

/** Where requests to addresses that customers give may go beside the public Internet. */
export type AllowedAddresses = { networks: readonly Network[]; hosts: ReadonlySet<string> };

export const NONE_ALLOWED: AllowedAddresses = { networks: [], hosts: new Set() };

/** All of IPv6 that was ever given out for the Internet. */
const GLOBAL_UNICAST: Network = [ipaddr.parse("2000::"), 3];
/** It looks public, but is the host of a virtual machine at Azure, which gives away what the machine may do. */
const MACHINE_HOSTS = ["168.63.129.16"];

const HOST = /^[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?$/;

/**
 * Reads `127.0.0.1, 10.0.0.0/8, fd00::/8, search.internal`: addresses, networks and names of hosts with commas between.
 * Undefined when a part is none of them.
 */
export function parseAllowedAddresses(text: string): AllowedAddresses | undefined {
  const networks: Network[] = [];
  const hosts = new Set<string>();
  for (const part of text.split(",").map((piece) => piece.trim().toLowerCase())) {
    if (part === "") continue;
    const network = networkOf(part);
    if (network) networks.push(network);
    else if (isHostName(part)) hosts.add(part);
    else return undefined;
  }
  return { networks, hosts };
}

/** What a URL would take for an address in another spelling is none. */
function isHostName(text: string): boolean {
  return HOST.test(text) && URL.canParse(`http://${text}`) && new URL(`http://${text}`).hostname === text;
}

/** Only what has four decimal parts is IPv4 here: other spellings would hide how much is allowed. */
function networkOf(text: string): Network | undefined {
  const [address = "", ...prefix] = text.split("/");
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return undefined;
  if (prefix.length > 0) return ipaddr.isValidCIDR(text) ? ipaddr.parseCIDR(text) : undefined;
  const parsed = ipaddr.parse(address);
  return [parsed, parsed.kind() === "ipv4" ? 32 : 128];
}

/** Whether a request to an address that a customer gave may go to this address, which `host` led to. */
export function mayReach(allowed: AllowedAddresses, host: string, address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return allowed.hosts.has(host) || isWithin(allowed.networks, parsed) || isPublic(parsed);
}

function isWithin(networks: readonly Network[], address: Address): boolean {
  return networks.some((network) => network[0].kind() === address.kind() && address.match(network));
}

/** On the Internet and nowhere else. IPv4 in the clothes of IPv6 counts as what it leads to; tunnels lead nowhere. */
function isPublic(address: Address): boolean {
  if (address.kind() === "ipv4") return address.range() === "unicast" && !MACHINE_HOSTS.includes(address.toString());
  const inner = translatedAddress(address as ipaddr.IPv6);
  if (inner) return isPublic(inner);
  return address.range() === "unicast" && address.match(GLOBAL_UNICAST);
}

/** The IPv4 address that a gateway between the two Internets (NAT64, 64:ff9b::/96) makes of an IPv6 address. */
function translatedAddress(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  if (!address.match([ipaddr.parse("64:ff9b::"), 96])) return undefined;
  return new ipaddr.IPv4(address.toByteArray().slice(-4));
}
