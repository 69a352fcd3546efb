import pg from "pg";
import type { FoundationOptions } from "../foundation.ts";
import { type Migration, migrate } from "../migrate.ts";
import { readApplied, readSchemas, readTables, sqlList, sqlName } from "./catalog.ts";
import type { AppliedMigration } from "./format.ts";
import { actAsOwner } from "./session.ts";

const LOCK_TIMEOUT_MS = 3_000;
const LOCK_NOT_AVAILABLE = "55P03";

/** Tables that are empty until somebody uses the installation. The others may hold what migrations put there. */
const SIGNS_OF_USE = [
  { table: "organizations.organizations", meaning: "organizations" },
  { table: "identity.users", meaning: "users" },
  { table: "audit.audit_logs", meaning: "a record" },
];

/**
 * The migrations of this Tenon up to the last that the backup's database had. Throws when it had others, which only another
 * version of Tenon knows.
 */
export function migrationsOf(backup: AppliedMigration[], migrations: Migration[]): Migration[] {
  for (const [index, applied] of backup.entries()) {
    const migration = migrations[index];
    if (!migration) {
      throw new Error(
        `The backup was made by a newer Tenon: this one lacks its migration ${applied.name}. Restore it with that version or a later one.`,
      );
    }
    if (migration.name !== applied.name || migration.checksum !== applied.checksum) {
      throw new Error(
        `The backup was made with another text of migrations/${applied.name}.sql than this Tenon has. Restore it with the Tenon that made it.`,
      );
    }
  }
  return migrations.slice(0, backup.length);
}

/** Gives the unused database exactly these migrations, be it new, or have it fewer or more of them; one with more is built anew. */
export async function prepareTarget(
  client: pg.Client,
  migrations: Migration[],
  foundation: FoundationOptions,
  report: (line: string) => void,
): Promise<void> {
  const applied = await readApplied(client);
  if (applied.length > migrations.length) {
    report(`Taking the empty database back to ${migrations.at(-1)?.name}, which the backup was made with`);
    await dropSchemas(client, foundation.prefix);
  }
  await migrate(client, migrations, foundation, report);
}

async function dropSchemas(client: pg.Client, prefix: string): Promise<void> {
  await client.query("begin");
  await lockUnused(client, prefix);
  await client.query(`drop schema ${sqlList(await readSchemas(client, prefix))} cascade`);
  await client.query("commit");
}

/** Keeps everybody else out of all tables until the transaction ends, as their owner. Throws unless they are unused. */
export async function lockUnused(client: pg.Client, prefix: string): Promise<void> {
  await actAsOwner(client, prefix);
  const tables = await readTables(client, prefix);
  try {
    await client.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await client.query(`lock table ${tables.map(sqlName).join(", ")} in access exclusive mode`);
    await client.query("set local lock_timeout = 0");
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && error.code === LOCK_NOT_AVAILABLE)) throw error;
    throw new Error("Others are using this database. Stop the servers and workers, and try again.", { cause: error });
  }
  await refuseUsed(client);
}

/** Throws when somebody has used this installation; what migrations put into it does not count. */
export async function refuseUsed(client: pg.Client): Promise<void> {
  const found: string[] = [];
  for (const { table, meaning } of SIGNS_OF_USE) if (await hasRows(client, table)) found.push(meaning);
  if (found.length === 0) return;
  throw new Error(
    `The database holds ${found.join(" and ")} already, and a restore adds to nothing. Nothing was changed. ` +
      "Restore into a new database (DATABASE_URL) or, for the built-in one, into a new data folder (TENON_DATA).",
  );
}

async function hasRows(client: pg.Client, table: string): Promise<boolean> {
  const { rows: exists } = await client.query("select where to_regclass($1) is not null", [table]);
  if (exists.length === 0) return false;
  const { rows } = await client.query(`select from ${table} limit 1`);
  return rows.length > 0;
}
