import { Command } from "commander";
import { readConfig } from "../kernel/config.ts";
import { withConnection } from "../kernel/database/connection.ts";
import { migrationStatus, readMigrations } from "../kernel/database/migrate.ts";
import { openServer } from "../kernel/database/server.ts";
import { MIGRATIONS_FOLDER, openInstallation } from "../kernel/installation.ts";

/** `tenon migrate`: brings the database up to date; with `--status` it only says what is missing. */
export function migrateCommand(): Command {
  return new Command("migrate")
    .description("bring the database up to date")
    .option("--status", "list the migrations, applied and pending, and change nothing")
    .action(async ({ status = false }: { status?: boolean }) => (status ? printStatus() : migrateNow()));
}

async function migrateNow(): Promise<void> {
  const installation = await openInstallation(readConfig(), console.log);
  await installation.close();
  console.log("The database is up to date.");
}

async function printStatus(): Promise<void> {
  const server = await openServer(readConfig(), console.log);
  try {
    const migrations = await readMigrations(MIGRATIONS_FOLDER);
    const rows = await withConnection(server.admin, (admin) => migrationStatus(admin, migrations));
    for (const { name, state, applied_at } of rows) {
      console.log(`${state.padEnd(8)} ${name}${applied_at ? `  ${applied_at.toISOString()}` : ""}`);
    }
  } finally {
    await server.close();
  }
}
