import type pg from "pg";
import type { Login } from "../connection.ts";
import type { FoundationOptions } from "../foundation.ts";
import { MIGRATION_LOCK, type Migration, migrate } from "../migrate.ts";
import { roleName } from "../roles.ts";
import { readTables, sqlName } from "./catalog.ts";
import type { Manifest } from "./format.ts";
import { loadBackup } from "./load.ts";
import { InterruptedError, withSession } from "./session.ts";
import { migrationsOf, prepareTarget, refuseUsed } from "./target.ts";
import { type BackupReader, withBackup } from "./unpack.ts";

export type RestoreOptions = {
  /** The backup's file. */
  path: string;
  /** All migrations of this Tenon, in order. */
  migrations: Migration[];
  foundation: FoundationOptions;
  /** Gets lines for the screen. */
  report?: (line: string) => void;
  /** Ends the restore early; the database is left empty. */
  signal?: AbortSignal | undefined;
};

/** What was restored, and the ids of the keys that the secrets in it are sealed with. */
export type RestoreSummary = { rows: number; tables: number; createdAt: string; keyIds: string[] };

/**
 * Restores a backup into a database that nobody uses yet, and brings it up to date. The whole file is checked first; the rows come in
 * one transaction, so a restore that fails or is killed leaves the database empty. `admin` is a superuser's login. Throws when
 * the file is no whole backup, is newer than this Tenon, or the database is in use.
 */
export async function restoreBackup(admin: Login, options: RestoreOptions): Promise<RestoreSummary> {
  const { path, migrations, foundation, report = () => undefined, signal } = options;
  return withSession(admin, { signal, interrupted: "Interrupted. The database is left empty." }, async (client) => {
    await refuseUsed(client);
    report(`Checking ${path}`);
    const manifest = await checkBackup(path, signal);
    const migrationsThen = migrationsOf(manifest.migrations, migrations);
    // Starting servers wait, so that none migrates in between.
    await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await prepareTarget(client, migrationsThen, foundation, report);
    report(`Restoring what PostgreSQL ${manifest.postgres} held on ${manifest.created_at}`);
    const load = (backup: BackupReader) => loadBackup(client, backup, { prefix: foundation.prefix, report, signal });
    const rows = await withBackup(path, signal, load);
    await bringUpToDate(client, options, report);
    return { rows, tables: manifest.tables.length, createdAt: manifest.created_at, keyIds: await readKeyIds(client) };
  });
}

async function checkBackup(path: string, signal?: AbortSignal): Promise<Manifest> {
  return withBackup(path, signal, async (backup) => {
    for (const table of backup.manifest.tables) for await (const _ of backup.contentOf(table));
    await backup.readFooter();
    return backup.manifest;
  });
}

/** Applies the migrations that came after the backup, to its rows, and gives the planner its statistics. */
async function bringUpToDate(
  client: pg.Client,
  { migrations, foundation, signal }: RestoreOptions,
  report: (line: string) => void,
): Promise<void> {
  try {
    await migrate(client, migrations, foundation, report);
    report("Gathering the planner's statistics");
    await client.query(`set role ${roleName(foundation.prefix, "owner")}`);
    await client.query(`analyze ${(await readTables(client, foundation.prefix)).map(sqlName).join(", ")}`);
    await client.query("reset role");
  } catch (error) {
    const what = signal?.aborted ? "was interrupted" : "failed";
    const message = `All rows of the backup are restored, but bringing them up to date ${what}. The next start goes on with it.`;
    throw signal?.aborted ? new InterruptedError(message) : new Error(message, { cause: error });
  }
}

async function readKeyIds(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>("select id from kernel.keys order by id");
  return rows.map((row) => row.id);
}
