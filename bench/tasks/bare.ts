import pg from "pg";
import { runBatch } from "../../kernel/database/batch.ts";
import { atEnd, testServer } from "../../test/harness.ts";

const BATCH = 100;
const CALLERS = 4;

/** A way of working through trivial tasks: puts so many in line, and works until all are done. */
export type Way = { fill(tasks: number): Promise<void>; drain(tasks: number): Promise<void> };

const CLAIM = `with due as materialized (
    select id from bench.queue where status = 'ready' order by run_at limit ${BATCH} for update skip locked)
  update bench.queue q set status = 'running', leased_until = now() + interval '30 seconds' from due where q.id = due.id
  returning q.id, q.input::text`;
const COMPLETE = `update bench.queue q set status = 'completed', output = o.output
  from jsonb_to_recordset($1) as o (id uuid, output jsonb) where q.id = o.id`;

/** The least that a queue in PostgreSQL can do: one table, claimed and completed in batches, on plain connections. */
export async function openBare(admin: pg.Client): Promise<Way> {
  await admin.query("create schema bench");
  await admin.query(`create table bench.queue (
    id uuid primary key default kernel.uuid_v7(), type text not null, input jsonb not null, status text not null default 'ready',
    run_at timestamptz not null default now(), leased_until timestamptz, output jsonb)`);
  await admin.query("create index on bench.queue (run_at) where status = 'ready'");
  const pool = new pg.Pool({ ...testServer.admin, max: CALLERS });
  atEnd(() => pool.end());
  return {
    fill: async (tasks) => {
      await admin.query("truncate bench.queue");
      await admin.query(
        "insert into bench.queue (type, input) select 'bench.nothing', jsonb_build_object('n', n) from generate_series(1, $1::integer) n",
        [tasks],
      );
      await admin.query("vacuum analyze bench.queue");
    },
    drain: async () => {
      await Promise.all(Array.from({ length: CALLERS }, () => workOff(pool)));
    },
  };
}

async function workOff(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  for (;;) {
    const [claimed] = await runBatch(client, [{ text: CLAIM, fixed: true }]);
    const rows = claimed?.rows ?? [];
    if (rows.length === 0) break;
    const outcomes = rows.map(([id, input]) => ({
      id,
      output: { done: (JSON.parse(input ?? "{}") as { n: number }).n },
    }));
    await runBatch(client, [{ text: COMPLETE, values: [JSON.stringify(outcomes)], fixed: true }]);
  }
  client.release();
}
