import { Command } from "commander";
import { type Config, readConfig } from "../kernel/config.ts";
import { writeBackup } from "../kernel/database/backup/backup.ts";
import { formatCount, formatSize } from "../kernel/database/backup/progress.ts";
import { rolePrefix } from "../kernel/database/roles.ts";
import { openServer } from "../kernel/database/server.ts";
import { keyFilePath } from "../kernel/secrets/keyring.ts";
import { interruptible } from "./interrupt.ts";

/** `tenon backup FILE`: writes the whole database into one file, while servers and workers go on. */
export function backupCommand(): Command {
  return new Command("backup")
    .description("write the whole database into one file")
    .argument("<file>", "the file to write, such as tenon-2026-11-20.tar.gz")
    .option("--force", "overwrite the file if it is there")
    .action((file: string, { force = false }: { force?: boolean }) =>
      interruptible((signal) => backUp(file, force, signal)),
    );
}

async function backUp(path: string, overwrite: boolean, signal: AbortSignal): Promise<void> {
  const config = readConfig();
  const server = await openServer(config, console.log);
  try {
    const prefix = rolePrefix(server.admin.database, config.rolePrefix);
    const { rows, tables, bytes } = await writeBackup(server.admin, {
      path,
      overwrite,
      prefix,
      report: console.log,
      signal,
    });
    console.log(`Wrote ${path}: ${formatCount(rows)} rows of ${tables} tables in ${formatSize(bytes)}.`);
    console.log(
      `The key is not in it: keep ${placeOfKey(config)} apart. Without it, nobody can read the secrets in the backup.`,
    );
  } finally {
    await server.close();
  }
}

function placeOfKey(config: Config): string {
  return config.key === undefined ? keyFilePath(config) : "TENON_KEY";
}
