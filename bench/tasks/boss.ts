import { hostname } from "node:os";
import { PgBoss } from "pg-boss";
import { atEnd, testServer } from "../../test/harness.ts";
import type { Way } from "./bare.ts";

const BATCH = 100;
const WORKERS = 4;
const QUEUE = "nothing";
const ORGANIZATIONS = 4;
const RUNNING_MAX = 400;
const LEASE_SECONDS = 15;

const KEEP = `create table boss_alike.attempts (
    job_id uuid not null, attempt integer not null, worker text not null, status text not null, started_at timestamptz not null,
    ended_at timestamptz not null default clock_timestamp(), primary key (job_id, attempt));
  create table boss_alike.record (
    id uuid primary key default kernel.uuid_v7(), operation text not null, details jsonb not null, created_at timestamptz not null default now())`;
const WRITE_DOWN = `with tried as (
    insert into boss_alike.attempts (job_id, attempt, worker, status, started_at)
      select (j ->> 'id')::uuid, (j ->> 'attempt')::integer, $2, 'succeeded', $3::timestamptz from jsonb_array_elements($1::jsonb) j
      returning job_id)
  insert into boss_alike.record (operation, details)
    select 'update', jsonb_build_object('rows', count(*), 'ids', jsonb_agg(job_id)) from tried`;

/**
 * pg-boss, the most used queue of Node on PostgreSQL, by its workers: in batches as fast as they come, with an outcome for each job.
 * Like for like it does what the engine does: leases with a heartbeat, a limit for each organization that holds across processes, and,
 * written by its worker for a whole batch at once, in a transaction of its own, each attempt and an entry of the record.
 */
export async function openBoss({ isLikeForLike }: { isLikeForLike: boolean }): Promise<Way> {
  const { host, port, database, user, password } = testServer.admin;
  const worker = `${hostname()}:${process.pid}`;
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
  if (isLikeForLike) await boss.getDb().executeSql(KEEP);
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
        const began = new Date().toISOString();
        if (isLikeForLike) {
          const tried = JSON.stringify(jobs.map(({ id }) => ({ id, attempt: 1 })));
          await boss.getDb().executeSql(WRITE_DOWN, [tried, worker, began]);
        }
        left -= jobs.length;
        if (left === 0) resolve();
        return jobs.map(({ id, data }) => ({ id, status: "completed" as const, output: { done: data.n } }));
      });
      await promise;
      await boss.offWork(QUEUE, { wait: true });
    },
  };
}
