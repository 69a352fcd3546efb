import { bearers, mails, routes, works } from "../app.ts";
import { isUnused, makeDemo } from "../demo/northwind.ts";
import { type Config, readConfig } from "../kernel/config.ts";
import { withConnection } from "../kernel/database/connection.ts";
import { PARTITION_WORK } from "../kernel/database/partitions.ts";
import { buildWeb } from "../kernel/http/build-web.ts";
import { type HttpServer, startServer } from "../kernel/http/server.ts";
import { type Installation, openInstallation } from "../kernel/installation.ts";
import { mailboxUrl } from "../kernel/mail/mailbox.ts";
import { defaultSender } from "../kernel/mail/server.ts";
import { openTransport } from "../kernel/mail/transport.ts";
import { mailWorks, SENDING } from "../kernel/mail/work.ts";
import { openServices, type Services } from "../kernel/services.ts";
import { startWork } from "../kernel/work.ts";
import { printPeople } from "./demo.ts";

/** Starts PostgreSQL, migrates, and serves, until it is told to stop. */
export async function serve(): Promise<void> {
  // Listened for from the beginning: a signal during the start must still stop PostgreSQL.
  const stopped = stopSignal();
  const config = readConfig();
  await buildWeb(console.log);
  const installation = await openInstallation(config, console.log);
  try {
    const services = openServices(installation.keyring, config);
    await makeDemoAtFirst(installation, services);
    const server = await startServer(installation, services, { routes, bearers }, config);
    const work = openWork(installation, services, config, server.log);
    if (!config.mailServer) console.log(`No mail server is configured: mails are shown at ${mailboxUrl(services)}`);
    console.log(`Tenon is ready: ${server.address}`);
    await stopped;
    console.log("Stopping …");
    await server.close();
    await work.close();
  } finally {
    await installation.close();
  }
}

/** Starts what is done beside requests, now that the address is known that links in mails begin with. */
function openWork(
  { database }: Installation,
  services: Services,
  { mailServer, mailFrom }: Config,
  log: HttpServer["log"],
): { close(): Promise<void> } {
  const transport = mailServer && openTransport(mailServer, mailFrom ?? defaultSender(services.publicUrl));
  const running = startWork([...mailWorks(mails, transport), PARTITION_WORK, ...works], { database, services }, log);
  services.wakeMail = () => running.wake(SENDING);
  return {
    close: async () => {
      await running.stop();
      transport?.close();
    },
  };
}

/** A new embedded database gets the demo organization, so that there is something to see. A server of one's own never does. */
async function makeDemoAtFirst({ server, database }: Installation, services: Services): Promise<void> {
  if (server.kind !== "embedded") return;
  await withConnection(server.admin, async (admin) => {
    if (await isUnused(admin)) printPeople(await makeDemo(database, services, admin));
  });
}

/** Resolves at the first SIGINT, SIGTERM or SIGHUP. A second one of the same kind ends the process at once, as it would anyway. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
}
