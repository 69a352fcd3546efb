import { withConnection } from "../kernel/database/connection.ts";
import { migrate, readMigrations } from "../kernel/database/migrate.ts";
import { MIGRATIONS_FOLDER, rolePasswords } from "../kernel/installation.ts";
import { openKeyring } from "../kernel/secrets/keyring.ts";
import { testServer } from "../test/harness.ts";
import type { Finding } from "./bench.ts";

const SECONDS_MAX = 5;
const ROUNDS = 3;

/** All migrations on an empty database: how many times over it could be done in the seconds that it may take. */
export async function bench(): Promise<Finding> {
  const migrations = await readMigrations(MIGRATIONS_FOLDER);
  const keyring = openKeyring({ dataFolder: "", key: testServer.key });
  const server = { ...testServer.admin, database: "postgres" };
  const prefix = testServer.prefix;
  const passwordOf = (role: Parameters<typeof rolePasswords>[2]) => rolePasswords(keyring, prefix, role)[0] ?? "";
  const seconds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const name = `${prefix}_migrate_${round}`;
    await withConnection(server, (client) => client.query(`create database ${name}`));
    await withConnection({ ...server, database: name }, async (admin) => {
      const started = performance.now();
      await migrate(admin, migrations, { prefix, passwordOf, keyId: keyring.keys[0].id });
      seconds.push((performance.now() - started) / 1000);
    });
    await withConnection(server, (client) => client.query(`drop database ${name} with (force)`));
  }
  const best = Math.min(...seconds);
  const table = seconds.map((taken) => ({ migrations: migrations.length, seconds: taken.toFixed(2) }));
  return { table, figure: SECONDS_MAX / best, goal: 1 };
}
