import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { type Login, withConnection } from "../kernel/database/connection.ts";
import { openEmbedded } from "../kernel/database/embedded/embedded.ts";
import { migrate, readMigrations } from "../kernel/database/migrate.ts";
import { ROLE_NAMES, roleName } from "../kernel/database/roles.ts";
import { parseDatabaseUrl } from "../kernel/database/server.ts";
import { MIGRATIONS_FOLDER, rolePasswords } from "../kernel/installation.ts";
import { openKeyring } from "../kernel/secrets/keyring.ts";
import { registerKey } from "../kernel/secrets/registry.ts";

/** What a test file is told about the database, as JSON in TENON_TEST_DATABASE. */
export type TestServer = {
  /** A superuser in the database that all test files share, each in organizations of its own. */
  admin: Login;
  /** A migrated database without rows or connections, to copy for tests that break things. */
  template: string;
  prefix: string;
  key: string;
};

/** A test's data need not outlive a power cut. */
const CARELESS = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };

/**
 * Makes the database that the tests share: on the server of `DATABASE_URL`, else on an embedded one in a temporary folder
 * that does not wait for the disk. `stop` leaves nothing of it behind.
 */
export async function startTestServer(
  settings: Record<string, string> = CARELESS,
): Promise<{ environment: Record<string, string>; stop(): Promise<void> }> {
  const server = process.env.DATABASE_URL ? externalServer(process.env.DATABASE_URL) : await temporaryServer(settings);
  const prefix = `tenon_test_${process.pid}`;
  const test: TestServer = {
    admin: { ...server.admin, database: prefix },
    template: `${prefix}_template`,
    prefix,
    key: randomBytes(32).toString("hex"),
  };
  const stop = async () => {
    try {
      await withConnection(server.admin, (client) => dropEverything(client, test.prefix));
    } finally {
      await server.close();
    }
  };
  try {
    await createDatabases(server.admin, test);
  } catch (error) {
    await stop();
    throw error;
  }
  return { environment: { TENON_TEST_DATABASE: JSON.stringify(test) }, stop };
}

type Server = { admin: Login; close(): Promise<void> };

function externalServer(url: string): Server {
  return { admin: parseDatabaseUrl(url), close: async () => undefined };
}

async function temporaryServer(settings: Record<string, string>): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), "tenon-test-"));
  // As root, PostgreSQL runs under another user, who must be able to reach it.
  await chmod(folder, 0o755);
  const embedded = await openEmbedded(folder, { settings });
  return {
    admin: embedded.admin,
    close: async () => {
      await embedded.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Makes on a server the roles, the template, and the database that tests share. */
export async function createDatabases(server: Login, test: TestServer): Promise<void> {
  await withConnection(server, (client) => client.query(`create database ${test.template}`));
  await withConnection({ ...server, database: test.template }, async (admin) => {
    const keyring = openKeyring({ dataFolder: "", key: test.key });
    const passwordOf = (role: Parameters<typeof rolePasswords>[2]) =>
      rolePasswords(keyring, test.prefix, role)[0] ?? "";
    await migrate(admin, await readMigrations(MIGRATIONS_FOLDER), {
      prefix: test.prefix,
      passwordOf,
      keyId: keyring.keys[0].id,
    });
    await registerKey(admin, keyring);
  });
  await withConnection(server, (client) => copyDatabase(client, test, test.admin.database));
}

type Queries = { query(text: string): Promise<unknown> };

/**
 * Copies the template, file by file: to copy its pages through the write-ahead log takes half as much again.
 * What PUBLIC lost on the database itself is not copied, so it is taken again.
 */
export async function copyDatabase(client: Queries, test: TestServer, name: string): Promise<void> {
  await client.query(`create database ${name} template ${test.template} strategy file_copy`);
  await client.query(`revoke all on database ${name} from public`);
  const roles = ROLE_NAMES.map((role) => roleName(test.prefix, role)).join(", ");
  await client.query(`grant connect on database ${name} to ${roles}`);
  await client.query(`grant create on database ${name} to ${roleName(test.prefix, "owner")}`);
}

/** Also what a test that was killed could not drop itself. */
async function dropEverything(client: pg.Client, prefix: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "select datname as name from pg_database where starts_with(datname, $1)",
    [prefix],
  );
  for (const { name } of rows) await client.query(`drop database ${name} with (force)`);
  for (const role of ROLE_NAMES) await client.query(`drop role if exists ${roleName(prefix, role)}`);
}
