import type pg from "pg";
import { writeDocument } from "../kernel/data-model/document.ts";
import { createForeignDatabase, manyTables } from "../kernel/data-model/foreign.fixture.ts";
import { readCatalog } from "../kernel/database/catalog/read.ts";
import { readMigrations } from "../kernel/database/migrate.ts";
import { MIGRATIONS_FOLDER } from "../kernel/installation.ts";
import { createScratchDatabase, openAdmin } from "../test/harness.ts";
import type { Finding } from "./bench.ts";

const GOAL = 1;
const TABLES = 1_000;
const OWN_SECONDS_MAX = 2;
const FOREIGN_SECONDS_MAX = 10;
/** PostgreSQL holds a lock on each table that is made until the transaction ends, so they are made in portions. */
const SEPARATOR = ";\n";
const PORTION = 100;

/** The document of everything: of Tenon, and of a foreign database of many tables, each to the time it may take. */
export async function bench(): Promise<Finding> {
  const own = await openAdmin(await createScratchDatabase());
  const { client: foreign } = await createForeignDatabase("");
  const statements = manyTables(TABLES).split(SEPARATOR);
  while (statements.length > 0) await foreign.query(statements.splice(0, PORTION).join(SEPARATOR));
  const seconds = { own: await measure(own), foreign: await measure(foreign) };
  return {
    table: [
      { what: "all of Tenon", seconds: seconds.own.toFixed(2), most: OWN_SECONDS_MAX },
      { what: `${TABLES} tables`, seconds: seconds.foreign.toFixed(2), most: FOREIGN_SECONDS_MAX },
    ],
    figure: Math.min(OWN_SECONDS_MAX / seconds.own, FOREIGN_SECONDS_MAX / seconds.foreign),
    goal: GOAL,
  };
}

async function measure(client: pg.Client): Promise<number> {
  const started = performance.now();
  const catalog = await readCatalog(client);
  const migrations = await readMigrations(MIGRATIONS_FOLDER);
  for (const format of ["markdown", "json", "sql"] as const)
    writeDocument(catalog, { words: [], format, migrations, today: "2026-01-02" });
  return (performance.now() - started) / 1000;
}
