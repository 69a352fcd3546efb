import { Command } from "commander";
import { bearers, routes } from "../app.ts";
import { isUnused, makeDemo } from "../demo/northwind.ts";
import { readConfig } from "../kernel/config.ts";
import { withConnection } from "../kernel/database/connection.ts";
import { buildWeb } from "../kernel/http/build-web.ts";
import { startServer } from "../kernel/http/server.ts";
import { type Installation, openInstallation } from "../kernel/installation.ts";
import { openServices, type Services } from "../kernel/services.ts";
import { printPeople } from "./demo.ts";

/** `tenon start`: PostgreSQL, migrations, the web server, until it is told to stop. */
export function startCommand(): Command {
  return new Command("start").description("start the database and the web server").action(start);
}

async function start(): Promise<void> {
  // Listened for from the beginning: a signal during the start must still stop PostgreSQL.
  const stopped = stopSignal();
  const config = readConfig();
  await buildWeb(console.log);
  const installation = await openInstallation(config, console.log);
  try {
    const services = openServices(installation.keyring, config);
    await makeDemoAtFirst(installation, services);
    const server = await startServer(installation, services, { routes, bearers }, config);
    console.log(`Tenon is ready: ${server.address}`);
    await stopped;
    console.log("Stopping …");
    await server.close();
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

/** Resolves at the first SIGINT, SIGTERM or SIGHUP. A second one of the same kind ends the process at once, as it would anyway. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
}
