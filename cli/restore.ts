import { Command } from "commander";
import { type Config, readConfig } from "../kernel/config.ts";
import { formatCount } from "../kernel/database/backup/progress.ts";
import { restoreBackup } from "../kernel/database/backup/restore.ts";
import { readMigrations } from "../kernel/database/migrate.ts";
import { type RuntimeRole, rolePrefix } from "../kernel/database/roles.ts";
import { openServer } from "../kernel/database/server.ts";
import { MIGRATIONS_FOLDER, rolePasswords } from "../kernel/installation.ts";
import { type Keyring, keyFilePath, openKeyring } from "../kernel/secrets/keyring.ts";
import { interruptible } from "./interrupt.ts";

/** `tenon restore FILE`: fills a database that nobody uses yet from a backup. */
export function restoreCommand(): Command {
  return new Command("restore")
    .description("fill a new, empty database from a backup")
    .argument("<file>", "a file that tenon backup wrote")
    .action((file: string) => interruptible((signal) => restore(file, signal)));
}

async function restore(path: string, signal: AbortSignal): Promise<void> {
  const config = readConfig();
  const migrations = await readMigrations(MIGRATIONS_FOLDER);
  const server = await openServer(config, console.log);
  try {
    const keyring = openKeyring(config, console.log);
    const prefix = rolePrefix(server.admin.database, config.rolePrefix);
    const passwordOf = (role: RuntimeRole) => rolePasswords(keyring, prefix, role)[0] ?? "";
    const foundation = { prefix, passwordOf, keyId: keyring.keys[0].id };
    const summary = await restoreBackup(server.admin, { path, migrations, foundation, report: console.log, signal });
    console.log(
      `Restored ${formatCount(summary.rows)} rows of ${summary.tables} tables, as they were on ${summary.createdAt}.`,
    );
    tellMissingKeys(summary.keyIds, keyring, config);
  } finally {
    await server.close();
  }
}

function tellMissingKeys(keyIds: string[], keyring: Keyring, config: Config): void {
  const missing = keyIds.filter((id) => !keyring.keys.some((key) => key.id === id));
  if (missing.length === 0) return;
  const place = config.key === undefined ? `the file ${keyFilePath(config)}` : "TENON_KEY";
  console.log(
    `The secrets in this backup are sealed with key ${missing.join(", ")}, but at hand is only ${keyring.keys.map((key) => key.id).join(", ")}. ` +
      `Put the key that was kept apart into ${place} before you start Tenon.`,
  );
}
