import { join } from "node:path";
import type { Config } from "./config.ts";
import { withConnection } from "./database/connection.ts";
import { migrate, readMigrations } from "./database/migrate.ts";
import { type Database, openDatabase, type ProcessUse } from "./database/pool.ts";
import { assertRuntimeRoles } from "./database/role-check.ts";
import { type RuntimeRole, roleName, rolePrefix } from "./database/roles.ts";
import { type DatabaseServer, openServer } from "./database/server.ts";
import { derivePassword } from "./secrets/derivation.ts";
import { type Keyring, openKeyring } from "./secrets/keyring.ts";
import { registerKey } from "./secrets/registry.ts";

export const MIGRATIONS_FOLDER = join(import.meta.dirname, "..", "migrations");

/** A Tenon that stands: its database server, migrated; its key; its pools. */
export type Installation = {
  server: DatabaseServer;
  keyring: Keyring;
  database: Database;
  close(): Promise<void>;
};

/**
 * Opens everything a server, a worker or a command needs, and brings the database up to date. `report` gets lines for the screen;
 * `use` says which roles get the most connections.
 */
export async function openInstallation(
  config: Config,
  report: (line: string) => void,
  use: ProcessUse = "server",
): Promise<Installation> {
  const server = await openServer(config, report);
  try {
    const keyring = openKeyring(config, report);
    const prefix = rolePrefix(server.admin.database, config.rolePrefix);
    await prepareDatabase(server, keyring, prefix, report);
    const database = openDatabase({
      server: {
        host: server.admin.host,
        port: server.admin.port,
        database: server.admin.database,
        ssl: server.admin.ssl,
      },
      prefix,
      passwordsOf: (role) => rolePasswords(keyring, prefix, role),
      connections: config.connections,
      use,
    });
    const close = async () => {
      await database.close();
      await server.close();
    };
    return { server, keyring, database, close };
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function prepareDatabase(
  server: DatabaseServer,
  keyring: Keyring,
  prefix: string,
  report: (line: string) => void,
): Promise<void> {
  const migrations = await readMigrations(MIGRATIONS_FOLDER);
  await withConnection(server.admin, async (admin) => {
    const passwordOf = (role: RuntimeRole) => rolePasswords(keyring, prefix, role)[0] ?? "";
    await migrate(admin, migrations, { prefix, passwordOf, keyId: keyring.keys[0].id }, report);
    await registerKey(admin, keyring);
    await assertRuntimeRoles(admin, prefix);
  });
}

/** A role's password under each key, the current one's first. */
export function rolePasswords(keyring: Keyring, prefix: string, role: RuntimeRole): string[] {
  return keyring.keys.map((key) => derivePassword(key, `role ${roleName(prefix, role)}`));
}
