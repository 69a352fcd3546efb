import type { Readable } from "node:stream";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import type { Login } from "../connection.ts";
import { MIGRATION_LOCK } from "../migrate.ts";
import { readApplied, readSequences, readTables, sqlList, sqlName } from "./catalog.ts";
import { FORMAT, FORMAT_VERSION, type Manifest, type Table } from "./format.ts";
import { refuseExisting, writeNewFile } from "./new-file.ts";
import { packBackup } from "./pack.ts";
import { createProgress } from "./progress.ts";
import { actAsOwner, withSession } from "./session.ts";

export type BackupOptions = {
  /** The file to write. */
  path: string;
  /** Whether a file of that name may be replaced. */
  overwrite: boolean;
  /** First part of the database roles' names. */
  prefix: string;
  /** Gets lines for the screen. */
  report?: (line: string) => void;
  /** Ends the backup early; nothing is left of it. */
  signal?: AbortSignal | undefined;
};

/** What was written: rows and tables, and the file's size. */
export type BackupSummary = { rows: number; tables: number; bytes: number };

/**
 * Writes all of Tenon's rows, as they were at one moment, into one file, while others go on reading and writing. `admin` is a
 * superuser's login. Throws, and leaves no file, when the file is there already or cannot be written, or the database is no Tenon's.
 */
export async function writeBackup(admin: Login, options: BackupOptions): Promise<BackupSummary> {
  const { path, overwrite, prefix, report = () => undefined, signal } = options;
  await refuseExisting(path, { overwrite });
  return withSession(admin, { signal, interrupted: "Interrupted. No backup was written." }, async (client) => {
    const manifest = await beginSnapshot(client, prefix);
    const progress = createProgress(manifest.tables, report);
    let rows = 0;
    const content = packBackup(
      manifest,
      (table) => progress.watch(table, copyOut(client, table)),
      (table, count) => {
        rows += count;
        progress.finish(table, count);
      },
    );
    const bytes = await writeNewFile(path, content, { overwrite, signal });
    return { rows, tables: manifest.tables.length, bytes };
  });
}

/**
 * Begins a transaction that sees the database as it is now, and keeps every table from being dropped or rewritten. No migration
 * runs in the moment between the two, or the tables would be others than the manifest says.
 */
async function beginSnapshot(client: pg.Client, prefix: string): Promise<Manifest> {
  await client.query("select pg_advisory_lock_shared($1)", [MIGRATION_LOCK]);
  await client.query("begin isolation level repeatable read, read only");
  await actAsOwner(client, prefix);
  const manifest = await readManifest(client, prefix);
  await client.query(`lock table ${manifest.tables.map(sqlName).join(", ")} in access share mode`);
  await client.query("select pg_advisory_unlock_shared($1)", [MIGRATION_LOCK]);
  return manifest;
}

async function readManifest(client: pg.Client, prefix: string): Promise<Manifest> {
  const { rows } = await client.query<{ version: string }>("select current_setting('server_version') as version");
  const migrations = await readApplied(client);
  if (migrations.length === 0) throw new Error("There is no Tenon in this database, so there is nothing to back up.");
  return {
    format: FORMAT,
    version: FORMAT_VERSION,
    created_at: new Date().toISOString(),
    postgres: rows[0]?.version ?? "",
    migrations,
    tables: await readTables(client, prefix),
    sequences: await readSequences(client, prefix),
  };
}

function copyOut(client: pg.Client, table: Table): Readable {
  const rows = client.query(copyTo(`copy (select ${sqlList(table.columns)} from ${sqlName(table)}) to stdout`));
  // When the reader has left, nobody listens any more, and a broken connection would end the process.
  rows.on("error", () => undefined);
  return rows;
}
