import { jobs, kinds, mails, works } from "../app.ts";
import type { Config } from "../kernel/config.ts";
import { PARTITION_WORK } from "../kernel/database/partitions.ts";
import type { Installation } from "../kernel/installation.ts";
import { defaultSender } from "../kernel/mail/server.ts";
import { openTransport } from "../kernel/mail/transport.ts";
import { mailJob, mailRetention } from "../kernel/mail/work.ts";
import type { Services } from "../kernel/services.ts";
import { idempotencyRetention } from "../kernel/tenancy/idempotency-work.ts";
import type { TaskMeter, WorkLog } from "../kernel/work.ts";
import { openSignal, startWorker } from "../modules/tasks/public.ts";

/** What is done beside requests, in this process. */
export type OpenWork = {
  /** Finishes what is under way, or puts it back after 25 seconds. */
  close(): Promise<void>;
};

/**
 * Starts what is done beside requests: tasks, mail and chores, `concurrency` of them at once, and has them begin as soon as something
 * is queued, here or in another process. With a concurrency of zero it only tells the others. The public address must be known: links
 * in mails begin with it.
 */
export function openWork(
  { database }: Pick<Installation, "database">,
  services: Services,
  { mailServer, mailFrom, concurrency }: Pick<Config, "mailServer" | "mailFrom" | "concurrency">,
  log: WorkLog,
  meter: TaskMeter,
): OpenWork {
  const transport = mailServer && openTransport(mailServer, mailFrom ?? defaultSender(services.publicUrl));
  const worker =
    concurrency > 0
      ? startWorker({
          database,
          services,
          kinds,
          jobs: [mailJob(mails, transport), ...jobs],
          works: [mailRetention, idempotencyRetention, PARTITION_WORK, ...works],
          concurrency,
          log,
          meter,
        })
      : undefined;
  const signal = openSignal(database, () => worker?.wake());
  services.wakeWorkers = () => {
    worker?.wake();
    signal.send();
  };
  return {
    close: async () => {
      await worker?.stop();
      await signal.close();
      transport?.close();
    },
  };
}
