import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { hasState } from "../errors.ts";
import { roleName } from "../roles.ts";
import { readMaterializedViews, readTables, sqlList, sqlName } from "./catalog.ts";
import { checkForeignKeys } from "./foreign-keys.ts";
import { displayName, type Manifest, type Sequence, type Table } from "./format.ts";
import { createProgress } from "./progress.ts";
import { lockUnused } from "./target.ts";
import type { BackupReader } from "./unpack.ts";

export type LoadOptions = { prefix: string; report: (line: string) => void; signal?: AbortSignal | undefined };

/**
 * Fills an unused database that has the backup's migrations with the backup's rows, all in one transaction: it commits whole or
 * changes nothing. Rows that migrations had put there give way to the backup's. Returns how many rows there are.
 */
export async function loadBackup(client: pg.Client, backup: BackupReader, options: LoadOptions): Promise<number> {
  const { manifest } = backup;
  await client.query("begin");
  try {
    await silenceTriggers(client);
    await lockUnused(client, options.prefix);
    refuseOtherTables(manifest.tables, await readTables(client, options.prefix));
    await client.query(`truncate ${manifest.tables.map(sqlName).join(", ")}`);
    await makePartitions(client, manifest);
    const loaded = await loadTables(client, backup, options);
    await setSequences(client, manifest.sequences);
    options.report("Checking that every row points to rows that are there");
    await checkForeignKeys(client, roleName(options.prefix, "owner"), options.signal);
    await refreshMaterializedViews(client, options.prefix);
    await rebaseCursors(client);
    options.signal?.throwIfAborted();
    await client.query("commit");
    return loaded;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}

async function silenceTriggers(client: pg.Client): Promise<void> {
  try {
    await client.query("set local session_replication_role = replica");
  } catch (error) {
    if (!hasState(error, "insufficient_privilege")) throw error;
    const advice = `As a superuser: grant set on parameter session_replication_role to "${client.user}"`;
    throw new Error(`This database login may not keep triggers from firing, as a restore must. ${advice}`, {
      cause: error,
    });
  }
}

/** With the same migrations there are the same tables, unless somebody made or dropped some by hand. */
function refuseOtherTables(backup: Table[], database: Table[]): void {
  const [saved, present] = [backup, database].map((tables) => new Set(tables.flatMap(columnsOf)));
  const unknown = backup.flatMap(columnsOf).filter((column) => !present?.has(column));
  const missing = database.flatMap(columnsOf).filter((column) => !saved?.has(column));
  if (unknown.length === 0 && missing.length === 0) return;
  const faults = [
    ...unknown.map((column) => `  - ${column} is in the backup only`),
    ...missing.map((column) => `  - ${column} is in the database only`),
  ];
  throw new Error(
    `The backup and the database do not have the same tables, so nothing was restored:\n${faults.join("\n")}`,
  );
}

function columnsOf(table: Table): string[] {
  return [displayName(table), ...table.columns.map((column) => `${displayName(table)}.${column}`)];
}

async function makePartitions(client: pg.Client, { tables }: Manifest): Promise<void> {
  for (const table of tables) {
    for (const month of table.months ?? []) {
      await client.query("select kernel.make_partition($1::text::regclass, to_date($2, 'YYYY_MM'))", [
        sqlName(table),
        month,
      ]);
    }
  }
}

async function loadTables(client: pg.Client, backup: BackupReader, options: LoadOptions): Promise<number> {
  const { tables } = backup.manifest;
  const progress = createProgress(tables, options.report);
  const counts = new Map<string, number>();
  for (const table of tables) {
    const content = progress.watch(table, backup.contentOf(table));
    const rows = await copyIn(client, table, content, options.signal);
    counts.set(displayName(table), rows);
    progress.finish(table, rows);
  }
  const footer = await backup.readFooter();
  for (const [table, rows] of counts) {
    if (footer.rows[table] === rows) continue;
    throw new Error(
      `${rows} rows of ${table} arrived, but the backup has ${footer.rows[table]}. Nothing was restored.`,
    );
  }
  return [...counts.values()].reduce((sum, rows) => sum + rows, 0);
}

async function copyIn(
  client: pg.Client,
  table: Table,
  content: AsyncIterable<Buffer>,
  signal?: AbortSignal,
): Promise<number> {
  // Frozen rows need no second writing by vacuum; nobody sees them before the transaction ends. Partitions cannot have them.
  const freeze = table.months ? "" : " with (freeze)";
  const sink = client.query(copyFrom(`copy ${sqlName(table)} (${sqlList(table.columns)}) from stdin${freeze}`));
  try {
    await pipeline(content, sink, { signal });
    return sink.rowCount;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const place = error.where ? ` (${error.where.split("\n")[0]})` : "";
    throw new Error(
      `The rows of ${displayName(table)} were refused, so nothing was restored: ${error.message}${place}`,
      {
        cause: error,
      },
    );
  }
}

async function setSequences(client: pg.Client, sequences: Sequence[]): Promise<void> {
  for (const sequence of sequences) {
    await client.query("select setval($1::text::regclass, $2, $3)", [
      sqlName(sequence),
      sequence.value,
      sequence.called,
    ]);
  }
}

async function refreshMaterializedViews(client: pg.Client, prefix: string): Promise<void> {
  for (const view of await readMaterializedViews(client, prefix))
    await client.query(`refresh materialized view ${view}`);
}

/**
 * The record's readers begin anew behind the entry they had reached. They do so by themselves in another cluster; in the same one
 * they would take the restored entries, which carry this transaction's number, for new ones.
 */
async function rebaseCursors(client: pg.Client): Promise<void> {
  await client.query("update audit.cursors set system_identifier = 0");
}
