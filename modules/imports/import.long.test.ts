import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createTenant } from "../../test/harness.ts";
import { openImports } from "./imports.fixture.ts";

const ROWS = 1_000_000;
const LINES = 1_000;
const KILLS = 10;

const imports = await openImports();
const { http, admin, start, ended, read, spawnWorker, kill } = imports;

function* file(): Generator<string> {
  yield "Name,E-mail\n";
  for (let from = 0; from < ROWS; from += LINES)
    yield Array.from({ length: LINES }, (_, n) => `Customer ${from + n},customer${from + n}@example.com\n`).join("");
}

test("1,000,000 rows are imported exactly, by worker processes that are killed at random moments", async () => {
  const tenant = await createTenant(http.database);
  const { id } = await start(Readable.from(file(), { objectMode: false }), { tenant, query: { key: "email" } });
  let worker = spawnWorker();
  let kills = 0;
  const over = ended(id, tenant);
  let isOver = false;
  void over.finally(() => {
    isOver = true;
  });
  for (let next = 0; kills < KILLS && !isOver; ) {
    const { progress } = await read(id, tenant);
    if (progress < next) continue;
    // A kill comes somewhere within a piece, not at its end.
    await delay(Math.random() * 300);
    await kill(worker);
    worker = spawnWorker();
    kills += 1;
    next = progress + 100 / (KILLS + 1);
  }
  const done = await over;
  assert.deepEqual([done.state, done.rows.total, done.rows.created, done.rows.wrong], ["completed", ROWS, ROWS, 0]);
  assert.ok(kills > KILLS / 2, `${kills} kills`);
  const { rows } = await admin.query<{ rows: number; names: number; recorded: number }>(
    `select count(*)::int as rows, count(distinct email)::int as names,
       (select sum(coalesce((details ->> 'rows')::int, 1))::int from audit.audit_logs where organization_id = $1 and import_id = $2 and resource_type = 'crm.customers') as recorded
     from crm.customers where organization_id = $1`,
    [tenant.id, id],
  );
  assert.deepEqual(rows, [{ rows: ROWS, names: ROWS, recorded: ROWS }]);
});
