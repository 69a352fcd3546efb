import { bearers, kinds, meters, nouns, routes } from "../app.ts";
import { isUnused, makeDemo } from "../demo/northwind.ts";
import { readConfig } from "../kernel/config.ts";
import { withConnection } from "../kernel/database/connection.ts";
import { buildWeb } from "../kernel/http/build-web.ts";
import { openMetrics } from "../kernel/http/metrics.ts";
import { startServer } from "../kernel/http/server.ts";
import { type Installation, openInstallation } from "../kernel/installation.ts";
import { mailboxUrl } from "../kernel/mail/mailbox.ts";
import { openServices, type Services } from "../kernel/services.ts";
import { measureTasks } from "../modules/tasks/public.ts";
import { printPeople } from "./demo.ts";
import { stopSignal } from "./interrupt.ts";
import { openWork } from "./work.ts";

/** Starts PostgreSQL, migrates, and serves, until it is told to stop. */
export async function serve(): Promise<void> {
  // Listened for from the beginning: a signal during the start must still stop PostgreSQL.
  const stopped = stopSignal();
  const config = readConfig();
  await buildWeb(console.log);
  const installation = await openInstallation(config, console.log);
  try {
    const services = openServices(installation.keyring, config, { kinds, nouns });
    await makeDemoAtFirst(installation, services);
    const metrics = openMetrics(installation.database);
    const server = await startServer(installation, services, { routes, bearers, meters, metrics }, config);
    // Now that the address is known that links in mails begin with.
    const work = openWork(installation, services, config, server.log, measureTasks(metrics, installation.database));
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

/** A new embedded database gets the demo organization, so that there is something to see. A server of one's own never does. */
async function makeDemoAtFirst({ server, database }: Installation, services: Services): Promise<void> {
  if (server.kind !== "embedded") return;
  await withConnection(server.admin, async (admin) => {
    if (await isUnused(admin)) printPeople(await makeDemo(database, services, admin));
  });
}
