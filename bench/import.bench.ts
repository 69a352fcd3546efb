import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { from as copyFrom } from "pg-copy-streams";
import { type Imports, openImports } from "../modules/imports/imports.fixture.ts";
import { createTenant } from "../test/harness.ts";
import type { Finding } from "./bench.ts";

const GOAL = 0.35;
const MEMORY_MB_MAX = 250;
const ROWS = 300_000;
const LINES = 1_000;
const COLUMNS = ["name", "first_name", "last_name", "company", "email", "phone"];

/** Customers from a file, against a bare COPY of the same rows into a table like theirs, and the memory of the process that imports. */
export async function bench(): Promise<Finding> {
  const imports = await openImports();
  await imports.admin.query(
    `create table crm.bare_customers (like crm.customers including all);
     alter table crm.bare_customers drop constraint bare_customers_pkey, add primary key (organization_id, id)`,
  );
  const copied = await copyBare(imports);
  const worker = imports.spawnWorker();
  const taken = {
    "import, wrong rows left out": await importAll(imports, "skip"),
    "import, all or nothing": await importAll(imports, "stop"),
  };
  const memory = peakOf(await readFile(`/proc/${worker.pid}/status`, "utf8"));
  const row = (way: string, seconds: number) => ({
    way,
    "rows per second": Math.round(ROWS / seconds),
    ratio: (copied / seconds).toFixed(2),
  });
  return {
    table: [row("COPY", copied), ...Object.entries(taken).map(([way, seconds]) => row(way, seconds))],
    figure: copied / taken["import, wrong rows left out"],
    goal: GOAL,
    more: [{ name: `${MEMORY_MB_MAX} MB to the ${memory} MB that it took`, figure: MEMORY_MB_MAX / memory, goal: 1 }],
  };
}

function peakOf(status: string): number {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

function* linesOf(separator: string, prefix = ""): Generator<string> {
  for (let from = 0; from < ROWS; from += LINES) {
    const rows = Array.from({ length: LINES }, (_, index) => prefix + valuesOf(from + index).join(separator));
    yield `${rows.join("\n")}\n`;
  }
}

function valuesOf(n: number): string[] {
  return [
    `Customer ${n}`,
    `Given ${n % 1_000}`,
    `Family ${n % 5_000}`,
    `Company ${n % 20_000}`,
    `customer${n}@example.com`,
    `+49 30 ${n}`,
  ];
}

async function copyBare({ admin, tenant }: Imports): Promise<number> {
  const started = performance.now();
  const text = `copy crm.bare_customers (organization_id, ${COLUMNS.join(", ")}) from stdin`;
  await pipeline(Readable.from(linesOf("\t", `${tenant.id}\t`)), admin.query(copyFrom(text)));
  return (performance.now() - started) / 1_000;
}

/** Seconds from the moment when the worker begins until the last row is in. */
async function importAll({ http, admin, start, ended }: Imports, on_error: string): Promise<number> {
  const tenant = await createTenant(http.database);
  const file = function* () {
    yield `${COLUMNS.join()}\n`;
    yield* linesOf(",");
  };
  const { id } = await start(Readable.from(file(), { objectMode: false }), { tenant, query: { on_error } });
  const { state, reason } = await ended(id, tenant);
  if (state !== "completed") throw new Error(`The import is ${state}: ${reason}`);
  const { rows } = await admin.query<{ seconds: number }>(
    `select extract(epoch from i.ended_at - min(a.created_at))::float8 as seconds from imports.imports i
     join audit.audit_logs a on a.organization_id = i.organization_id and a.resource_id = i.id::text and a.new_values ->> 'state' in ('checking', 'loading')
     where i.id = $1 group by i.ended_at`,
    [id],
  );
  return rows[0]?.seconds ?? Number.NaN;
}
