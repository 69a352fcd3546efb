import { Command } from "commander";
import { readConfig } from "../kernel/config.ts";
import { startServer } from "../kernel/http/server.ts";
import { openInstallation } from "../kernel/installation.ts";

/** `tenon start`: PostgreSQL, migrations, the web server, until it is told to stop. */
export function startCommand(): Command {
  return new Command("start").description("start the database and the web server").action(start);
}

async function start(): Promise<void> {
  // Listened for from the beginning: a signal during the start must still stop PostgreSQL.
  const stopped = stopSignal();
  const config = readConfig();
  const installation = await openInstallation(config, console.log);
  try {
    const server = await startServer(installation, config);
    console.log(`Tenon is ready: ${server.address}`);
    await stopped;
    console.log("Stopping …");
    await server.close();
  } finally {
    await installation.close();
  }
}

/** Resolves at the first SIGINT, SIGTERM or SIGHUP. A second one of the same kind ends the process at once, as it would anyway. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
}
