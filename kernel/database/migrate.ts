import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { type FoundationOptions, layFoundation } from "./foundation.ts";
import { roleName, withRoleNames } from "./roles.ts";

/** One file of `migrations/`: `0003_identity.sql` has number 3 and name `0003_identity`. */
export type Migration = { number: number; name: string; sql: string; checksum: string };

export type MigrationStatus = { number: number; name: string; state: "applied" | "pending"; applied_at: Date | null };

const FILE_FORM = /^(\d{4})_[a-z0-9_]+\.sql$/;
const LOCK_TIMEOUT_MS = 5_000;
const LOCK_ATTEMPTS_MAX = 6;
/** Names the advisory lock under which one server migrates while the others wait. */
export const MIGRATION_LOCK = 7_365_726_001;

/** Reads the migrations of a folder, in order. Throws when a file is misnamed or a number is missing or twice there. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
  return Promise.all(
    files.map(async (file, index) => {
      const number = Number(FILE_FORM.exec(file)?.[1]);
      if (number !== index + 1) {
        throw new Error(
          `migrations/${file}: expected a name like ${String(index + 1).padStart(4, "0")}_words.sql here.`,
        );
      }
      const sql = await readFile(join(folder, file), "utf8");
      return { number, name: file.replace(".sql", ""), sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

/**
 * Brings the database up to date: lays the foundation, then applies each missing migration in a transaction of its own,
 * all under an advisory lock. Returns the names of those it applied. `admin` is a superuser's connection.
 * Throws when an applied file has changed, or the database is ahead of the files.
 */
export async function migrate(
  admin: pg.Client,
  migrations: Migration[],
  options: FoundationOptions,
  report: (line: string) => void = () => {},
): Promise<string[]> {
  await admin.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
  try {
    await layFoundation(admin, options);
    const pending = await refuseChanged(admin, migrations);
    for (const migration of pending) {
      report(`Migrating: ${migration.name}`);
      await applyWithRetries(admin, migration, options.prefix);
    }
    return pending.map((migration) => migration.name);
  } finally {
    await admin.query("select pg_advisory_unlock($1)", [MIGRATION_LOCK]);
  }
}

/** What is applied and what is not, without changing anything. */
export async function migrationStatus(admin: pg.Client, migrations: Migration[]): Promise<MigrationStatus[]> {
  const { rows } = await admin.query<{ there: boolean }>(
    "select to_regclass('kernel.migrations') is not null as there",
  );
  const applied = rows[0]?.there ? await readApplied(admin) : [];
  return migrations.map(({ number, name }) => {
    const row = applied.find((candidate) => candidate.number === number);
    return { number, name, state: row ? "applied" : "pending", applied_at: row?.applied_at ?? null };
  });
}

type AppliedMigration = { number: number; name: string; checksum: string; applied_at: Date };

async function readApplied(admin: pg.Client): Promise<AppliedMigration[]> {
  const { rows } = await admin.query<AppliedMigration>(
    "select number, name, checksum, applied_at from kernel.migrations order by number",
  );
  return rows;
}

async function refuseChanged(admin: pg.Client, migrations: Migration[]): Promise<Migration[]> {
  const applied = await readApplied(admin);
  for (const row of applied) {
    const migration = migrations.find((candidate) => candidate.number === row.number);
    if (!migration) {
      throw new Error(
        `The database has migration ${row.name}, which this version of Tenon does not know. Start the newer version that applied it.`,
      );
    }
    if (migration.checksum !== row.checksum) {
      throw new Error(
        `migrations/${migration.name}.sql was changed after it had been applied on ${row.applied_at.toISOString()}. Put the old text back and write a new migration instead.`,
      );
    }
  }
  return migrations.slice(applied.length);
}

async function applyWithRetries(admin: pg.Client, migration: Migration, prefix: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await apply(admin, migration, prefix);
    } catch (error) {
      await admin.query("rollback");
      if (!isLockConflict(error) || attempt === LOCK_ATTEMPTS_MAX) {
        throw new Error(
          `migrations/${migration.name}.sql failed and changed nothing: ${describe(error, migration.sql)}`,
          { cause: error },
        );
      }
    }
  }
}

async function apply(admin: pg.Client, migration: Migration, prefix: string): Promise<void> {
  const started = performance.now();
  await admin.query(
    `begin; set local role ${roleName(prefix, "owner")}; set local search_path = ''; set local lock_timeout = ${LOCK_TIMEOUT_MS}`,
  );
  await admin.query(withRoleNames(migration.sql, prefix));
  await admin.query("insert into kernel.migrations (number, name, checksum, duration_ms) values ($1, $2, $3, $4)", [
    migration.number,
    migration.name,
    migration.checksum,
    Math.round(performance.now() - started),
  ]);
  await admin.query("commit");
}

/** Lock not available, or deadlock: someone else's transaction was in the way, and will be gone. */
function isLockConflict(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === "55P03" || error.code === "40P01");
}

function describe(error: unknown, sql: string): string {
  if (!(error instanceof pg.DatabaseError)) return String(error);
  const line = error.position ? ` (line ${sql.slice(0, Number(error.position)).split("\n").length})` : "";
  return `${error.message}${line}${error.where ? `; ${error.where.split("\n")[0]}` : ""}`;
}
