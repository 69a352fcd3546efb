import { Resolver } from "node:dns/promises";
import type { Config } from "./config.ts";
import type { Keyring } from "./secrets/keyring.ts";

/** What verbs need beside the database, the same for the whole process. */
export type Services = {
  /** Seals what must be kept readable. */
  keyring: Keyring;
  /** Where people find this installation, such as `https://tenon.example.com`; links in mails begin with it. */
  publicUrl: string;
  /** Whether mail is sent; where it is not, the developer's mailbox shows it. */
  hasMailServer: boolean;
  /** Tells the worker that mail was queued: it need not wait for its next look. */
  wakeMail(): void;
  /** The TXT records of a name, each in its pieces; rejects as `node:dns` does. */
  resolveTxt(name: string): Promise<string[][]>;
};

/** Makes the services. The public address is filled in when the server listens, unless the configuration knows it. */
export function openServices(
  keyring: Keyring,
  config: Pick<Config, "publicUrl" | "dnsServers" | "mailServer">,
): Services {
  const resolver = new Resolver({ timeout: 3_000, tries: 2 });
  if (config.dnsServers.length > 0) resolver.setServers(config.dnsServers);
  return {
    keyring,
    publicUrl: config.publicUrl ?? "",
    hasMailServer: config.mailServer !== undefined,
    // Nobody listens until the worker has started, and then it looks by itself.
    wakeMail: () => undefined,
    resolveTxt: (name) => resolver.resolveTxt(name),
  };
}
