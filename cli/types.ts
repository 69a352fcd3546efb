import { Command } from "commander";
import { readConfig } from "../kernel/config.ts";
import { withConnection } from "../kernel/database/connection.ts";
import { TYPES_FILE, writeTypes } from "../kernel/database/types.ts";
import { openInstallation } from "../kernel/installation.ts";

/** `tenon types`: writes the row types, after a migration was written. */
export function typesCommand(): Command {
  return new Command("types").description("write the row types (for developers)").action(write);
}

async function write(): Promise<void> {
  const installation = await openInstallation(readConfig(), console.log);
  try {
    await withConnection(installation.server.admin, writeTypes);
    console.log(`Written: ${TYPES_FILE}`);
  } finally {
    await installation.close();
  }
}
