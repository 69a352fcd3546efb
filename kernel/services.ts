import { lookup, Resolver } from "node:dns/promises";
import type { Config } from "./config.ts";
import type { Noun } from "./nouns/noun.ts";
import type { AllowedAddresses } from "./outbound/addresses.ts";
import type { Keyring } from "./secrets/keyring.ts";
import type { TaskDeclaration } from "./task-declaration.ts";

/** What verbs need beside the database, the same for the whole process. */
export type Services = {
  /** Seals what must be kept readable. */
  keyring: Keyring;
  /** Where people find this installation, such as `https://tenon.example.com`; links in mails begin with it. */
  publicUrl: string;
  /** Whether mail is sent; where it is not, the developer's mailbox shows it. */
  hasMailServer: boolean;
  /** The kinds of task that some module can run, by type. */
  kinds: ReadonlyMap<string, TaskDeclaration>;
  /** The nouns of all modules, by name. */
  nouns: ReadonlyMap<string, Noun>;
  /** Tells the workers of all processes that a task or mail was queued: they need not wait for their next look. */
  wakeWorkers(): void;
  /** The TXT records of a name, each in its pieces; rejects as `node:dns` does. */
  resolveTxt(name: string): Promise<string[][]>;
  /** The IPv4 and IPv6 addresses of a name that a customer gave; rejects as `node:dns` does. */
  resolveAddresses(name: string): Promise<string[]>;
  /** Where requests to addresses that customers give may go beside the public Internet. */
  allowedAddresses: AllowedAddresses;
};

/** Makes the services. The public address is filled in when the server listens, unless the configuration knows it. */
export function openServices(
  keyring: Keyring,
  config: Pick<Config, "publicUrl" | "dnsServers" | "mailServer" | "allowedAddresses">,
  { kinds = [], nouns = [] }: { kinds?: readonly TaskDeclaration[]; nouns?: readonly Noun[] } = {},
): Services {
  const resolver = new Resolver({ timeout: 3_000, tries: 2 });
  if (config.dnsServers.length > 0) resolver.setServers(config.dnsServers);
  return {
    keyring,
    publicUrl: config.publicUrl ?? "",
    hasMailServer: config.mailServer !== undefined,
    kinds: new Map(kinds.map((kind) => [kind.type, kind])),
    nouns: new Map(nouns.map((noun) => [noun.name, noun])),
    // Nobody listens until the worker has started, and then it looks by itself.
    wakeWorkers: () => undefined,
    resolveTxt: (name) => resolver.resolveTxt(name),
    resolveAddresses: (name) =>
      config.allowedAddresses.hosts.has(name) ? addressesHere(name) : addressesElsewhere(resolver, name),
    allowedAddresses: config.allowedAddresses,
  };
}

/** A host that the operator names is looked for as the system does: in its file of hosts, and under its own domain. */
async function addressesHere(name: string): Promise<string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}

/** The system's own look-up would take up a thread for as long as a customer's name server pleases. */
async function addressesElsewhere(resolver: Resolver, name: string): Promise<string[]> {
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const found = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
  const failed = answers.find((answer) => answer.status === "rejected");
  if (found.length === 0 && failed) throw failed.reason;
  return found;
}
