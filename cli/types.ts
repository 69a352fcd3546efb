import { Command } from "commander";
import { readConfig } from "../kernel/config.ts";
import { withConnection } from "../kernel/database/connection.ts";
import { FACTS_FILE, writeFacts } from "../kernel/database/facts.ts";
import { TYPES_FILE, writeTypes } from "../kernel/database/types.ts";
import { openInstallation } from "../kernel/installation.ts";

/** `tenon types`: writes the row types and what nouns know of their tables, after a migration was written. */
export function typesCommand(): Command {
  return new Command("types").description("write the types of tables (for developers)").action(write);
}

async function write(): Promise<void> {
  const installation = await openInstallation(readConfig(), console.log);
  try {
    await withConnection(installation.server.admin, async (client) => {
      await writeTypes(client);
      await writeFacts(client);
    });
    console.log(`Written: ${TYPES_FILE} and ${FACTS_FILE}`);
  } finally {
    await installation.close();
  }
}
