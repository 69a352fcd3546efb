import { kinds, nouns } from "../app.ts";
import type { Config } from "../kernel/config.ts";
import { openMetrics, serveMetrics } from "../kernel/http/metrics.ts";
import { openInstallation } from "../kernel/installation.ts";
import { openLog } from "../kernel/log.ts";
import { openServices } from "../kernel/services.ts";
import { measureTasks } from "../modules/tasks/public.ts";
import { stopSignal } from "./interrupt.ts";
import { openWork } from "./work.ts";

/** Starts PostgreSQL, migrates, and runs tasks, mail and chores, until it is told to stop; shows figures of it at a port, if one is given. */
export async function runWorker(config: Config, metricsPort: number | undefined): Promise<void> {
  // Listened for from the beginning: a signal during the start must still stop PostgreSQL.
  const stopped = stopSignal();
  if (config.concurrency === 0)
    throw new Error("TENON_CONCURRENCY is 0, so there is nothing to do. Give --concurrency a number from 1.");
  // A server knows where it listens; a worker would send mails whose links lead nowhere.
  if (!config.publicUrl)
    throw new Error("Set TENON_URL to where people find this installation: the links in mails begin with it.");
  const installation = await openInstallation(config, console.log, "worker");
  try {
    const services = openServices(installation.keyring, config, { kinds, nouns });
    const metrics = openMetrics(installation.database);
    const meter = measureTasks(metrics, installation.database);
    const work = openWork(installation, services, config, openLog(config.logLevel), meter);
    const shown = metricsPort === undefined ? undefined : await serveMetrics(metrics, metricsPort);
    if (shown) console.log(`Figures for Prometheus: ${shown.address}`);
    console.log(`The worker is ready: ${config.concurrency} tasks at once.`);
    await stopped;
    console.log("Stopping …");
    await work.close();
    await shown?.close();
  } finally {
    await installation.close();
  }
}
