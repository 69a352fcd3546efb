import { PgBoss } from "pg-boss";
import { atEnd, testServer } from "../../test/harness.ts";
import type { Way } from "./bare.ts";

const BATCH = 100;
const WORKERS = 4;
const QUEUE = "nothing";
const ORGANIZATIONS = 4;
const RUNNING_MAX = 400;
const LEASE_SECONDS = 15;

/**
 * pg-boss, the most used queue of Node on PostgreSQL, by its workers: in batches as fast as they come, with an outcome for each job.
 * Like for like it has leases with a heartbeat too, and a limit for each organization that holds across processes.
 */
export async function openBoss({ isLikeForLike }: { isLikeForLike: boolean }): Promise<Way> {
  const { host, port, database, user, password } = testServer.admin;
  const schema = isLikeForLike ? "boss_alike" : "boss";
  const boss = new PgBoss({
    schema,
    host,
    port,
    database,
    user,
    password,
    max: 2 * WORKERS,
    schedule: false,
    supervise: false,
  });
  await boss.start();
  atEnd(() => boss.stop({ graceful: false }));
  await boss.createQueue(QUEUE, isLikeForLike ? { heartbeatSeconds: LEASE_SECONDS } : {});
  return {
    fill: async (tasks) => {
      await boss.deleteAllJobs(QUEUE);
      const jobs = Array.from({ length: tasks }, (_, n) => ({
        data: { n },
        ...(isLikeForLike && { group: { id: `organization ${n % ORGANIZATIONS}` } }),
      }));
      await boss.insert(QUEUE, jobs);
      await boss.getDb().executeSql(`vacuum analyze ${schema}.job`);
    },
    drain: async (tasks) => {
      let left = tasks;
      const { promise, resolve } = Promise.withResolvers<void>();
      const options = {
        batchSize: BATCH,
        localConcurrency: WORKERS,
        burstWhenBatchFull: true,
        perJobResults: true,
        ...(isLikeForLike && { groupConcurrency: RUNNING_MAX }),
      };
      await boss.work<{ n: number }>(QUEUE, options, async (jobs) => {
        left -= jobs.length;
        if (left === 0) resolve();
        return jobs.map(({ id, data }) => ({ id, status: "completed" as const, output: { done: data.n } }));
      });
      await promise;
      await boss.offWork(QUEUE, { wait: true });
    },
  };
}
