import { Command, InvalidArgumentError } from "commander";
import { CONCURRENCY_MAX, readConfig } from "../kernel/config.ts";

const PORT_MAX = 65_535;

/** `tenon worker`: runs tasks, mail and chores without a web server, until it is told to stop. */
export function workerCommand(): Command {
  return new Command("worker")
    .description("run tasks and mail, without the web server")
    .option("--concurrency <number>", "how many tasks run at once (instead of TENON_CONCURRENCY)", readConcurrency)
    .option("--metrics <port>", "serve figures for Prometheus at this port of 127.0.0.1", readPort)
    .action(async ({ metrics, ...given }: { concurrency?: number; metrics?: number }) => {
      // All modules are most of the program: no other command waits for them to be read.
      const { runWorker } = await import("./run-worker.ts");
      await runWorker({ ...readConfig(), ...given }, metrics);
    });
}

function readConcurrency(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= CONCURRENCY_MAX) return value;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${CONCURRENCY_MAX}.`);
}

function readPort(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= PORT_MAX) return value;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${PORT_MAX}.`);
}
